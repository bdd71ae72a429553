/**
 * One thread in several files: which gives the row, and how the others are told of.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { backfillCodex } from "../../../mod.ts";
import { layHome, readCases } from "../../conformance/case.ts";
import { readTables } from "../../conformance/tables.ts";
import { rolloutText, TemporaryHome, threadId } from "../../home.ts";
import { runCli } from "../../child.ts";
import { ROLLOUT } from "./archives.ts";

const NAME = `rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`;
const THEN = 1_735_787_045.125;

/** A message that was written so many minutes after the first. */
function laterMessage(minutes: number, message: string): string {
  const timestamp = new Date(Date.UTC(2026, 0, 27, 13, minutes)).toISOString();
  return `${JSON.stringify({ timestamp, type: "event_msg", payload: { type: "user_message", message } })}\n`;
}

function row(home: TemporaryHome) {
  const [only, ...more] = readTables(home.db, home.path).threads;
  assert(only && more.length === 0, "there is not one row");
  return { path: String(only.rollout_path).replace("$HOME_DIR/", ""), archived: only.archived, title: only.title };
}

async function run(home: TemporaryHome) {
  return await backfillCodex({ codexHome: home.path, db: home.db });
}

/** Writes the files, in both orders of their becoming known, and answers the row that comes of it. */
async function chosen(files: Readonly<Record<string, string>>) {
  const rows = [];
  const entries = Object.entries(files);
  for (const order of [entries, entries.toReversed()]) {
    using home = new TemporaryHome();
    for (const [path, text] of order) {
      home.write(path, text);
      assertEquals((await run(home)).failed, 0);
    }
    assertEquals((await run(home)).copies, entries.length - 1);
    rows.push(row(home));
  }
  assertEquals(rows[0], rows[1], "the order in which files become known plays no part");
  return rows[0];
}

const text = rolloutText(threadId(1), "hello");

Deno.test("of an archived rollout and a live one the one that goes on longer gives the row, with its folder", async () => {
  const archived = `archived_sessions/${NAME}`, live = `sessions/2026/01/27/${NAME}`;
  assertEquals(await chosen({ [archived]: text, [live]: text + laterMessage(1, "more") }), {
    path: live,
    archived: 0,
    title: "hello",
  });
  assertEquals(await chosen({ [archived]: text + laterMessage(1, "more"), [live]: text }), {
    path: archived,
    archived: 1,
    title: "hello",
  });
  assertEquals((await chosen({ [archived]: text, [live]: text }))?.path, live);
});

Deno.test("a rollout that is damaged hands the row to a copy that can be read, until it can be read again", async () => {
  using home = new TemporaryHome();
  const archived = `archived_sessions/${NAME}`,
    live = `sessions/2026/01/27/${NAME}`,
    more = text + laterMessage(1, "more");
  home.write(archived, text);
  home.write(live, more);
  await run(home);
  for (const [path, now, giver] of [[live, "", archived], [archived, more, archived], [live, more, live]] as const) {
    home.write(path, now);
    const { copies } = await run(home);
    assertEquals([row(home).path, copies], [giver, 1]);
  }
});

Deno.test("of copies in two folders the poorer one gives nothing, wherever it sorts", async () => {
  const [meta = ""] = text.split("\n");
  const poorer = `${meta}\n`;
  for (const [good, poor] of [["2026/01/27", "2026/02/27"], ["2026/02/27", "2026/01/27"]]) {
    assertEquals(await chosen({ [`sessions/${good}/${NAME}`]: text, [`sessions/${poor}/${NAME}`]: poorer }), {
      path: `sessions/${good}/${NAME}`,
      archived: 0,
      title: "hello",
    });
  }
});

Deno.test("of the files that a thread went on in the last one gives the row, once something was said in it", async () => {
  const [meta = ""] = text.split("\n");
  const segment = (hour: number) =>
    `sessions/2026/01/27/rollout-2026-01-27T${hour}-34-56-${threadId(1)}_${threadId(hour)}.jsonl`;
  const first = `sessions/2026/01/27/${NAME}`;
  const second = `${meta}\n${laterMessage(1, "said after going back")}`;
  assertEquals((await chosen({ [first]: text, [segment(13)]: second }))?.path, segment(13));
  const nothingSaid = `${meta}\n${
    JSON.stringify({ timestamp: "2026-01-27T15:00:00Z", type: "world_state", payload: {} })
  }\n`;
  assertEquals(await chosen({ [first]: text, [segment(13)]: second, [segment(14)]: nothingSaid }), {
    path: segment(13),
    archived: 0,
    title: "said after going back",
  });
});

Deno.test("a file that a thread went on in is of the thread that stands first in its name", async () => {
  using home = new TemporaryHome();
  home.write(`sessions/rollout-2026-01-27T12-34-56-${threadId(1)}_${threadId(2)}.jsonl`, laterMessage(0, "no meta"));
  home.write("session_index.jsonl", `${JSON.stringify({ id: threadId(1), thread_name: "named" })}\n`);
  await run(home);
  const [only] = readTables(home.db, home.path).threads;
  assertEquals([only?.id, only?.title, only?.name], [threadId(1), "no meta", "named"]);
});

