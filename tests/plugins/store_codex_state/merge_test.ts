import { assertEquals, assertThrows } from "@std/assert";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { mergeThread, type StateThread } from "../../../plugins/store_codex_state/mod.ts";
import { thread } from "./database.ts";

const MS = 1_750_000_000_000;

/** The row that a thread has in the database. */
function rowWith(differing: Partial<StateThread> = {}): StateThread {
  return { ...mergeThread(undefined, thread("t", 0)).row, ...differing };
}

/** What becomes of one column. */
function merged<C extends keyof StateThread>(
  column: C,
  before: Partial<StateThread>,
  rollout: Partial<CodexThread>,
  compat?: "0.169.0",
): StateThread[C] {
  return mergeThread(rowWith(before), thread("t", 0, rollout), compat).row[column];
}

Deno.test("mergeThread makes a row: what lists are ordered by is the time of the file, and nothing is the user's yet", () => {
  const { row, kept } = mergeThread(undefined, thread("t", 3, { name: "A name", history_mode: "paginated" }));
  assertEquals([row.id, row.recency_at, row.recency_at_ms, row.name], ["t", MS / 1000 + 30, MS + 30_000, "A name"]);
  assertEquals([row.is_pinned, row.project_id, row.thread_section_id, row.has_user_event], [0, null, null, 0]);
  assertEquals(kept, []);
  assertEquals(mergeThread(undefined, thread("t", 3, { name: "A name" })).row.name, null, "Codex has it in its index");
});

Deno.test("mergeThread refuses what a column cannot hold", () => {
  assertThrows(() => mergeThread(undefined, Object.assign(thread("t", 1), { title: null })), TypeError, "title");
  assertThrows(() => mergeThread(rowWith(), thread("t", 1, { tokens_used: 2n ** 63n })), TypeError, "tokens_used");
});

Deno.test("mergeThread merged once more changes nothing", () => {
  const goal = { preview: "reach it", title: "hello", first_user_message: "hello" };
  const cases: readonly (readonly [Partial<StateThread>, Partial<CodexThread>])[] = [
    [{ preview: "hello", first_user_message: "" }, goal],
    [{ title: "[Image]", first_user_message: "" }, { title: "a title", first_user_message: "[Image]" }],
    [{ attached_thread_parent_id: null }, { attached_thread_parent_id: "parent" }],
  ];
  for (const [before, rollout] of cases) {
    const given = thread("t", 0, rollout), { row } = mergeThread(rowWith(before), given);
    assertEquals(mergeThread(row, given).row, row);
  }
});

/** A column, what it has, what the rollout says, what it gets, and what it gets from Codex 0.169.0. */
type Case = readonly [
  column: keyof StateThread,
  before: Partial<StateThread>,
  rollout: Partial<CodexThread>,
  better: unknown,
  codex: unknown,
];

/** A file in which a thread goes on that was gone back in, and the row of such a thread. */
const SEGMENT = "/rollout-1-019c0000-0000-7000-8000-000000000001_019c0000-0000-7000-8000-000000000002.jsonl";
const FIRST = { title: "old", first_user_message: "old", preview: "old" };

