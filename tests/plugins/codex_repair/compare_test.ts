/**
 * Rollouts against rows: which file of a thread counts, in which ways a row is wrong, and what is no difference.
 */
import { assertEquals } from "@std/assert";
import { byThread } from "../../../plugins/codex_repair/best_file.ts";
import { compare } from "../../../plugins/codex_repair/compare.ts";
import type { KeptValue, RepairPlugins, StateRow } from "../../../plugins/codex_repair/contract.ts";
import type { ChangeKind, Findings } from "../../../plugins/codex_repair/findings.ts";
import type { FailedRollout, ReadRollout } from "../../../plugins/codex_repair/gather.ts";
import { rowAfter } from "../../../plugins/codex_repair/judge.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { segmentOfRow } from "../../../plugins/segment.ts";
import type { SourceProblem } from "../../../src/source.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";

const FOLDER = "/home/sessions";

/** When rollouts were modified that nothing else is said of. */
const MODIFIED_MS = 1_750_000_000_000;

/** What is said of a rollout. */
interface Facts {
  readonly name?: string;
  readonly rank?: string;
  readonly archived?: boolean;
  readonly preview?: string;
  readonly parent?: string;
  readonly from?: string;
  readonly malformed?: number;
  readonly modifiedMs?: number;
  readonly lastRecordMs?: number;
}

function rollout(number: number, facts: Facts = {}): ReadRollout {
  const id = threadId(number);
  const { name = `rollout-${id}.jsonl`, rank = "1", archived = false, preview = "hello", parent, from, malformed = 0 } =
    facts;
  const { modifiedMs = MODIFIED_MS, lastRecordMs = null } = facts;
  const location = `${FOLDER}/${name}`;
  const item = {
    watermark: `${archived ? "archived_sessions" : "sessions"}/${name.replace(/\.zst$/, "")}`,
    name: name.replace(/\.zst$/, ""),
    fingerprint: "",
    location,
    size: 1,
    modifiedMs,
    archived,
  };
  const row = thread(id, 0, {
    rollout_path: location,
    archived: archived ? 1 : 0,
    updated_at_ms: modifiedMs,
    last_record_at_ms: lastRecordMs,
    preview,
    spawn_edge: parent === undefined ? null : { parent_thread_id: parent, child_thread_id: id, status: "open" },
    ...(from === undefined ? {} : { forked_from: from }),
  });
  const extraction = { key: id, row, rank, records: 1, malformed, unknown: {}, bytesRead: 1 };
  return {
    item,
    key: id,
    rank,
    segment: segmentOfRow(row),
    malformed,
    edge: row.spawn_edge,
    isFork: row.forked_from !== undefined,
    extraction: () => extraction,
  };
}

function row(number: number, differing: Partial<StateRow> = {}): StateRow {
  return toRow(rollout(number), differing);
}

function toRow({ extraction }: ReadRollout, differing: Partial<StateRow> = {}): StateRow {
  return rowOf(extraction().row, differing);
}

function rowOf(thread: CodexThread, differing: Partial<StateRow> = {}): StateRow {
  const { id, rollout_path, archived, source, model_provider, preview, cwd, updated_at_ms } = thread;
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
    return { row: rowOf(given, before && { cwd: before.cwd }), kept };
  },
};

function find(
  rollouts: ReadRollout[],
  rows: Iterable<StateRow>,
  like: Partial<typeof plugins> = {},
  there: string[] = [],
  { mayBeShared = false, failed = [], problems = [] }: {
    mayBeShared?: boolean;
    failed?: FailedRollout[];
    problems?: SourceProblem[];
  } = {},
): Promise<Findings> {
  const paths = new Set([...rollouts.map(({ item }) => item.location), ...there]);
  return compare({
    gathered: { read: rollouts, failed, problems, passedOver: [], after: null, interrupted: false },
    view: { threads: () => rows, edges: () => [] },
    plugins: { ...plugins, ...like },
    exists: (path) => paths.has(path),
    inHome: (path) => path.startsWith("/home/") ? path.slice("/home/".length) : undefined,
    mayBeShared,
    missingFolder: (path) => path.startsWith("/away/") ? "/away/sessions" : undefined,
  });
}

async function kinds(
  rollouts: ReadRollout[],
  rows: StateRow[],
  there: string[] = [],
): Promise<(readonly ChangeKind[])[]> {
  const { changes } = await find(rollouts, rows, {}, there);
  return changes.map(({ kinds }) => kinds);
}

