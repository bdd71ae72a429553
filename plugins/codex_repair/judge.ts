/**
 * One thread: what its row would become, and in which ways it is wrong.
 *
 * @module
 */
import { isSameFile } from "../is_there.ts";
import { best, isCopy, withSegmentsBefore } from "./best_file.ts";
import type { KeptValue, RepairPlugins, StateRow, StateView } from "./contract.ts";
import type { ChangeKind, ColumnChange, Duplicate, KeptThread, ThreadChange } from "./findings.ts";
import { type Forebears, takesPreview, withPreviewOfParent } from "./fork_preview.ts";
import type { Gathered, ReadRollout } from "./gather.ts";
import type { RowPaths } from "./in_home.ts";
import { fileLeftTo, type LeftBy, type LeftFile } from "./left_file.ts";
import { ownersOf } from "./owners.ts";

/** What a row is judged by beside the rollouts of its thread. */
export interface Surroundings<Row extends StateRow> extends LeftBy {
  /** How rows are merged. */
  readonly plugins: Pick<RepairPlugins<Row>, "merge" | "mergesEveryFile">;
  /** The threads that forks go back to. */
  readonly forebears: Forebears;
  /** The threads of which it is recorded who spawned them. */
  readonly children: ReadonlySet<string>;
}

/** Puts together what rows are judged by. */
export function surroundings<Row extends StateRow>(
  { gathered, view, plugins, forebears, paths }: {
    gathered: Gathered;
    view: Pick<StateView<Row>, "edges">;
    plugins: Surroundings<Row>["plugins"];
    forebears: Forebears;
    paths: RowPaths;
  },
): Surroundings<Row> {
  const { failed, problems } = gathered;
  const children = new Set(view.edges().map(({ child_thread_id }) => child_thread_id));
  return { plugins, forebears, owners: ownersOf(gathered), failed, problems, children, ...paths };
}

/** What is found of one thread; nothing where all is as it should be. */
export interface Judgement<Row extends StateRow> {
  /** What a repair would change. */
  readonly change?: ThreadChange<Row>;
  /** What it would keep. */
  readonly kept?: KeptThread;
  /** The copies of its file. */
  readonly duplicate?: Duplicate;
  /** The file that its row is left with. */
  readonly leftTo?: LeftFile;
}

/**
 * Judges the row of a thread.
 *
 * @param id The thread.
 * @param rollouts Its rollouts: at least one.
 * @param row The row, if there is one.
 * @param around What else it is judged by.
 */
export function judge<Row extends StateRow>(
  id: string,
  rollouts: readonly ReadRollout[],
  row: Row | undefined,
  around: Surroundings<Row>,
): Judgement<Row> {
  const { plugins, children, exists } = around;
  const chosen = best(rollouts, row);
  const leftTo = row && !plugins.mergesEveryFile ? fileLeftTo(row, rollouts, chosen, around) : undefined;
  if (leftTo) return { leftTo };
  const others = rollouts.filter((rollout) => rollout !== chosen && isCopy(rollout, rollouts));
  const duplicate = others.length > 0 ? { duplicate: { id, chosen, others } } : {};
  const whole = withSegmentsBefore(chosen, rollouts, row);
  const taken = plugins.mergesEveryFile
    ? rollouts
    : [takesPreview(row, rollouts) ? withPreviewOfParent(whole, around.forebears) : whole];
  const { after, values } = mergeAll(row, taken, plugins);
  const { rollout_path: path } = after;
  if (!row) {
    return { ...duplicate, change: { id, kinds: ["missing"], path, rollouts: taken, columns: [], before: row } };
  }
  const better = values.filter(({ column, kept, codexWrites }) =>
    column !== "rollout_path" || !isSameFile(String(kept), String(codexWrites))
  );
  const columns = [...changedColumns(row, after), ...missingEdge(chosen, children)];
  const kinds = kindsOf(row, columns, rollouts, exists);
  return {
    ...duplicate,
    ...(better.length > 0 ? { kept: { id, values: better } } : {}),
    ...(kinds.length > 0 ? { change: { id, kinds, path, rollouts: taken, columns, before: row } } : {}),
  };
}

/** The row that a change makes. */
export function rowAfter<Row extends StateRow>(
  { before, rollouts }: Pick<ThreadChange<Row>, "before" | "rollouts">,
  plugins: Pick<RepairPlugins<Row>, "merge">,
): Row {
  return mergeAll(before, rollouts, plugins).after;
}

function mergeAll<Row extends StateRow>(
  found: Row | undefined,
  rollouts: readonly ReadRollout[],
  { merge }: Pick<RepairPlugins<Row>, "merge">,
): { after: Row; values: readonly KeptValue[] } {
  const [first, ...rest] = rollouts;
  if (!first) throw new TypeError("a thread without a rollout");
  const start = merge(found, first.extraction().row);
  return rest.reduce((so, { extraction }) => {
    const { row, kept } = merge(so.after, extraction().row, found);
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

function missingEdge({ edge }: ReadRollout, children: ReadonlySet<string>): ColumnChange[] {
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