const CASES: readonly Case[] = [
  ["title", { title: "renamed" }, { title: "new", first_user_message: "new" }, "renamed", "renamed"],
  ["title", { title: "renamed" }, { title: "new", first_user_message: "" }, "renamed", "renamed"],
  ["title", { title: "renamed" }, { title: "new", first_user_message: "first" }, "renamed", "new"],
  ["title", { title: " first\u2003", first_user_message: "first" }, { title: "new" }, "new", "new"],
  ["title", { title: "first", first_user_message: "first" }, { title: "" }, "first", ""],
  ["title", { title: "\u00a0" }, { title: "new" }, "new", "new"],
  ["first_user_message", { first_user_message: "old" }, { first_user_message: "" }, "old", ""],
  ["preview", { preview: "old" }, { preview: "" }, "old", "old"],
  ["preview", { preview: "old", first_user_message: "old" }, { preview: "new" }, "new", "new"],
  ["preview", { preview: "goal", first_user_message: "old" }, { preview: "new" }, "goal", "new"],
  ["preview", { preview: "" }, { preview: "new" }, "new", "new"],
  ["cwd", { cwd: "/old" }, { cwd: "" }, "/old", ""],
  ["cwd", { cwd: "/old" }, { cwd: "/new" }, "/new", "/new"],
  ["cwd", { cwd: "\\\\?\\C:\\w" }, { cwd: "C:\\w" }, "\\\\?\\C:\\w", "\\\\?\\C:\\w"],
  ["cwd", { cwd: "\\\\?\\UNC\\h\\s" }, { cwd: "\\\\h\\s" }, "\\\\?\\UNC\\h\\s", "\\\\?\\UNC\\h\\s"],
  ["cwd", { cwd: "\\\\?\\C:\\w" }, { cwd: "C:\\v" }, "C:\\v", "C:\\v"],
  ["git_sha", { git_sha: "old" }, { git_sha: "new" }, "old", "old"],
  ["git_sha", { git_sha: null, history_mode: "paginated" }, { git_sha: "new", history_mode: "paginated" }, null, null],
  ["git_sha", { git_sha: null }, { git_sha: "new" }, "new", "new"],
  ["title", { title: "" }, { title: "new", rollout_path: SEGMENT }, "new", "new"],
  ["title", FIRST, { title: "new", rollout_path: SEGMENT }, "old", "new"],
  ["first_user_message", FIRST, { first_user_message: "new", rollout_path: SEGMENT }, "old", "new"],
  ["preview", FIRST, { preview: "new", rollout_path: SEGMENT }, "old", "new"],
  ["created_at_ms", { created_at_ms: 5 }, { created_at_ms: 70_000, rollout_path: SEGMENT }, 5, 70_000],
  [
    "created_at_ms",
    { created_at_ms: 5 },
    { created_at_ms: 70_000, rollout_path: SEGMENT, has_beginning: 1 },
    70_000,
    70_000,
  ],
  [
    "created_at_ms",
    { created_at_ms: MS + 60_000 },
    {
      rollout_path: SEGMENT,
      has_beginning: 1,
      last_record_at_ms: MS + 60_000,
    },
    MS + 60_000,
    MS,
  ],
  ["git_branch", { git_branch: "" }, { git_branch: "new" }, "", ""],
  ["git_origin_url", { git_origin_url: null }, { git_origin_url: "new" }, "new", "new"],
  ["originator", { originator: "old" }, { originator: null }, "old", "old"],
  ["creator_user_id", { creator_user_id: "" }, { creator_user_id: "new" }, "", ""],
  ["history_mode", { history_mode: "paginated" }, { history_mode: "legacy" }, "paginated", "paginated"],
  ["history_mode", { history_mode: "odd" }, { history_mode: "legacy" }, "legacy", "legacy"],
  ["memory_mode", { memory_mode: "disabled" }, { memory_mode: "enabled" }, "disabled", "enabled"],
  ["memory_mode", { memory_mode: "enabled" }, { memory_mode: "disabled" }, "disabled", "disabled"],
  ["agent_role", { agent_role: "old" }, { agent_role: null }, "old", null],
  ["thread_source", { thread_source: "user" }, { thread_source: null }, "user", null],
  ["tokens_used", { tokens_used: 99 }, { tokens_used: 0 }, 99, 0],
  ["tokens_used", { tokens_used: 99 }, { tokens_used: 7 }, 7, 7],
  ["model", { model: "old" }, { model: null }, "old", null],
  ["reasoning_effort", { reasoning_effort: "high" }, { reasoning_effort: null }, null, null],
  ["reasoning_effort", { reasoning_effort: "high" }, { model: null, reasoning_effort: null }, "high", null],
  ["approval_mode", { approval_mode: "never" }, { model: null, approval_mode: "on-request" }, "never", "on-request"],
  ["approval_mode", { approval_mode: "never" }, { approval_mode: "on-request" }, "on-request", "on-request"],
  ["sandbox_policy", { sandbox_policy: "old" }, { model: null, sandbox_policy: "new" }, "old", "new"],
  ["sandbox_policy", { sandbox_policy: "old" }, { has_unread_policy: 1, sandbox_policy: "new" }, "old", "new"],
  ["sandbox_policy", { sandbox_policy: "old" }, { has_unread_approval: 1, sandbox_policy: "new" }, "new", "new"],
  ["approval_mode", { approval_mode: "x" }, { has_unread_approval: 1, approval_mode: "never" }, "x", "never"],
  ["reasoning_effort", { reasoning_effort: "high" }, { has_unread_effort: 1, reasoning_effort: null }, "high", null],
  ["source", { source: "exec" }, { cli_version: "", source: "vscode" }, "exec", "vscode"],
  ["source", { source: "exec" }, { source: "cli" }, "cli", "cli"],
  ["model_provider", { model_provider: "mine" }, { is_default_provider: 1, model_provider: "new" }, "mine", "new"],
  ["model_provider", { model_provider: "" }, { is_default_provider: 1, model_provider: "new" }, "new", "new"],
  ["model_provider", { model_provider: "mine" }, { model_provider: "new" }, "new", "new"],
  ["cli_version", { cli_version: "0.9" }, { cli_version: "" }, "0.9", ""],
  ["created_at_ms", { created_at_ms: 5 }, { cli_version: "", created_at_ms: 70_000 }, 5, 70_000],
  ["created_at_ms", { created_at_ms: 5 }, { created_at_ms: 70_000 }, 70_000, 70_000],
  ["created_at_ms", { created_at_ms: MS - 9 }, { created_at_ms: MS }, MS - 9, MS],
  ["archived", { archived: 1 }, { archived: 0, archived_at: null }, 0, 0],
  ["archived_at", { archived: 1, archived_at: 5 }, { archived: 0, archived_at: null }, null, null],
  ["archived_at", { archived: 1, archived_at: 5 }, { archived: 1, archived_at: 9 }, 5, 9],
  ["archived_at", { archived: 0, archived_at: null }, { archived: 1, archived_at: 9 }, 9, 9],
  ["archived_at", { archived: 1, archived_at: null }, { archived: 1, archived_at: 9 }, 9, 9],
  ["rollout_path", { rollout_path: "/gone" }, { rollout_path: "/here" }, "/here", "/here"],
  ["rollout_path", { rollout_path: "/a.jsonl" }, { rollout_path: "/a.jsonl.zst" }, "/a.jsonl", "/a.jsonl.zst"],
  ["rollout_path", { rollout_path: "/a.jsonl.zst" }, { rollout_path: "/a.jsonl" }, "/a.jsonl", "/a.jsonl"],
  ["name", { name: "mine" }, { name: "other", history_mode: "paginated" }, "mine", "mine"],
  ["name", { name: "" }, { name: "other", history_mode: "paginated" }, "", ""],
  ["name", { name: null }, { name: "other", history_mode: "paginated" }, "other", null],
  ["name", { name: null, history_mode: "paginated" }, { name: "other" }, "other", null],
  ["name", { name: null, history_mode: "paginated" }, { name: null, history_mode: "paginated" }, null, null],
  ["name", { name: null }, { name: "other" }, null, null],
  ["is_pinned", { is_pinned: 1 }, {}, 1, 1],
  ["recency_at_ms", { recency_at_ms: 5 }, {}, 5, 5],
  ["project_id", { project_id: "p" }, {}, "p", "p"],
];