Deno.test("compare: a row stays that names a file of the home which is there and could not be read", async () => {
  const name = `rollout-2-${threadId(1)}.jsonl`, path = `${FOLDER}/x/${name}`;
  const named = row(1, { rollout_path: path, archived: 1 });
  const { item } = rollout(1, { name: `x/${name}` }),
    failure = { kind: "unreadable", reason: "denied", transient: true };
  const problem = { location: `${FOLDER}/x`, reason: "denied", hides: "sessions/x/" };
  const ways: [Parameters<typeof find>[4], string[]][] = [
    [{ failed: [{ item, failure }] }, [path]],
    [{ problems: [problem] }, [problem.location, path]],
  ];
  for (const [why, paths] of ways) {
    const { changes, unreadable, elsewhere } = await find([rollout(1)], [named], {}, [path], why);
    assertEquals([changes, unreadable.map(({ path }) => path), elsewhere], [[], paths, []]);
  }
  // Where it is gone there is nothing to lose.
  assertEquals(await kinds([rollout(1)], [named]), [["stale", "archived"]]);
});

Deno.test("compare: a row stays that names a file of the home where no rollout is looked for, which leaves nothing unread", async () => {
  const path = `/home/backup/rollout-${threadId(1)}.jsonl`, named = row(1, { rollout_path: path });
  const { changes, unreadable, elsewhere } = await find([rollout(1)], [named], {}, [path]);
  assertEquals([changes, unreadable], [[], []]);
  const reason = `the row of ${
    threadId(1)
  } names it, and it lies where no rollout is looked for: behind a link, or not where Codex keeps rollouts`;
  assertEquals(elsewhere, [{ path, reason, missingFolder: null }]);
  const of = rollout(2, { name: `rollout-${threadId(1)}-of-another.jsonl` }), { location } = of.item;
  const found = await find([rollout(1), of], [row(1, { rollout_path: location }), row(2, { rollout_path: location })]);
  assertEquals(found.elsewhere.map(({ reason }) => reason), [
    `the row of ${threadId(1)} names it, and it says that it is of the thread ${threadId(2)}`,
  ]);
});

Deno.test("compare: a row leads into a copied home where its file lies in the other as one does here, and stays with any other that is there", async () => {
  const name = `rollout-${threadId(1)}.jsonl`;
  const kindsFor = async (path: string) => {
    const { changes, elsewhere } = await find([rollout(1)], [row(1, { rollout_path: path })], {}, [path]);
    return [changes.map(({ kinds }) => kinds), elsewhere.map(({ path }) => path)];
  };
  for (const path of [`/a/home/sessions/${name}`, `/a/home/sessions/${name}.zst`, `/a/archived_sessions/${name}`]) {
    assertEquals(await kindsFor(path), [[["stale"]], []]);
  }
  for (
    const path of [`/another/${name}`, `/a/home/sessions/2026/${name}`, "/a/home/sessions/rollout-of-another.jsonl"]
  ) {
    assertEquals(await kindsFor(path), [[], [path]]);
  }
});

Deno.test("compare: a row stays with the file of another home in which its thread went on since the copy here was made", async () => {
  const path = `/a/home/sessions/rollout-${threadId(1)}.jsonl`;
  const find1 = (updated_at_ms: number | null, facts: Facts = {}) =>
    find([rollout(1, facts)], [row(1, { rollout_path: path, updated_at_ms })], {}, [path]);
  const { changes, elsewhere } = await find1(MODIFIED_MS + 5001);
  const reason =
    `the row of ${threadId(1)} names it, and it lies outside of this home, and the thread went on in it: ` +
    "the row is newer than the copy here";
  assertEquals([changes, elsewhere], [[], [{ path, reason, missingFolder: null }]]);
  // However the other went on, what the row of a copied home knows is here: by the time of the file, or of what it says.
  for (const known of [null, MODIFIED_MS - 60_000, MODIFIED_MS, MODIFIED_MS + 5000]) {
    assertEquals((await find1(known)).changes.map(({ kinds }) => kinds.includes("stale")), [true]);
  }
  const said = await find1(MODIFIED_MS, { modifiedMs: 1, lastRecordMs: MODIFIED_MS });
  assertEquals([said.changes.length, said.elsewhere], [1, []]);
});

