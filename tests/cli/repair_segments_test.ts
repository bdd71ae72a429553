/**
 * `backfill repair` on threads that Codex went back in: it goes on with such a thread in another file, a segment, and what was said
 * so far stays as it is in the file that the thread begins in. The real Codex 0.169.0 showed again what a user had taken back when
 * its row named that file once more.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { readBackfill } from "../codex_state/state_database.ts";
import { rolloutText, threadId } from "../home.ts";

const THREAD = threadId(1);
const FIRST = `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${THREAD}.jsonl`;

/** Ids of segments, as Codex makes them: they begin with the time. */
const SEGMENTS = ["019c0010-0000-7000-8000-000000000000", "019c0020-0000-7000-8000-000000000000"];

/** Where a segment lies, a day after the thread was begun. */
function segmentPath(segment: string | undefined, folder = "sessions/2026/01/28"): string {
  return `${folder}/rollout-2026-01-28T10-00-00-${THREAD}_${segment}.jsonl`;
}

/** A segment as Codex 0.169.0 writes it, with what was said in it. */
function segmentText(...messages: readonly string[]): string {
  const [meta = ""] = rolloutText(THREAD, "").split("\n");
  const { payload } = JSON.parse(meta);
  const timestamp = "2026-01-28T10:00:00.000Z";
  const history_base = { thread_id: THREAD, end_ordinal_exclusive: 16, end_byte_offset: 39816 };
  const lines = [
    { timestamp, ordinal: 16, type: "session_meta", payload: { ...payload, timestamp, history_base } },
    ...messages.map((message) => ({ timestamp, type: "event_msg", payload: { type: "user_message", message } })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A home with a thread that was gone back in, in whose segments something was said, or nothing. */
function homeWith(...said: readonly (readonly string[])[]): CodexHome {
  const home = new CodexHome();
  home.indexed(1);
  for (const [at, messages] of said.entries()) home.write(segmentPath(SEGMENTS[at]), segmentText(...messages));
  return home;
}

async function repaired(home: CodexHome, ...flags: string[]) {
  const { code, stdout } = await runCli(["repair", "--apply", "--json", "--codex-home", home.path, ...flags]);
  const { written } = JSON.parse(stdout);
  const { rollout_path, title, first_user_message, preview, created_at } = home.row(1) ?? {};
  const path = String(rollout_path).slice(home.path.length + 1);
  return { code, written, path, texts: [title, first_user_message, preview], created_at };
}

const BEGUN = { code: 0, texts: Array(3).fill("message 1"), created_at: 1_769_517_296 };

for (const said of [[], ["ok"]]) {
  Deno.test(`repair leaves the row of a thread that was gone back in to its last segment, with ${said.length} messages`, async () => {
    using home = homeWith(said);
    home.change((database) =>
      database.prepare("UPDATE threads SET rollout_path = ?, updated_at = 1999999999, updated_at_ms = 1999999999000")
        .run(join(home.path, segmentPath(SEGMENTS[0])))
    );
    const before = home.row(1);
    assertEquals([await repaired(home), home.row(1)], [
      { ...BEGUN, written: 0, path: segmentPath(SEGMENTS[0]) },
      before,
    ]);
  });
}

Deno.test("repair leaves a row as Codex wrote it that went back in its thread: created when the segment was", async () => {
  using home = homeWith(["ok"]);
  home.change((database) =>
    database.prepare(
      "UPDATE threads SET rollout_path = ?, updated_at_ms = ?, created_at = 1769594400, created_at_ms = ?",
    )
      .run(join(home.path, segmentPath(SEGMENTS[0])), 1_769_594_400_000, 1_769_594_400_000)
  );
  assertEquals(await repaired(home), {
    ...BEGUN,
    written: 0,
    path: segmentPath(SEGMENTS[0]),
    created_at: 1_769_594_400,
  });
});

Deno.test("repair records a backfill as complete that would lead a row back behind a damaged segment, told once, which the row stays with", async () => {
  using home = homeWith([]);
  const path = home.write(segmentPath(SEGMENTS[0]), "torn\n");
  home.change((database) => {
    database.prepare("UPDATE threads SET rollout_path = ?").run(path);
    database.exec("UPDATE backfill_state SET status = 'running', updated_at = 1700000000");
  });
  const { stdout } = await runCli(["verify", "--codex-home", home.path]);
  assertStringIncludes(stdout, `; the row of ${THREAD} stays with it\n`);
  assertEquals([stdout.split(SEGMENTS[0] ?? "").length - 1, stdout.includes("readable, then look again")], [1, false]);
  assertEquals(await repaired(home), { ...BEGUN, written: 0, path: segmentPath(SEGMENTS[0]) });
  assertEquals(readBackfill(home.state)?.status, "complete");
});

Deno.test("repair moves a row on to the last segment, whatever was said in which, and keeps what the thread began with", async () => {
  for (const said of [[["first"], []], [[], ["last"]], [["first"], ["last"]]]) {
    using home = homeWith(...said);
    assertEquals(await repaired(home), {
      ...BEGUN,
      written: 1,
      path: segmentPath(SEGMENTS[1]),
    });
    assertEquals((await repaired(home)).written, 0);
  }
});

Deno.test("repair makes a missing row from every segment: it leads to the last one, and says what the thread began with", async () => {
  for (const said of [[[]], [["ok"]], [["first"], []]]) {
    using home = homeWith(...said);
    home.change((database) => database.exec("DELETE FROM threads"));
    assertEquals(await repaired(home), {
      ...BEGUN,
      written: 1,
      path: segmentPath(SEGMENTS[said.length - 1]),
    });
    assertEquals((await repaired(home)).written, 0);
  }
});

Deno.test("repair makes a missing row from segments in any order of folders, as recent as the last of them", async () => {
  using home = homeWith();
  const archived = segmentPath(SEGMENTS[0], "archived_sessions");
  home.write(archived, segmentText("ok"));
  const modified = 1_900_000_000;
  Deno.utimeSync(join(home.path, archived), modified, modified);
  home.change((database) => database.exec("DELETE FROM threads"));
  assertEquals(await repaired(home), { ...BEGUN, written: 1, path: archived });
  const { recency_at, updated_at } = home.row(1) ?? {};
  assertEquals([recency_at, updated_at], [modified, modified]);
  assertEquals((await repaired(home)).written, 0);
});

Deno.test("repair takes an archived thread's last segment for archived too", async () => {
  using home = homeWith();
  const archived = segmentPath(SEGMENTS[0], "archived_sessions");
  home.write(archived, segmentText());
  Deno.renameSync(join(home.path, FIRST), join(home.path, "archived_sessions", basename(FIRST)));
  const { path } = await repaired(home);
  assertEquals([path, home.row(1)?.archived], [archived, 1]);
});

for (const said of [[], ["said later"]]) {
  Deno.test(`repair gives a row that was made while the beginning was gone what it lacks of the beginning, ${said.length} messages after it`, async () => {
    using home = homeWith(said);
    const first = join(home.path, FIRST), away = join(home.top, "away");
    Deno.renameSync(first, away);
    home.change((database) => database.exec("DELETE FROM threads"));
    assertEquals((await repaired(home)).texts, Array(3).fill(said[0] ?? ""));
    home.change((database) =>
      database.exec(
        "UPDATE threads SET created_at = 0, created_at_ms = 0, tokens_used = 7, name = 'mine', is_pinned = 1",
      )
    );
    const { written } = await repaired(home), texts = Array(3).fill(said[0] ?? "message 1");
    Deno.renameSync(away, first);
    assertEquals([written, await repaired(home)], [0, { ...BEGUN, texts, written: 1, path: segmentPath(SEGMENTS[0]) }]);
    const { tokens_used, name, is_pinned } = home.row(1) ?? {};
    assertEquals([tokens_used, name, is_pinned, (await repaired(home)).written], [7, "mine", 1, 0]);
  });
}

Deno.test("repair makes a missing row of an archived thread archived when its last segment was", async () => {
  using home = homeWith([]);
  Deno.mkdirSync(join(home.path, "archived_sessions"));
  for (const [path, seconds] of [[FIRST, 1_800_000_000], [segmentPath(SEGMENTS[0]), 1_800_000_001]] as const) {
    const archived = join(home.path, "archived_sessions", basename(path));
    Deno.renameSync(join(home.path, path), archived);
    Deno.utimeSync(archived, seconds, seconds);
  }
  home.change((database) => database.exec("DELETE FROM threads"));
  await repaired(home);
  assertEquals(home.row(1)?.archived_at, 1_800_000_001);
});
