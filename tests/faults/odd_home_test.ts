/**
 * Homes in which something may not be read, or leads in a circle, or is no rollout although it is called one.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { zstdCompressSync } from "node:zlib";
import { runCli } from "../child.ts";
import { rolloutText, TemporaryHome, threadId } from "../home.ts";
import { makePipe } from "../pipe.ts";
import { assertLine, assertRecovers, assertRefused, homeOf, reported, run } from "./harm.ts";
import { faultTest, without, withoutModes } from "./machine.ts";

const noModes = withoutModes();
const noLinks = Deno.build.os === "windows" ? "links need a privilege on Windows" : undefined;
const FOLDER = "sessions/2026/01/27";

faultTest("a rollout that may not be read is a failure, tried again by every run until it may", noModes, async () => {
  using home = homeOf(5);
  const path = join(home.path, `${FOLDER}/rollout-2026-01-27T12-34-56-${threadId(2)}.jsonl`);
  Deno.chmodSync(path, 0o000);
  for (let attempt = 1; attempt <= 2; attempt++) {
    const result = await run(home, [], { heedModes: true });
    assertEquals(reported(result, 3).failed, 1);
    assertLine(result.stderr, "failed (unreadable)", path, "ermission denied");
  }
  Deno.chmodSync(path, 0o600);
  await assertRecovers(home);
});

faultTest("a folder that may not be read is reported, and nothing in it is taken for gone", noModes, async () => {
  using home = homeOf(5);
  home.rollout(9, "elsewhere", "archived_sessions");
  reported(await run(home), 0);
  const folder = join(home.path, FOLDER);
  Deno.chmodSync(folder, 0o000);
  const result = await run(home, [], { heedModes: true });
  Deno.chmodSync(folder, 0o700);
  const { problems, gone, listed } = reported(result, 3);
  assertEquals([problems, gone, listed], [1, 0, 1]);
  assertLine(result.stderr, "cannot list", folder, "ermission denied");
  await assertRecovers(home);
});

faultTest("rollouts that may not be looked at are reported, and none of them is taken for gone", noModes, async () => {
  using home = homeOf(2);
  const folder = join(home.path, FOLDER);
  const archive = zstdCompressSync(rolloutText(threadId(3), "compressed"));
  Deno.writeFileSync(join(folder, `rollout-2026-01-27T12-34-56-${threadId(3)}.jsonl.zst`), archive);
  home.rollout(9, "elsewhere", "archived_sessions");
  assertEquals(reported(await run(home), 0).upserted, 4);
  // Their names can be listed, and nothing else.
  Deno.chmodSync(folder, 0o444);
  const result = await run(home, [], { heedModes: true });
  Deno.chmodSync(folder, 0o700);
  const { problems, gone, listed } = reported(result, 3);
  assertEquals([problems, gone, listed], [3, 0, 1]);
  await assertRecovers(home);
});

faultTest("links that lead in a circle are passed over, and every run says so", noLinks, async () => {
  using home = homeOf(3);
  const links = [
    ["sessions/up", ".."],
    ["sessions/here", "."],
    ["sessions/2026/home", home.path],
    ["sessions/itself", "itself"],
    [`${FOLDER}/rollout-itself.jsonl`, "rollout-itself.jsonl"],
    [`${FOLDER}/rollout-nowhere.jsonl`, "nowhere"],
  ] as const;
  for (const [from, to] of links) Deno.symlinkSync(to, join(home.path, from));
  for (const _ of [1, 2]) {
    const result = await run(home);
    const { listed, problems } = reported(result, 0);
    assertEquals([listed, problems], [3, 0]);
    const lines = result.stderr.trimEnd().split("\n");
    assertEquals(lines.pop(), "… and 1 more were passed over");
    const told = links.filter(([from]) =>
      lines.includes(`passed over ${join(home.path, from)}: it is a link, and links are not followed, by Codex neither`)
    );
    assertEquals([told.length, lines.length], [5, 5]);
  }
  await assertRecovers(home);
});

const noPipes = Deno.build.os === "windows" ? "Windows has no named pipes" : without("mkfifo");

faultTest("what is called like a rollout and is no file is passed over, and every run says so", noPipes, async () => {
  using home = homeOf(3);
  const pipe = join(home.path, FOLDER, "rollout-pipe.jsonl");
  for (const path of [pipe, join(home.path, FOLDER, "pipe")]) {
    await makePipe(path);
  }
  const result = await run(home);
  assertEquals(reported(result, 0).listed, 3);
  assertEquals(result.stderr, `passed over ${pipe}: it is no regular file\n`);
  await assertRecovers(home);
});

faultTest("a folder of rollouts that is a link to itself is reported", noLinks, async () => {
  using home = new TemporaryHome();
  Deno.symlinkSync("sessions", join(home.path, "sessions"));
  home.rollout(1, "archived", "archived_sessions");
  const result = await run(home);
  assertEquals([reported(result, 3).listed, reported(result, 3).problems], [1, 1]);
  assertLine(result.stderr, "cannot list", join(home.path, "sessions"));
});

faultTest("a home whose folder of rollouts became a link to itself loses nothing", noLinks, async () => {
  using home = homeOf(3);
  reported(await run(home), 0);
  const sessions = join(home.path, "sessions"), away = join(home.top, "away");
  Deno.renameSync(sessions, away);
  Deno.symlinkSync("sessions", sessions);
  const result = await run(home);
  assertEquals([result.code, result.stdout], [1, ""]);
  Deno.removeSync(sessions);
  Deno.renameSync(away, sessions);
  await assertRecovers(home);
});

for (
  const [of, folder, what] of [
    ["of rollouts", "sessions", "a link that leads nowhere"],
    ["of rollouts", "sessions", "a file"],
    ["below that", join("sessions", "2026"), "a link that leads nowhere"],
  ] as const
) {
  faultTest(
    `a folder ${of} that became ${what} is reported, and nothing in it is taken for gone`,
    noLinks,
    async () => {
      using home = homeOf(3);
      home.rollout(9, "elsewhere", "archived_sessions");
      reported(await run(home), 0);
      const path = join(home.path, folder), away = join(home.top, "away");
      Deno.renameSync(path, away);
      if (what === "a file") Deno.writeTextFileSync(path, "");
      else Deno.symlinkSync("/nowhere/at/all", path);
      const result = await run(home);
      const { problems, gone, listed } = reported(result, 3);
      assertEquals([problems, gone, listed], [1, 0, 1]);
      assertLine(result.stderr, "cannot list", path);
      Deno.removeSync(path);
      Deno.renameSync(away, path);
      await assertRecovers(home);
    },
  );
}

const noOddNames = Deno.build.os === "linux" ? without("bash") : "only Linux takes any bytes for a name";

faultTest("what has a name that is not UTF-8 is reported by every run, and all else is read", noOddNames, async () => {
  using home = homeOf(2);
  const script =
    `cd "$1/sessions" && mkdir $'old\\xff' && touch $'old\\xff/rollout-in.jsonl' $'rollout-\\xfe\\e[31m.jsonl'`;
  assertEquals((await new Deno.Command("bash", { args: ["-c", script, "make", home.path] }).output()).code, 0);
  for (const upserted of [2, 0]) {
    const result = await run(home);
    const is = reported(result, 3);
    assertEquals([is.upserted, is.listed, is.problems, is.gone], [upserted, 2, 2, 0]);
    const lines = result.stderr.trimEnd().split("\n").sort();
    assertEquals(lines, [
      `cannot list ${home.path}/sessions/old\ufffd: its name is not valid UTF-8, so it cannot be opened: rename it`,
      `cannot list ${home.path}/sessions/rollout-\ufffd\\u001b[31m.jsonl: its name is not valid UTF-8, so it cannot be opened: ` +
      "rename it",
    ]);
  }
});

faultTest("what is called a rollout and is a pipe or a folder is not opened", noLinks, async () => {
  using home = homeOf(3);
  // Opening a pipe that nobody writes to would wait for ever.
  const pipe = join(home.path, FOLDER, "rollout-pipe.jsonl");
  await makePipe(pipe);
  Deno.mkdirSync(join(home.path, FOLDER, "rollout-folder.jsonl"));
  assertEquals(reported(await run(home), 0).listed, 3);
});

Deno.test("a home of nothing where there were 10,000 rollouts is refused, and nothing is taken for gone", async () => {
  using home = new TemporaryHome();
  for (let number = 0; number < 10_000; number++) {
    if (number < 100) Deno.mkdirSync(join(home.path, "sessions", String(number)), { recursive: true });
    const id = threadId(number);
    const path = join(home.path, "sessions", String(number % 100), `rollout-2026-01-27T12-34-56-${id}.jsonl`);
    Deno.writeTextFileSync(path, rolloutText(id, "hello"));
  }
  assertEquals(reported(await run(home), 0).upserted, 10_000);
  const before = await runCli(["status", "--db", home.db, "--json"]);
  const sessions = join(home.path, "sessions"), away = join(home.top, "away");
  Deno.renameSync(sessions, away);

  for (const empty of [() => {}, () => Deno.mkdirSync(sessions)]) {
    empty();
    const refused = await run(home), stderr = refused.stderr.replace(/^passed over .* there is neither .*\n/, "");
    assertRefused({ ...refused, stderr }, home.path, "10000 items", "nothing was changed", "--allow-empty");
    assertEquals((await runCli(["status", "--db", home.db, "--json"])).stdout, before.stdout);
  }

  const allowed = reported(await run(home, ["--allow-empty"]), 0);
  assertEquals([allowed.listed, allowed.gone], [0, 10_000]);
  Deno.removeSync(sessions);
  Deno.renameSync(away, sessions);
  const back = reported(await run(home), 0);
  assertEquals([back.scanned, back.refreshed], [0, 10_000]);
  await assertRecovers(home);
});
