/**
 * Rollouts against rows: what is wrong in a state database, by what a repair would write.
 *
 * @module
 */
import { compareCodePoints } from "../../src/order.ts";
import type { SourceProblem } from "../../src/source.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { continued } from "../codex_merge/continued.ts";
import { withoutCompression } from "../compression.ts";
import { isSameFile } from "../is_there.ts";
import { segmentOf, segmentOfRow } from "../segment.ts";
import type { RepairPlugins, StateRow, StateView } from "./contract.ts";
import type { ChangeKind, ColumnChange, Findings, GoneThread, KeptThread, Place, ThreadChange } from "./findings.ts";
import type { Gathered, ReadRollout } from "./gather.ts";
import { idsIn } from "./named_threads.ts";

/** What {@linkcode compare} is given. */
export interface CompareInput<Row extends StateRow> {
  /** What the rollouts hold. */
  readonly gathered: Gathered;
  /** What the database holds. */
  readonly view: Pick<StateView<Row>, "threads" | "edges">;
  /** How rows are merged. */
  readonly plugins: Pick<RepairPlugins<Row>, "merge" | "mergesEveryFile">;
  /** Whether a path is that of a file, as far as can be told. */
  readonly exists: (path: string) => boolean;
  /** Whether a path lies in the home. */
  readonly isInHome: (path: string) => boolean;
}

/**
 * Compares. A value that a repair would leave is no difference, whatever the rollout says.
 *
 * @param input What there is.
 * @returns What differs.
 */
export function compare<Row extends StateRow>(
  { gathered, view, plugins, exists, isInHome }: CompareInput<Row>,
): Findings<Row> {
  const rows = new Map<string, Row>();
  for (const row of view.threads()) rows.set(row.id, row);
  const children = new Set(view.edges().map(({ child_thread_id }) => child_thread_id));
  const changes: ThreadChange<Row>[] = [];
  const kept: KeptThread[] = [];
  const duplicates: Findings["duplicates"][number][] = [];
  const unread: Place[] = [];
  const threads = byThread(gathered.read), owners = ownersOf(gathered);
  for (const [id, rollouts] of threads) {
    const row = rows.get(id);
    const chosen = best(rollouts, row);
    if (row && !plugins.mergesEveryFile && namesUnread(row, rollouts, chosen)) {
      unread.push({ path: row.rollout_path, reason: `the row of ${id} names it, and it could not be read` });
      continue;
    }
    const others = rollouts.filter((rollout) => rollout !== chosen && isCopy(rollout, rollouts));
    if (others.length > 0) duplicates.push({ id, chosen, others });
    const taken = plugins.mergesEveryFile ? rollouts : [row ? chosen : withSegmentsBefore(chosen, rollouts)];
    const { after, values } = mergeAll(row, taken, plugins);
    const better = values.filter(({ column, kept, codexWrites }) =>
      column !== "rollout_path" || !isSameFile(String(kept), String(codexWrites))
    );
    if (row && better.length > 0) kept.push({ id, values: better });
    const columns = row ? [...changedColumns(row, after), ...missingEdge(chosen, children)] : [];
    const kinds = row ? kindsOf(row, columns, rollouts, exists) : ["missing" as const];
    if (kinds.length > 0) changes.push({ id, kinds, rollouts: taken, columns, before: row, after });
  }
  return {
    rollouts: gathered.read.length + gathered.failed.length,
    threads: threads.size,
    changes,
    gone: goneThreads({ rows, threads, owners, gathered, exists }),
    duplicates,
    malformed: gathered.failed.filter(({ failure }) => !failure.transient),
    malformedLines: gathered.read.reduce((sum, { extraction }) => sum + extraction.malformed, 0),
    unreadable: [
      ...placesOf(gathered.problems.filter(({ hides }) => hides !== undefined)),
      ...gathered.failed.filter(({ failure }) => failure.transient)
        .map(({ item, failure }) => ({ path: item.location, reason: failure.reason })),
      ...unread,
    ],
    notes: placesOf(gathered.problems.filter(({ hides }) => hides === undefined)),
    kept,
  };

  /** Whether a row names a file that is there, and of which nothing is known that could be compared: it stays as it is. */
  function namesUnread(row: Row, rollouts: readonly ReadRollout[], chosen: ReadRollout): boolean {
    const { rollout_path: path } = row, isIt = ({ item }: { item: RolloutItem }) => isSameFile(item.location, path);
    if (rollouts.some(isIt) || !isInHome(path) || !exists(path) || isOfAnother(row, owners)) return false;
    const failed = gathered.failed.find(isIt);
    // A damaged copy gives way to a good one, but not to a part from before the user went back.
    return !failed || failed.failure.transient || segmentOf(failed.item.name) !== segmentOf(chosen.item.name);
  }
}

function placesOf(problems: readonly SourceProblem[]): Place[] {
  return problems.map(({ location, reason }) => ({ path: location, reason }));
}

/** Groups rollouts by thread, in the order of the last rollout of each: that of Codex's own backfill. */
function byThread(read: readonly ReadRollout[]): Map<string, ReadRollout[]> {
  const threads = new Map<string, ReadRollout[]>();
  for (const rollout of read) {
    const { key } = rollout.extraction;
    const before = threads.get(key);
    threads.delete(key);
    threads.set(key, [...before ?? [], rollout]);
  }
  return threads;
}

