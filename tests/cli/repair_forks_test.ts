/**
 * `backfill repair` on forks whose parent's history stays in the parent's file, as Codex 0.169.0 makes them. It was seen to give
 * the row of such a fork the preview of its parent, whatever is said in the fork, and to hide one whose row has none.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { rolloutText, threadId } from "../home.ts";

/** Writes a fork in which something was said, or nothing. */
function fork(home: CodexHome, number: number, from: number, ...messages: readonly string[]): void {
  const id = threadId(number), [meta = ""] = rolloutText(id, "").split("\n"), { payload } = JSON.parse(meta);
  const history_base = { thread_id: threadId(from), end_ordinal_exclusive: 16, end_byte_offset: 39816 };
  const timestamp = "2026-01-28T10:00:00.000Z";
  const forked = { ...payload, history_mode: "paginated", forked_from_id: threadId(from), history_base };
  const lines = [
    { timestamp, ordinal: 16, type: "session_meta", payload: forked },
    ...messages.map((message) => ({ timestamp, type: "event_msg", payload: { type: "user_message", message } })),
  ];
  home.write(
    `sessions/2026/01/28/rollout-2026-01-28T10-00-00-${id}.jsonl`,
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
}

/** The exit code of a repair, how many rows it wrote, and what rows say then: title, first message and preview. */
async function repaired(home: CodexHome, ...numbers: readonly number[]) {
  const { code, stdout } = await runCli(["repair", "--apply", "--json", "--codex-home", home.path]);
  const rows = numbers.map((number) => {
    const { title, first_user_message, preview } = home.row(number) ?? {};
    return [title, first_user_message, preview];
  });
  return [code, JSON.parse(stdout).written, ...rows];
}

Deno.test("repair makes the row of a fork with the preview of its parent, whether something was said in it or not", async () => {
  using home = new CodexHome();
  home.indexed(1);
  fork(home, 2, 1);
  fork(home, 3, 1, "own");
  fork(home, 4, 3);
  const rows = [["", "", "message 1"], ["own", "own", "message 1"], ["", "", "message 1"]];
  assertEquals(await repaired(home, 2, 3, 4), [0, 3, ...rows]);
  assertEquals(await repaired(home, 2, 3, 4), [0, 0, ...rows]);
});

Deno.test("repair gives a fork that its row hides the preview of its parent, and explain says that it does", async () => {
  using home = new CodexHome();
  home.restored(1);
  fork(home, 2, 1);
  fork(home, 3, 1, "own");
  await repaired(home);
  home.change((database) => database.exec("UPDATE threads SET preview = first_user_message"));
  const { stdout } = await runCli(["explain", threadId(2), "--codex-home", home.path]);
  assertStringIncludes(stdout, "the preview in its row is empty");
  assertStringIncludes(stdout, "put the database right");
  assertEquals(await repaired(home, 2, 3), [0, 1, ["", "", "message 1"], ["own", "own", "own"]]);
});

Deno.test("explain says of a hidden fork what repair does where the file of its parent is named for another thread", async () => {
  using home = new CodexHome();
  const path = home.restored(1);
  Deno.renameSync(path, path.replace(threadId(1), threadId(9)));
  fork(home, 2, 1);
  fork(home, 3, 2, "own");
  await repaired(home);
  home.change((database) => database.exec("UPDATE threads SET preview = ''"));
  const changes = await Promise.all([2, 3].map(async (number) => {
    const { stdout } = await runCli(["explain", threadId(number), "--json", "--codex-home", home.path]);
    return JSON.parse(stdout).change?.columns;
  }));
  const columns = [{ column: "preview", before: "", after: "message 1" }];
  assertEquals(changes, [columns, columns]);
  assertEquals(await repaired(home, 2, 3), [0, 3, ["", "", "message 1"], ["own", "own", "message 1"]]);
});

Deno.test("repair takes a fork that was gone back in for one of its parent, by what the file says that it begins in", async () => {
  using home = new CodexHome();
  home.indexed(1);
  fork(home, 2, 1, "taken back");
  const id = threadId(2), first = `${home.path}/sessions/2026/01/28/rollout-2026-01-28T10-00-00-${id}.jsonl`;
  const [meta = ""] = Deno.readTextFileSync(first).split("\n");
  const segment = "019c0010-0000-7000-8000-000000000000";
  const text = meta.replace(`"history_base":{"thread_id":"${threadId(1)}"`, `"history_base":{"thread_id":"${id}"`);
  home.write(`sessions/2026/01/29/rollout-2026-01-29T10-00-00-${id}_${segment}.jsonl`, `${text}\n`);
  const rows = [["taken back", "taken back", "message 1"]];
  assertEquals(await repaired(home, 2), [0, 1, ...rows]);
  home.change((database) => database.exec("UPDATE threads SET preview = ''"));
  assertEquals(await repaired(home, 2), [0, 2, ...rows]);
});

Deno.test("repair takes for the preview of a fork what it says itself where its parent is not there, or forks go round", async () => {
  using home = new CodexHome();
  fork(home, 1, 9, "own");
  fork(home, 2, 3);
  fork(home, 3, 2, "round");
  assertEquals(await repaired(home, 1, 2, 3), [
    0,
    3,
    ["own", "own", "own"],
    ["", "", "round"],
    ["round", "round", "round"],
  ]);
});
