/**
 * A home is only ever read: nothing in it is changed, and the system is never asked to.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { faultTest, withoutTrace } from "../faults/machine.ts";
import { TemporaryHome } from "../home.ts";

/** More than are read on one thread. */
const ROLLOUTS = 600;

/** A home with all sorts of things in it, also what is no rollout. */
function fullHome(): TemporaryHome {
  const home = new TemporaryHome();
  for (let number = 0; number < ROLLOUTS; number++) home.rollout(number);
  home.rollout(ROLLOUTS, "archived", "archived_sessions");
  home.write("sessions/rollout-empty.jsonl", "");
  home.write("sessions/2026/rollout-garbage.jsonl", "garbage");
  home.write("config.toml", "model = 'x'\n");
  home.write("auth.json", "{}");
  home.write("session_index.jsonl", "{}\n");
  home.write("state_5.sqlite", "not ours");
  return home;
}

/** Everything about everything below a folder that a writer would change. */
function inventory(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name, isDirectory }): string[] => {
    const path = join(folder, name), { size, mtime, mode, ctime, nlink } = Deno.lstatSync(path);
    const bytes = isDirectory ? "" : Deno.readFileSync(path).toHex();
    const line = [path, size, mtime?.getTime(), ctime?.getTime(), mode, nlink, bytes].join(" ");
    return isDirectory ? [line, ...inventory(path)] : [line];
  }).flat().sort();
}

Deno.test("a run changes nothing in a home: no byte, no time, no mode, no file more or less", async () => {
  using home = fullHome();
  const before = inventory(home.path);
  for (const flags of [[], ["--retry-failed"], ["--compat", "0.99.0"], ["--allow-empty", "--workers", "1"]]) {
    assertEquals((await runCli(["--codex-home", home.path, "--db", home.db, "--quiet", ...flags])).code, 3);
  }
  assertEquals(inventory(home.path), before);
});

faultTest(
  "a run never asks the system to change anything in a home, nor to connect to anything",
  withoutTrace(),
  async () => {
    using home = fullHome();
    const log = join(home.top, "trace.txt");
    const through = [
      "strace",
      "-f",
      "-qq",
      "-s",
      "4096",
      "-e",
      "trace=%file,%network,ftruncate,fchmod,fchown",
      "-o",
      log,
    ];
    // Those that README.md gives. With all of them @db/sqlite would be looked for.
    const permissions = ["--allow-read", "--allow-write", "--allow-env"];
    const result = await runCli(["--codex-home", home.path, "--db", home.db, "--quiet"], {
      through,
      permissions,
      // Deno itself asks once a day whether there is a newer Deno.
      env: { DENO_NO_UPDATE_CHECK: "1" },
    });
    assertEquals(result.code, 3, result.stderr);
    const calls = Deno.readTextFileSync(log).split("\n");
    const ofHome = calls.filter((call) => call.includes(home.path));
    const opened = ofHome.filter((call) => call.includes("rollout-2026-01-27T12-34-56"));
    assert(opened.length > ROLLOUTS, `${opened.length} calls about rollouts`);
    const changing = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/;
    const harmless =
      /^\d+ +(openat|open|stat|lstat|statx|newfstatat|readlink|readlinkat|access|faccessat2?|getcwd|execve)\(/;
    assertEquals(ofHome.filter((call) => changing.test(call)), []);
    assertEquals(ofHome.filter((call) => !harmless.test(call) && !call.includes("<...")), []);
    const connected = calls.filter((call) => /^\d+ +(connect|bind|listen|sendto)\(/.test(call));
    assertEquals(connected, []);
    // What was opened for writing at all: the database, what lies beside it, and devices.
    const written = calls.filter((call) =>
      /^\d+ +(openat|open|creat)\(/.test(call) && changing.test(call) && !/ = -1 /.test(call)
    )
      .flatMap((call) => /"([^"]*)"/.exec(call)?.[1] ?? []);
    const foreign = written.filter((path) => !path.startsWith(home.db) && !path.startsWith("/dev/"));
    assertEquals(foreign.filter((path) => !isCache(path)), []);
    assert(written.some((path) => path.startsWith(home.db)), "the database was not written");
  },
);

/** Whether a path belongs to Deno's own cache, in which it keeps what it compiled. */
function isCache(path: string): boolean {
  return [Deno.env.get("DENO_DIR"), `${Deno.env.get("HOME")}/.cache/deno`].some((folder) =>
    folder !== undefined && path.startsWith(folder)
  );
}