for (const [column, before, rollout, better, codex] of CASES) {
  Deno.test(`mergeThread: ${column} of ${JSON.stringify(before)} and ${JSON.stringify(rollout)}`, () => {
    assertEquals([merged(column, before, rollout), merged(column, before, rollout, "0.169.0")], [better, codex]);
  });
}

/** What the row has, the time of the file, that of the last record, and what the row gets. */
const TIMES:
  readonly (readonly [had: number | null, file: number, recorded: number | null, gets: number, what: string])[] = [
    [MS, MS, null, MS, "unchanged"],
    [MS + 1000, MS, null, MS + 1000, "made unlike others by Codex"],
    [MS, MS + 86_400_000, MS, MS, "a file that was copied without its time"],
    [MS, MS + 86_400_000, MS + 5000, MS, "a record of the same moment"],
    [MS - 20, MS + 27, MS + 5, MS - 20, "a row that Codex wrote right before its record, in the second before"],
    [MS, MS + 86_400_000, MS + 5001, MS + 86_400_000, "a record of seconds later"],
    [MS, MS + 86_400_000, MS + 3_600_000, MS + 86_400_000, "a file that grew"],
    [MS, MS + 86_400_000, null, MS + 86_400_000, "a file that does not say"],
    [MS + 3_600_000, MS, MS, MS + 3_600_000, "a row that was changed later"],
    [MS, MS - 86_400_000, MS, MS, "a file that was set back"],
    [915_148_800_000_000, 915_148_800_000, null, 915_148_800_000, "a time before 2020 that Codex multiplied"],
    [915_148_800_007_000, 915_148_800_000, null, 915_148_800_000, "one that it made unlike others before"],
    [915_148_801_001_000, 915_148_800_000, null, 915_148_801_001_000, "one that it cannot have made of this"],
    [7000, 0, null, 0, "one of 1970"],
    [null, MS, MS, MS, "a row without a time"],
  ];

