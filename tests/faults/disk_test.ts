/**
 * A disk that is full, and a limit on the size of files.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { assertLine, assertRecovers, assertRefused, homeOf, run } from "./harm.ts";
import { faultTest, SmallDisk, withoutLimits, withoutMount } from "./machine.ts";

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

faultTest("a limit on the size of files ends the run; the next goes on without it", withoutLimits(), async () => {
  using home = homeOf(400);
  // Without the trap the system would end the process.
  const through = ["bash", "-c", `trap "" XFSZ; ulimit -f 300; exec "$@"`, "limited"];
  const { code, stdout, stderr } = await run(home, ["--batch-size", "20"], { through });
  assertEquals([code, stdout], [1, ""]);
  assertLine(stderr, home.db, "the disk reports an error");
  await assertRecovers(home);
});
