/**
 * A disk that is full, a limit on the size of files, and a database that is taken away.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { makeState } from "../plugins/store_codex_state/database.ts";
import { assertLine, assertRecovers, assertRefused, homeOf, hook, reported, run } from "./harm.ts";
import { faultTest, SmallDisk, without, withoutMount } from "./machine.ts";

const noMount = withoutMount();

faultTest("a disk that fills up ends the run; the next goes on once there is room", noMount, async () => {
  using home = homeOf(600);
  using disk = new SmallDisk(join(home.top, "disk"), "1m");
  const db = join(disk.path, "a.sqlite");
  const into = (flags: readonly string[] = []) =>
    runCli(["run", "--codex-home", home.path, "--db", db, "--json", "--batch-size", "20", ...flags]);
  assertRefused(await into(), db, "the disk is full", "Free some space and run again");
  // What can be read of it is what was committed before.
  const { code, stdout } = await runCli(["status", "--db", db, "--json"]);
  assertEquals(code, 0);
  const [before] = JSON.parse(stdout).sources;
  assertEquals([before.status, before.holder, before.done % 20], ["running", null, 0]);
  assertMatch(String(before.done), /^[1-9]/);
  disk.resize("64m");
  const { skipped, upserted } = JSON.parse((await into()).stdout);
  assertEquals([skipped, upserted], [before.done, 600 - before.done]);
  await assertRecovers(home, { db });
});

faultTest("a disk without room for a new database is said to have none", noMount, async () => {
  using home = homeOf(3);
  using disk = new SmallDisk(join(home.top, "disk"), "8k");
  const db = join(disk.path, "a.sqlite");
  assertRefused(await runCli(["run", "--codex-home", home.path, "--db", db, "--json"]), db, "room on the disk");
  disk.resize("64m");
  await assertRecovers(home, { db });
});

faultTest("a limit on the size of files ends the run; the next goes on without it", without("prlimit"), async () => {
  using home = homeOf(400);
  // From the beginning it would be the end of Deno, which writes caches of its own.
  const limit = hook(
    home,
    `new Deno.Command("prlimit", { args: ["--fsize=300000", "--pid", String(Deno.pid)] }).outputSync();`,
  );
  const { code, stdout, stderr } = await run(home, ["--batch-size", "20", ...limit]);
  assertEquals([code, stdout], [1, ""]);
  assertLine(stderr, home.db, "the disk reports an error");
  await assertRecovers(home);
});

const holdsFiles = Deno.build.os === "windows" ? "Windows keeps a file that is open where it is" : undefined;

faultTest("a database that is deleted during a run ends it, and the next makes it again", holdsFiles, async () => {
  using home = homeOf(40);
  const db = JSON.stringify(home.db);
  const remove = hook(home, `for (const end of ["", "-wal", "-shm"]) Deno.removeSync(${db} + end);`);
  assertRefused(await run(home, ["--batch-size", "20", ...remove]), home.db, "was deleted or replaced");
  await assertRecovers(home);
});

faultTest("a database that is replaced during a run ends it, and the other stays as it is", holdsFiles, async () => {
  using home = homeOf(3);
  reported(await run(home), 0);
  const other = join(home.top, "other.sqlite");
  Deno.copyFileSync(home.db, other);
  const before = Deno.readFileSync(other);
  for (let number = 3; number < 40; number++) home.rollout(number);
  const replace = hook(home, `Deno.renameSync(${JSON.stringify(other)}, ${JSON.stringify(home.db)});`);
  assertRefused(await run(home, replace), home.db, "was deleted or replaced");
  assertEquals(Deno.readFileSync(home.db), before);
  // SQLite would take what it kept beside the first for a part of the other.
  const names = Array.from(Deno.readDirSync(home.top), ({ name }) => name).sort();
  assertEquals(names, ["backfill.sqlite", "home", "hook.ts"]);
  await assertRecovers(home);
});

faultTest("a repair that the disk has no room for says how to go back", noMount, async () => {
  using home = homeOf(1500);
  using disk = new SmallDisk(join(home.top, "disk"), "3m");
  const state = makeState(join(disk.path, "state_5.sqlite"));
  const { code, stdout, stderr } = await runCli(
    ["repair", "--apply", "--batch-size", "50", "--codex-home", home.path, "--state-db", state],
  );
  assertEquals([code, stdout], [1, ""]);
  assertLine(stderr, "the disk is full", "to go back to the database as it was before, close Codex", `copy "${state}.`);
});