Deno.test("compare: a row stays that names a file elsewhere, which is there or may be again, where the database may be that of another home", async () => {
  const path = `/another/home/sessions/rollout-${threadId(1)}.jsonl`, shared = { mayBeShared: true };
  const named = row(1, { rollout_path: path, source: "exec" });
  const there = await find([rollout(1)], [named], {}, [path], shared);
  assertEquals([there.changes, there.elsewhere.map((one) => one.path)], [[], [path]]);
  const alike = await find([rollout(1)], [named], { mergesEveryFile: true }, [path], shared);
  assertEquals([alike.changes.length, alike.elsewhere], [1, []]);
  assertEquals((await find([rollout(1)], [named], {}, [], shared)).changes.map(({ kinds }) => kinds), [[
    "stale",
    "differing",
  ]]);
  const away = row(1, { rollout_path: `/away/sessions/rollout-${threadId(1)}.jsonl`, source: "exec" });
  const notThere = await find([rollout(1)], [away], {}, [], shared);
  assertEquals([notThere.changes, notThere.elsewhere.map((one) => one.missingFolder)], [[], ["/away/sessions"]]);
});

Deno.test("compare: a row that names a relative path, which is another file to everybody, is made right", async () => {
  const named = row(1, { rollout_path: "rollout.jsonl" });
  const { changes, elsewhere } = await find([rollout(1)], [named], {}, ["rollout.jsonl"], { mayBeShared: true });
  assertEquals([changes.map(({ kinds }) => kinds), elsewhere], [[["stale"]], []]);
});

Deno.test("compare: a row that names the rollout of another thread is led to that of its own", async () => {
  const [own, another] = [rollout(1), rollout(2)] as const;
  const named = row(1, { rollout_path: another.item.location });
  const { changes, unreadable } = await find([own, another], [named, row(2)]);
  assertEquals([changes.map(({ path }) => path), unreadable], [[own.item.location], []]);
});

const GOES_ON = `rollout-${threadId(1)}_${threadId(9)}.jsonl`;
for (
  const [what, name, transient, changed] of [
    ["goes to a good copy where its own file is damaged", `b/rollout-${threadId(1)}.jsonl`, false, 1],
    ["stays where its file may be read another time", `b/rollout-${threadId(1)}.jsonl`, true, 0],
    ["stays where its file is damaged and the thread went on in it", GOES_ON, false, 0],
  ] as const
) {
  Deno.test(`compare: a row ${what}`, async () => {
    const { item } = rollout(1, { name }), path = item.location;
    const failed = [{ item, failure: { kind: "io", reason: "denied", transient } }];
    const found = await find([rollout(1)], [row(1, { rollout_path: path })], {}, [path], { failed });
    const told = [...found.unreadable, ...found.malformed.map(({ failure }) => failure)].map(({ reason }) => reason);
    assertEquals(found.changes.length, changed);
    assertEquals(told, [changed ? "denied" : `denied; the row of ${threadId(1)} stays with it`]);
    assertEquals(found.unreadable.length, transient ? 1 : 0);
  });
}

Deno.test("compare: a row is missing, stale, archived wrongly, or has other columns", async () => {
  assertEquals(await kinds([rollout(1)], [row(1)]), []);
  assertEquals(await kinds([rollout(1)], []), [["missing"]]);
  assertEquals(await kinds([rollout(1)], [row(1, { rollout_path: "/gone" })]), [["stale"]]);
  assertEquals(await kinds([rollout(1, { archived: true })], [row(1)]), [["archived"]]);
  assertEquals(await kinds([rollout(1)], [row(1, { source: "exec" })]), [["differing"]]);
  assertEquals(await kinds([rollout(1)], [row(1, { rollout_path: "/gone", archived: 1, source: "exec" })]), [
    ["stale", "archived", "differing"],
  ]);
});

Deno.test("compare: what merging keeps is no difference, and is told where Codex would not keep it", async () => {
  const { changes, kept } = await find([rollout(1)], [row(1, { cwd: "/mine" })]);
  assertEquals(changes, []);
  assertEquals(kept, [{ id: threadId(1), values: [{ column: "cwd", kept: "/mine", codexWrites: "/cwd/0" }] }]);
});

Deno.test("compare: a path that is kept because it leads to the same file is not told as kept", async () => {
  const path = `${rollout(1).item.location}.zst`;
  const { kept } = await find([rollout(1)], [row(1, { rollout_path: path })], {
    merge: (_, given) => ({
      row: rowOf(given, { rollout_path: path }),
      kept: [{ column: "rollout_path", kept: path, codexWrites: given.rollout_path }],
    }),
  });
  assertEquals(kept, []);
});

Deno.test("compare: a rollout that Codex compressed is the file that the row names", async () => {
  const compressed = rollout(1, { name: `rollout-${threadId(1)}.jsonl.zst` });
  assertEquals(await kinds([compressed], [row(1)]), []);
});

