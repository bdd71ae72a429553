/**
 * A database, or its folder, that may not be written.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { assertRecovers, assertRefused, homeOf, reported, run } from "./harm.ts";
import { faultTest, withoutModes } from "./machine.ts";

const noModes = withoutModes();

for (
  const [what, file, folder] of [["file", 0o400, 0o700], ["folder", 0o600, 0o500], [
    "file and folder",
    0o400,
    0o500,
  ]] as const
) {
  faultTest(
    `a database whose ${what} may not be written is left as it is, and can still be read`,
    noModes,
    async () => {
      using home = homeOf(3);
      const dir = join(home.top, "db"), db = join(dir, "a.sqlite");
      Deno.mkdirSync(dir);
      const command = ["run", "--codex-home", home.path, "--db", db, "--json"];
      reported(await runCli(command), 0);
      home.rollout(3);
      const before = Deno.readFileSync(db);
      Deno.chmodSync(db, file);
      Deno.chmodSync(dir, folder);
      try {
        assertRefused(await runCli(command, { heedModes: true }), db, "it may not be written", "Check the permissions");
        const status = await runCli(["status", "--db", db, "--json"], { heedModes: true });
        assertEquals([status.code, JSON.parse(status.stdout).sources[0].done], [0, 3]);
        assertEquals(Deno.readFileSync(db), before);
        assertEquals(Array.from(Deno.readDirSync(dir), ({ name }) => name), ["a.sqlite"]);
      } finally {
        Deno.chmodSync(dir, 0o700);
        Deno.chmodSync(db, 0o600);
      }
      await assertRecovers(home, { db });
    },
  );
}

faultTest("a database that may not even be read is said to be that", noModes, async () => {
  using home = homeOf(1);
  reported(await run(home), 0);
  Deno.chmodSync(home.db, 0o000);
  assertRefused(await run(home, [], { heedModes: true }), home.db);
  Deno.chmodSync(home.db, 0o600);
  await assertRecovers(home);
});

faultTest("a folder in which no database can be made is said to be that", noModes, async () => {
  using home = homeOf(1);
  const dir = join(home.top, "db"), db = join(dir, "new", "a.sqlite");
  Deno.mkdirSync(dir, { mode: 0o500 });
  const refused = await runCli(["run", "--codex-home", home.path, "--db", db, "--json"], { heedModes: true });
  assertRefused(refused, db);
  assertStringIncludes(refused.stderr, "permissions");
  assertEquals([...Deno.readDirSync(dir)], []);
  Deno.chmodSync(dir, 0o700);
  await assertRecovers(home, { db });
});
