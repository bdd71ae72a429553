/**
 * Rollouts against rows: which file of a thread counts, in which ways a row is wrong, and what is no difference.
 */
import { assertEquals } from "@std/assert";
import { compare } from "../../../plugins/codex_repair/compare.ts";
import type { KeptValue, RepairPlugins, StateRow } from "../../../plugins/codex_repair/contract.ts";
import type { ChangeKind, Findings } from "../../../plugins/codex_repair/findings.ts";
import type { ReadRollout } from "../../../plugins/codex_repair/gather.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";

const FOLDER = "/home/sessions";

/** What is said of a rollout. */
interface Facts {
  readonly name?: string;
  readonly rank?: string;
  readonly archived?: boolean;
  readonly preview?: string;
  readonly parent?: string;
  readonly malformed?: number;
}

function rollout(number: number, facts: Facts = {}): ReadRollout {
  const id = threadId(number);
  const { name = `rollout-${id}.jsonl`, rank = "1", archived = false, preview = "hello", parent, malformed = 0 } =
    facts;
  const location = `${FOLDER}/${name}`;
  const item = {
    watermark: name,
    name: name.replace(/\.zst$/, ""),
    fingerprint: "",
    location,
    size: 1,
    modifiedMs: 1,
    archived,
  };
  const row = thread(id, 0, {
    rollout_path: location,
    archived: archived ? 1 : 0,
    preview,
    spawn_edge: parent === undefined ? null : { parent_thread_id: parent, child_thread_id: id, status: "open" },
  });
  return { item, extraction: { key: id, row, rank, records: 1, malformed, unknown: {}, bytesRead: 1 } };
}

function row(number: number, differing: Partial<StateRow> = {}): StateRow {
  return toRow(rollout(number), differing);
}

function toRow({ extraction }: ReadRollout, differing: Partial<StateRow> = {}): StateRow {
  const { id, rollout_path, archived, source, model_provider, preview, cwd, updated_at_ms } = extraction.row;
  const columns = { id, rollout_path, archived, source, model_provider, preview, cwd, updated_at_ms };
  return { ...columns, attached_thread_parent_id: null, ...differing };
}

/** A way of merging: the rollout wins, but for the folder. */
const plugins: Pick<RepairPlugins, "merge" | "mergesEveryFile"> = {
  mergesEveryFile: false,
  merge: (before, given) => {
    const kept: KeptValue[] = before && before.cwd !== given.cwd
      ? [{ column: "cwd", kept: before.cwd, codexWrites: given.cwd }]
      : [];
    const { extraction } = rollout(0);
    const row = toRow({ ...rollout(0), extraction: { ...extraction, row: given } }, before && { cwd: before.cwd });
    return { row, kept };
  },
};

function find(
  rollouts: ReadRollout[],
  rows: StateRow[],
  like: Partial<typeof plugins> = {},
  there: string[] = [],
): Findings {
  const paths = new Set([...rollouts.map(({ item }) => item.location), ...there]);
  return compare({
    gathered: { read: rollouts, failed: [], problems: [], passedOver: [], after: null, interrupted: false },
    view: { threads: () => rows, edges: () => [] },
    plugins: { ...plugins, ...like },
    exists: (path) => paths.has(path),
    isInHome: (path) => path.startsWith("/home/"),
  });
}

function kinds(rollouts: ReadRollout[], rows: StateRow[], there: string[] = []): (readonly ChangeKind[])[] {
  return find(rollouts, rows, {}, there).changes.map(({ kinds }) => kinds);
}

Deno.test("compare: a row stays that names a file of the home which is there and could not be read", () => {
  const path = `/home/x/sessions/rollout-2-${threadId(1)}.jsonl`, named = row(1, { rollout_path: path, archived: 1 });
  const { changes, unreadable } = find([rollout(1)], [named], {}, [path]);
  assertEquals([changes, unreadable.map((one) => one.path)], [[], [path]]);
  // Elsewhere it is a copy of the home, and where it is gone there is nothing to lose.
  assertEquals(kinds([rollout(1)], [named]), [["stale", "archived"]]);
});