for (const [had, file, recorded, gets, what] of TIMES) {
  Deno.test(`mergeThread: the time of the last change of ${what}`, () => {
    const before = rowWith({ updated_at_ms: had, updated_at: Math.floor((had ?? MS) / 1000) });
    const rollout = { updated_at_ms: file, updated_at: Math.floor(file / 1000), last_record_at_ms: recorded };
    const { row } = mergeThread(before, thread("t", 0, rollout));
    assertEquals([row.updated_at_ms, row.updated_at], [gets, Math.floor(gets / 1000)]);
  });
}

Deno.test("mergeThread like 0.169.0 leaves a time by which Codex may have made it unlike others, and no other", () => {
  for (const [had, gets] of [[MS - 1, MS], [MS + 1, MS + 1], [MS + 1000, MS + 1000], [MS + 1001, MS]] as const) {
    const before = { updated_at_ms: had, updated_at: Math.floor(had / 1000) };
    assertEquals([had, merged("updated_at_ms", before, { updated_at_ms: MS }, "0.169.0")], [had, gets]);
  }
});

Deno.test("mergeThread takes text as the database gives it back, in which no half of a surrogate pair is left", () => {
  assertEquals(merged("title", { title: "", first_user_message: "" }, { title: "half \ud83d" }), "half \ufffd");
});

Deno.test("mergeThread says what it kept that Codex would not have, and only that", () => {
  const before = rowWith({ memory_mode: "disabled", tokens_used: 5, title: "renamed", updated_at_ms: MS + 7 });
  const { row, kept } = mergeThread(before, thread("t", 0, { tokens_used: 0, cwd: "/new" }));
  assertEquals([row.cwd, row.title], ["/new", "renamed"]);
  assertEquals(kept, [{ column: "tokens_used", kept: 5, codexWrites: 0 }]);
});

Deno.test("mergeThread again changes nothing", () => {
  for (const compat of [undefined, "0.169.0"] as const) {
    for (const n of [0, 1, 2, 3]) {
      const rollout = thread("t", n, { title: "", model: n === 2 ? null : "m", cli_version: n === 3 ? "" : "1" });
      const once = mergeThread(rowWith(), rollout, compat).row;
      assertEquals(mergeThread(once, rollout, compat).row, once);
    }
  }
});
