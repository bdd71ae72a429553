/**
 * What the command writes is its owner's alone, whatever the process would otherwise give to new files.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { denoRun, MOD, runCli } from "../child.ts";
import { homeOf, hook } from "../faults/harm.ts";
import { faultTest, withoutLimits } from "../faults/machine.ts";

const noModes = withoutLimits();

/** Gives every file that a process makes to everybody, unless it says otherwise. */
const GENEROUS = ["bash", "-c", `umask 000; exec "$@"`, "generous"];

/** The modes of what is in a folder, by name; tokens are as good as one. */
function modes(folder: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(Deno.readDirSync(folder), ({ name }) => {
      const { mode } = Deno.statSync(join(folder, name));
      return [name.replace(/[0-9a-f-]{36}/, "TOKEN"), ((mode ?? 0) & 0o777).toString(8)];
    }).sort(),
  );
}

faultTest("the database and all that lies beside it while a run lasts is private", noModes, async () => {
  using home = homeOf(3);
  const folder = join(home.top, "data"), db = join(folder, "a.sqlite"), seen = join(home.top, "seen.json");
  const look = `const modes = Array.from(Deno.readDirSync(${JSON.stringify(folder)}), ({ name }) =>
      [name.replace(/[0-9a-f-]{36}/, "TOKEN"), (Deno.statSync(${
    JSON.stringify(folder)
  } + "/" + name).mode & 0o777).toString(8)]);
    Deno.writeTextFileSync(${JSON.stringify(seen)}, JSON.stringify(modes.sort()));`;
  const args = ["--codex-home", home.path, "--db", db, "--quiet", ...hook(home, look)];
  assertEquals((await runCli(args, { through: GENEROUS })).code, 0);
  assertEquals(JSON.parse(Deno.readTextFileSync(seen)), [
    ["a.sqlite", "600"],
    ["a.sqlite-shm", "600"],
    ["a.sqlite-wal", "600"],
    ["a.sqlite.TOKEN.lock", "600"],
  ]);
  assertEquals(modes(folder), { "a.sqlite": "600" });
  assertEquals((Deno.statSync(folder).mode ?? 0) & 0o777, 0o700);
});

faultTest("what a killed run leaves beside the database is private", noModes, async () => {
  using home = homeOf(3);
  const folder = join(home.top, "data"), db = join(folder, "a.sqlite");
  const args = ["--codex-home", home.path, "--db", db, "--quiet", ...hook(home, `Deno.kill(Deno.pid, "SIGKILL");`)];
  const { signal } = await denoRun(MOD, args, { through: GENEROUS }).output();
  assertEquals(signal, "SIGKILL");
  const left = modes(folder);
  assert(Object.keys(left).length > 2, JSON.stringify(left));
  assertEquals(Object.values(left).filter((mode) => mode !== "600"), []);
});