Deno.test("compare: a row is missing, stale, archived wrongly, or has other columns", () => {
  assertEquals(kinds([rollout(1)], [row(1)]), []);
  assertEquals(kinds([rollout(1)], []), [["missing"]]);
  assertEquals(kinds([rollout(1)], [row(1, { rollout_path: "/gone" })]), [["stale"]]);
  assertEquals(kinds([rollout(1)], [row(1, { rollout_path: "/a/copy/of/the/home" })], ["/a/copy/of/the/home"]), [[
    "stale",
  ]]);
  assertEquals(kinds([rollout(1, { archived: true })], [row(1)]), [["archived"]]);
  assertEquals(kinds([rollout(1)], [row(1, { source: "exec" })]), [["differing"]]);
  assertEquals(kinds([rollout(1)], [row(1, { rollout_path: "/gone", archived: 1, source: "exec" })]), [
    ["stale", "archived", "differing"],
  ]);
});

Deno.test("compare: what merging keeps is no difference, and is told where Codex would not keep it", () => {
  const { changes, kept } = find([rollout(1)], [row(1, { cwd: "/mine" })]);
  assertEquals(changes, []);
  assertEquals(kept, [{ id: threadId(1), values: [{ column: "cwd", kept: "/mine", codexWrites: "/cwd/0" }] }]);
});

Deno.test("compare: a rollout that Codex compressed is the file that the row names", () => {
  const compressed = rollout(1, { name: `rollout-${threadId(1)}.jsonl.zst` });
  assertEquals(kinds([compressed], [row(1)]), []);
});

Deno.test("compare: of several files the highest rank counts, among equals the one that the row names, else the last", () => {
  const [a, b, c] = [
    rollout(1, { name: "a" }),
    rollout(1, { name: "b" }),
    rollout(1, { name: "c", rank: "0" }),
  ] as const;
  const chosen = (rows: StateRow[]) => find([a, b, c], rows).duplicates.map(({ chosen }) => chosen.item.name);
  assertEquals(chosen([]), ["b"]);
  assertEquals(chosen([toRow(a)]), ["a"]);
  assertEquals(chosen([toRow(c)]), ["b"]);
  assertEquals(find([a, b, c], [toRow(c)]).changes.map(({ kinds, rollouts }) => [kinds, rollouts]), [[["differing"], [
    b,
  ]]]);
});

Deno.test("compare: done like Codex, every file is merged in turn, and the last one wins", () => {
  const [a, b] = [rollout(1, { name: "a", rank: "" }), rollout(1, { name: "b", rank: "", preview: "later" })] as const;
  const { changes } = find([a, b], [toRow(a)], { mergesEveryFile: true });
  assertEquals(changes.map(({ rollouts, after }) => [rollouts, after.preview]), [[[a, b], "later"]]);
});

Deno.test("compare: the file in which Codex goes on with a thread is no copy of the one before", () => {
  const [first, next] = [
    rollout(1),
    rollout(1, { name: `rollout-${threadId(1)}_${threadId(9)}.jsonl`, rank: "2" }),
  ] as const;
  const found = find([first, next], [toRow(next)]);
  assertEquals([found.changes, found.duplicates], [[], []]);
  const copy = rollout(1, { name: `b/rollout-${threadId(1)}_${threadId(9)}.jsonl` });
  assertEquals(find([first, next, copy], [toRow(next)]).duplicates.map(({ others }) => others), [[copy]]);
});

Deno.test("compare: a row without a rollout is gone only if its file is", () => {
  const rows = [row(1), row(2, { rollout_path: "/outside" })];
  assertEquals(find([], rows, {}, ["/outside"]).gone, [{ id: threadId(1), path: row(1).rollout_path }]);
});

Deno.test("compare: the parent that a thread was spawned by is missing", () => {
  const { changes } = find([rollout(1, { parent: threadId(5) })], [row(1)]);
  assertEquals(changes.map(({ kinds, columns }) => [kinds, columns]), [
    [["differing"], [{ column: "thread_spawn_edges", before: null, after: threadId(5) }]],
  ]);
});

Deno.test("compare: malformed lines are added up", () => {
  assertEquals(find([rollout(1, { malformed: 2 }), rollout(2, { malformed: 3 })], []).malformedLines, 5);
});
