/**
 * How a state database and the rollouts differ.
 *
 * @module
 */
import type { KeptValue, StateRow } from "./contract.ts";
import type { FailedRollout, ReadRollout } from "./gather.ts";

/**
 * In which way the row of a thread is not what its rollout says.
 *
 * - `missing`: there is no row.
 * - `stale`: the row names a file that is gone, or that is of another home or another thread.
 * - `archived`: the row says archived and the file does not lie among the archived ones, or the other way round.
 * - `differing`: other columns differ.
 */
export type ChangeKind = "missing" | "stale" | "archived" | "differing";

/** Every kind, in the order in which they are told. */
export const CHANGE_KINDS: readonly ChangeKind[] = ["missing", "stale", "archived", "differing"];

/** A column that a repair would change. */
export interface ColumnChange {
  /** The column, or `thread_spawn_edges` for the parent that the thread was spawned by. */
  readonly column: string;
  /** What is in the database. */
  readonly before: unknown;
  /** What a repair would write. */
  readonly after: unknown;
}

/** A thread whose row a repair would make or change. */
export interface ThreadChange<Row extends StateRow = StateRow> {
  /** The thread. */
  readonly id: string;
  /** In which ways the row is wrong. */
  readonly kinds: readonly ChangeKind[];
  /** The path of the rollout that its row is to have. */
  readonly path: string;
  /** The rollouts to merge into the row, in this order. */
  readonly rollouts: readonly ReadRollout[];
  /** What would change; nothing for a row that is missing as a whole. */
  readonly columns: readonly ColumnChange[];
  /** The row that there is; `undefined` if it is missing. */
  readonly before: Row | undefined;
}

/** A row without a rollout, whose file is not there. Only pruning removes it. */
export interface GoneThread {
  /** The thread. */
  readonly id: string;
  /** The path that the row has. */
  readonly path: string;
}

/** A thread with copies of a rollout. */
export interface Duplicate {
  /** The thread. */
  readonly id: string;
  /** The rollout that gives the row. */
  readonly chosen: ReadRollout;
  /** The others. */
  readonly others: readonly ReadRollout[];
}

/** A thread with values that are better than what Codex's own backfill would write. */
export interface KeptThread {
  /** The thread. */
  readonly id: string;
  /** The values. */
  readonly values: readonly KeptValue[];
}

/** A file or folder with which something is wrong. */
export interface Place {
  /** Its path. */
  readonly path: string;
  /** What. */
  readonly reason: string;
}

/** A file outside of the home, or where no rollout is looked for, with which a row is left. */
export interface Elsewhere extends Place {
  /** The folder by which it may be there again; `null` if it is there, as far as can be told. */
  readonly missingFolder: string | null;
}

/** Everything in which a state database and the rollouts differ. */
export interface Findings<Row extends StateRow = StateRow> {
  /** How many rollouts there are. */
  readonly rollouts: number;
  /** How many threads they are about. */
  readonly threads: number;
  /** The threads whose rows a repair would make or change, in the order of rollouts. */
  readonly changes: readonly ThreadChange<Row>[];
  /** The rows whose file is gone. */
  readonly gone: readonly GoneThread[];
  /** The threads with copies of a rollout. */
  readonly duplicates: readonly Duplicate[];
  /** The rollouts that give no row. */
  readonly malformed: readonly FailedRollout[];
  /** Lines in other rollouts that are malformed and passed over. */
  readonly malformedLines: number;
  /** What cannot be read. */
  readonly unreadable: readonly Place[];
  /**
   * The files that rows name, and that are not known to be gone, outside of the home or where no rollout is looked for. The rows
   * stay.
   */
  readonly elsewhere: readonly Elsewhere[];
  /** What is wrong beside that, of which no rollout can be missing: a torn line in the list of names. */
  readonly notes: readonly Place[];
  /** The rollouts of threads that a Codex was at meanwhile, so that what differed is no difference. */
  readonly inUse: readonly Place[];
  /** What is kept although Codex would write something worse. */
  readonly kept: readonly KeptThread[];
}

/** How many threads a repair would change in a way. */
export function countChanges(findings: Findings, kind: ChangeKind): number {
  return findings.changes.filter(({ kinds }) => kinds.includes(kind)).length;
}

/** What a column holds that a repair would change. */
export function valueBefore({ columns }: ThreadChange, column: string): unknown {
  return columns.find((change) => change.column === column)?.before;
}

/** The columns of a change that no other kind tells of. */
export function otherColumns({ kinds, columns }: ThreadChange): readonly ColumnChange[] {
  const told = [
    ...(kinds.includes("stale") ? ["rollout_path"] : []),
    ...(kinds.includes("archived") ? ["archived", "archived_at"] : []),
  ];
  return columns.filter(({ column }) => !told.includes(column));
}

/** Whether nothing at all was found. */
export function isEqual({ changes, gone, duplicates, malformed, unreadable, elsewhere }: Findings): boolean {
  return [changes, gone, duplicates, malformed, unreadable, elsewhere].every(({ length }) => length === 0);
}