Deno.test("the report and the status tell of copies", async () => {
  using home = new TemporaryHome();
  for (const folder of ["a", "b", "c"]) home.write(`sessions/${folder}/${NAME}`, text);
  home.rollout(2);
  const first = await runCli(["run", "--codex-home", home.path, "--db", home.db]);
  assertStringIncludes(
    first.stdout,
    "2 rollouts are copies: another file of their thread gives the row; see backfill status",
  );
  const again = await runCli(["run", "--codex-home", home.path, "--db", home.db, "--json"]);
  const { scanned, copies } = JSON.parse(again.stdout);
  assertEquals([scanned, copies], [0, 2]);
  home.remove(`sessions/a/${NAME}`);
  await run(home);

  const json = await runCli(["status", "--db", home.db, "--json"]);
  const given_by = `sessions/c/${NAME}`, given_by_source = home.path, thread = threadId(1);
  const [{ copied, ...counts }] = JSON.parse(json.stdout).sources;
  assertEquals([counts.copies, copied], [1, [
    { watermark: `sessions/a/${NAME}`, thread, given_by, given_by_source, gone: true },
    { watermark: `sessions/b/${NAME}`, thread, given_by, given_by_source, gone: false },
  ]]);
  const { stdout } = await runCli(["status", "--db", home.db]);
  assertStringIncludes(stdout, "1 of these gone, 1 copy: another file of its thread gives the row\n");
  assertEquals(stdout.match(/^ {2}copy .*$/gm), [`  copy            sessions/b/${NAME}, of sessions/c/${NAME}`]);
});

Deno.test("a rollout that was archived is no copy of itself", async () => {
  using home = new TemporaryHome();
  home.write(`sessions/${NAME}`, text);
  await run(home);
  Deno.mkdirSync(`${home.path}/archived_sessions`);
  Deno.renameSync(`${home.path}/sessions/${NAME}`, `${home.path}/archived_sessions/${NAME}`);
  const { stdout } = await runCli(["run", "--codex-home", home.path, "--db", home.db]);
  assertStringIncludes(stdout, "1 rollout no longer there; what is known of it is kept\n");
  assertEquals(stdout.includes("cop"), false, stdout);
});

Deno.test("status lists ten copies, and says how many more there are", async () => {
  using home = new TemporaryHome();
  for (let number = 10; number < 23; number++) home.write(`sessions/\u202e${number}/${NAME}`, text);
  await run(home);
  const { stdout } = await runCli(["status", "--db", home.db]);
  assertEquals(stdout.match(/^ {2}copy {12}sessions\/\\u202e1\d\//gm)?.length, 10);
  assertStringIncludes(stdout, "and 2 more, which --json lists");
});

Deno.test("status says in which home the rollout is of which another is a copy", async () => {
  using home = new TemporaryHome();
  using other = new TemporaryHome();
  for (const one of [home, other]) one.write(`sessions/${NAME}`, text);
  await run(home);
  await backfillCodex({ codexHome: other.path, db: home.db });
  const { stdout } = await runCli(["status", "--db", home.db]);
  const copies = stdout.match(/^ {2}copy .*$/gm) ?? [], [from, to] = [home.path, other.path].sort();
  assertEquals(copies, [`  copy            sessions/${NAME}, of sessions/${NAME} in ${to}`]);
  assertStringIncludes(stdout, "0 of these gone, 1 copy: another file of its thread gives the row");
  const { sources } = JSON.parse((await runCli(["status", "--db", home.db, "--json"])).stdout);
  assertEquals(sources[0].source, from);
  assertEquals(sources[0].copied[0].given_by_source, to);
});

for (const number of ["078", "079", "088"]) {
  Deno.test(`compressed rollouts give the rows that Codex 0.169.0 gives (${number})`, async () => {
    using home = new TemporaryHome();
    const one = readCases().find(({ name }) => name.startsWith(number));
    assert(one);
    layHome(home.path, one);
    const options = { codexHome: home.path, db: home.db, defaultProvider: one.default_provider };
    const { failed, lastWatermark } = await backfillCodex(options);
    const seen = (table: readonly Record<string, unknown>[]) =>
      table.map(({ id, rollout_path, title, cwd, archived, updated_at, model_provider }) => (
        { id, rollout_path, title, cwd, archived, updated_at, model_provider }
      ));
    const expected = one.expected["0.169.0"];
    assertEquals(seen(readTables(home.db, home.path).threads), seen(expected.threads));
    assertEquals(failed, number === "079" ? 3 : 0);
    // An item keeps its watermark when it is compressed.
    assertEquals(lastWatermark, expected.backfill_state?.last_watermark?.replace(/\.zst$/, ""));
  });
}

Deno.test("a copy may be compressed", async () => {
  using home = new TemporaryHome();
  home.write(`sessions/a/${NAME}`, text + laterMessage(1, "more"));
  home.writeBytes(`sessions/b/${NAME}.zst`, ROLLOUT, THEN);
  assertEquals((await run(home)).copies, 1);
  assertEquals(row(home).path, `sessions/a/${NAME}`);
  home.remove(`sessions/a/${NAME}`);
  await run(home);
  assertEquals(row(home).path, `sessions/b/${NAME}.zst`);
});