Deno.test("compare: of several files the highest rank counts, among equals the one that the row names, else the last", async () => {
  const [a, b, c] = [
    rollout(1, { name: "a" }),
    rollout(1, { name: "b" }),
    rollout(1, { name: "c", rank: "0" }),
  ] as const;
  const chosen = async (rows: StateRow[]) =>
    (await find([a, b, c], rows)).duplicates.map(({ chosen }) => chosen.item.name);
  assertEquals(await chosen([]), ["b"]);
  assertEquals(await chosen([toRow(a)]), ["a"]);
  assertEquals(await chosen([toRow(c)]), ["b"]);
  assertEquals((await find([a, b, c], [toRow(c)])).changes.map(({ kinds, rollouts }) => [kinds, rollouts]), [[[
    "differing",
  ], [
    b,
  ]]]);
});

Deno.test("compare: done like Codex, every file is merged in turn, and the last one wins", async () => {
  const [a, b] = [rollout(1, { name: "a", rank: "" }), rollout(1, { name: "b", rank: "", preview: "later" })] as const;
  const { changes } = await find([a, b], [toRow(a)], { mergesEveryFile: true });
  assertEquals(changes.map((change) => [change.rollouts, rowAfter(change, plugins).preview]), [[[a, b], "later"]]);
});

Deno.test("compare: the file in which Codex goes on with a thread is no copy of the one before", async () => {
  const [first, next] = [
    rollout(1),
    rollout(1, { name: `rollout-${threadId(1)}_${threadId(9)}.jsonl`, rank: "2" }),
  ] as const;
  const found = await find([first, next], [toRow(next)]);
  assertEquals([found.changes, found.duplicates], [[], []]);
  const copy = rollout(1, { name: `b/rollout-${threadId(1)}_${threadId(9)}.jsonl` });
  assertEquals((await find([first, next, copy], [toRow(next)])).duplicates.map(({ others }) => others), [[copy]]);
});

Deno.test("compare: a row without a rollout is gone only if its file is", async () => {
  const rows = [row(1), row(2, { rollout_path: "/outside" })];
  assertEquals((await find([], rows, {}, ["/outside"])).gone, [{ id: threadId(1), path: row(1).rollout_path }]);
});

Deno.test("compare: the parent that a thread was spawned by is missing", async () => {
  const { changes } = await find([rollout(1, { parent: threadId(5) })], [row(1)]);
  assertEquals(changes.map(({ kinds, columns }) => [kinds, columns]), [
    [["differing"], [{ column: "thread_spawn_edges", before: null, after: threadId(5) }]],
  ]);
});

Deno.test("compare: changes come in the order of rollouts, whatever the order of rows, and every rollout is asked once", async () => {
  let asked = 0;
  const counted = [2, 3, 1].map((number) => {
    const one = rollout(number), { extraction } = one;
    return { ...one, extraction: () => (asked++, extraction()) };
  });
  const { changes } = await find(counted, [row(1, { source: "exec" }), row(2, { source: "exec" })]);
  assertEquals([changes.map(({ id }) => id), asked], [[2, 3, 1].map(threadId), 3]);
});

Deno.test("compare: however many forks go back to a thread, it is looked into once for all of them, and for none whose row is listed", async () => {
  const asked = [0, 0, 0, 0, 0];
  const chain = asked.map((_, at) => {
    const facts = at === 0 ? {} : { preview: "", from: threadId(at) };
    const one = rollout(at + 1, facts), { extraction } = one;
    return { ...one, extraction: () => (asked[at] = (asked[at] ?? 0) + 1, extraction()) };
  });
  const hidden = asked.map((_, at) => row(at + 1, at === 0 ? {} : { preview: "" }));
  const { changes } = await find(chain, hidden);
  assertEquals(changes.map(({ columns }) => columns.map(({ after }) => after)), [["hello"], ["hello"], ["hello"], [
    "hello",
  ]]);
  assertEquals(asked, [2, 2, 2, 2, 1]);
  asked.fill(0);
  await find(chain, asked.map((_, at) => row(at + 1)));
  assertEquals(asked, [1, 1, 1, 1, 1]);
});

Deno.test("byThread: threads come in the order of the last rollout of each, as Codex comes to them", () => {
  const [a, b, c] = [rollout(1, { name: "a" }), rollout(2, { name: "b" }), rollout(1, { name: "c" })] as const;
  assertEquals([...byThread([a, b, c])], [[threadId(2), [b]], [threadId(1), [a, c]]]);
});

Deno.test("compare: malformed lines are added up", async () => {
  assertEquals((await find([rollout(1, { malformed: 2 }), rollout(2, { malformed: 3 })], [])).malformedLines, 5);
});