/** Whether another of the rollouts of a thread is the same file over again, and not another segment of the thread. */
export function isCopy({ item }: ReadRollout, rollouts: readonly ReadRollout[]): boolean {
  return rollouts.some((other) => other.item !== item && segmentOf(other.item.name) === segmentOf(item.name));
}

/**
 * The rollout that gives the row: of the latest segment, for in those before it stands what was taken back; of copies the highest
 * rank; among equals the file that the row names, else the highest watermark.
 */
export function best(rollouts: readonly ReadRollout[], row: StateRow | undefined): ReadRollout {
  return rollouts.reduce((one, other) => {
    const bySegment = compareSegments(one, other);
    if (bySegment !== 0) return bySegment > 0 ? one : other;
    const byRank = compareCodePoints(one.extraction.rank, other.extraction.rank);
    if (byRank !== 0) return byRank > 0 ? one : other;
    return isSameFile(one.item.location, row?.rollout_path) && one.extraction.rank !== "" ? one : other;
  });
}

/** A rollout with the best one of each segment before it: a row that is missing gets what only the beginning of a thread says. */
function withSegmentsBefore(chosen: ReadRollout, rollouts: readonly ReadRollout[]): ReadRollout {
  const before = rollouts.filter((one) => compareSegments(one, chosen) < 0).toSorted(compareSegments);
  const segments = Map.groupBy(before, ({ extraction }) => segmentOfRow(extraction.row));
  const parts = [...[...segments.values()].map((copies) => best(copies, undefined)), chosen];
  const row = parts.map(({ extraction }) => extraction.row).reduce(continued);
  return { item: chosen.item, extraction: { ...chosen.extraction, row } };
}

function compareSegments({ extraction: a }: ReadRollout, { extraction: b }: ReadRollout): number {
  return compareCodePoints(segmentOfRow(a.row), segmentOfRow(b.row));
}

function mergeAll<Row extends StateRow>(
  row: Row | undefined,
  rollouts: readonly ReadRollout[],
  { merge }: Pick<RepairPlugins<Row>, "merge">,
): { after: Row; values: KeptThread["values"] } {
  const [first, ...rest] = rollouts;
  if (!first) throw new TypeError("a thread without a rollout");
  const start = merge(row, first.extraction.row);
  return rest.reduce((so, { extraction }) => {
    const { row, kept } = merge(so.after, extraction.row);
    return { after: row, values: [...so.values, ...kept] };
  }, { after: start.row, values: start.kept });
}

function changedColumns<Row extends StateRow>(before: Row, after: Row): ColumnChange[] {
  const old = new Map(Object.entries(before));
  return Object.entries(after)
    .map(([column, value]) => ({ column, before: old.get(column), after: value }))
    .filter((change) => !isSame(change));
}

function isSame({ column, before, after }: ColumnChange): boolean {
  return before === after || column === "rollout_path" && isSameFile(String(before), String(after));
}

function missingEdge({ extraction }: ReadRollout, children: ReadonlySet<string>): ColumnChange[] {
  const edge = extraction.row.spawn_edge;
  if (!edge || children.has(edge.child_thread_id)) return [];
  return [{ column: "thread_spawn_edges", before: null, after: edge.parent_thread_id }];
}

function kindsOf(
  row: StateRow,
  columns: readonly ColumnChange[],
  rollouts: readonly ReadRollout[],
  exists: (path: string) => boolean,
): ChangeKind[] {
  const changed = new Set(columns.map(({ column }) => column));
  const kinds: ChangeKind[] = [];
  const isListed = rollouts.some(({ item }) => isSameFile(item.location, row.rollout_path));
  if (changed.delete("rollout_path") && !(isListed && exists(row.rollout_path))) kinds.push("stale");
  else if (columns.some(({ column }) => column === "rollout_path")) changed.add("rollout_path");
  if (changed.delete("archived")) {
    kinds.push("archived");
    changed.delete("archived_at");
  }
  if (changed.size > 0) kinds.push("differing");
  return kinds;
}

/** Rows without any file: what cannot be read may be a thread's if it is called like it. */
function goneThreads({ rows, threads, owners, gathered, exists }: {
  readonly rows: ReadonlyMap<string, StateRow>;
  readonly threads: ReadonlyMap<string, unknown>;
  readonly owners: Owners;
  readonly gathered: Gathered;
  readonly exists: (path: string) => boolean;
}): GoneThread[] {
  const unread = new Set(gathered.failed.flatMap(({ item }) => idsIn(item)));
  return [...rows.values()]
    .filter((row) => {
      const id = row.id.toLowerCase();
      if (threads.has(id) || unread.has(id)) return false;
      return isOfAnother(row, owners) || !exists(row.rollout_path);
    })
    .map(({ id, rollout_path }) => ({ id, path: rollout_path }));
}

/** Which thread each file is of, by its path. */
export type Owners = ReadonlyMap<string, string>;

/** Tells of every file that was read which thread it is of. */
export function ownersOf({ read }: Gathered): Owners {
  return new Map(read.map(({ item, extraction }) => [withoutCompression(item.location), extraction.key]));
}

/** Whether the file that a row names is that of another thread. */
export function isOfAnother({ id, rollout_path }: Pick<StateRow, "id" | "rollout_path">, owners: Owners): boolean {
  const owner = owners.get(withoutCompression(rollout_path));
  // Where a rollout does not say well whose it is, Codex goes by its name.
  return owner !== undefined && owner !== id && !rollout_path.toLowerCase().includes(id.toLowerCase());
}
