/**
 * What becomes of a row of Codex's when a thread is merged into it.
 *
 * @module
 */
import { keepBetter, type RolloutRow } from "../codex_merge/keep_better.ts";
import { multiplyEarly } from "../early_times.ts";
import { rules0169, UNIQUE_WITHIN_MS } from "../codex_merge/like_0169.ts";
import { type DerivedColumn, type MergeRow, mergeRow } from "../codex_merge/row.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { checkedStateThread, isStateColumn, type StateThread } from "./columns.ts";

/** The versions of Codex whose way of merging can be followed. */
export type CodexStateCompat = "0.169.0";

/** A value that is kept although Codex's own backfill would write another. */
export interface KeptValue {
  /** The column. */
  readonly column: DerivedColumn;
  /** What is kept. */
  readonly kept: unknown;
  /** What Codex would write. */
  readonly codexWrites: unknown;
}

/** What comes of a row and a thread. */
export interface MergedThread {
  /** The row to write; the columns that are the user's are those of the row before. */
  readonly row: StateThread;
  /** What in it is kept although Codex would not. */
  readonly kept: readonly KeptValue[];
}

/** What the columns hold that no rollout tells of, when a row is made. */
const UNTOUCHED = {
  has_user_event: 0,
  is_pinned: 0,
  thread_section_id: null,
  section_position: null,
  section_entered_at_ms: null,
  project_id: null,
  daybreak_enabled: null,
} as const;

/**
 * Merges a thread into a row, or makes a row of it. Depends on nothing but what it is given.
 *
 * Without `compat` the better value is kept wherever Codex's own rule would lose one. With it, every column is what Codex 0.169.0
 * would write, but for the milliseconds by which it makes `updated_at_ms` unlike those of other threads: a value that may have
 * come about so is left.
 *
 * @param before The row that the thread has, if it has one.
 * @param thread What a rollout says of it.
 * @param compat Merge exactly like this version.
 * @param found The row that was there before any other file of the thread was merged, whose time may be left. Default: `before`.
 * @returns The row, and what was kept in it.
 * @throws {TypeError} If a column cannot hold what the thread has for it.
 *
 * @example A name stays
 * ```ts ignore
 * import { inspectCodexState, mergeThread } from "@rollout/backfill/store-codex-state";
 *
 * using state = await inspectCodexState("/home/me/.codex/state_5.sqlite");
 * const { row } = mergeThread(state.thread(thread.id), thread);
 * ```
 */
export function mergeThread(
  before: StateThread | undefined,
  thread: CodexThread,
  compat?: CodexStateCompat,
  found: StateThread | undefined = before,
): MergedThread {
  const given = rolloutRow(thread), timed = compat === undefined ? given : inTime(found, given, multiplyEarly);
  return mergeRollout(before, thread.id.toWellFormed(), timed, compat);
}

/**
 * Merges what a rollout gives into a row, or makes a row of it.
 *
 * @param before The row that the thread has, if it has one.
 * @param id The thread.
 * @param given What the rollout gives.
 * @param compat Merge exactly like this version.
 */
export function mergeRollout(
  before: StateThread | undefined,
  id: string,
  given: RolloutRow,
  compat: CodexStateCompat | undefined,
): MergedThread {
  if (!before) {
    const recency = { recency_at: given.updated_at, recency_at_ms: given.updated_at_ms };
    // Codex takes the name of a legacy thread from the index in its home, and never renews the column of one.
    const name = given.history_mode === "paginated" ? given.name : null;
    return { row: checkedStateThread({ ...tableColumns(given), name, ...recency, ...UNTOUCHED, id }), kept: [] };
  }
  const merged = compat === undefined ? mergeBetter(before, given) : mergeRow(rules0169, before, given);
  // What a thread is attached to is written when its row is made.
  const { attached_thread_parent_id } = before;
  const row = checkedStateThread({ ...before, ...tableColumns(merged), attached_thread_parent_id });
  return {
    row,
    kept: compat === undefined ? keptValues(before, merged, mergeRow(rules0169, before, inTime(before, given))) : [],
  };
}

/** Merged twice: whether somebody gave a title is told by the first message, which the first time may change. */
function mergeBetter(before: MergeRow, given: RolloutRow): RolloutRow {
  return mergeRow(keepBetter, mergeRow(keepBetter, before, given), given);
}

/** The row that a rollout gives, with values as the database gives them back: text in UTF-8, which has no lone surrogates. */
export function rolloutRow(thread: CodexThread): RolloutRow {
  const { id: _id, dynamic_tools: _tools, spawn_edge: _edge, ...row } = thread;
  return { ...row, ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asStored(value)])) };
}

function asStored(value: SqlValue): SqlValue {
  if (typeof value === "string") return value.toWellFormed();
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function tableColumns(row: RolloutRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => isStateColumn(name)));
}

/** The row, with the time that Codex makes of its own, or with that of the one before if it is that, made unlike others. */
function inTime(
  before: StateThread | undefined,
  row: RolloutRow,
  timeOf: (ms: number) => number = (ms) => ms,
): RolloutRow {
  const given = Number(row.updated_at_ms), wanted = timeOf(given), latest = timeOf(given + UNIQUE_WITHIN_MS);
  const had = Number(before?.updated_at_ms ?? NaN);
  if (before && had > wanted && had <= latest) {
    return { ...row, updated_at: before.updated_at, updated_at_ms: before.updated_at_ms };
  }
  return wanted === given ? row : { ...row, updated_at: Math.floor(wanted / 1000), updated_at_ms: wanted };
}

function keptValues(before: MergeRow, merged: MergeRow, codex: MergeRow): KeptValue[] {
  const kept: KeptValue[] = [];
  for (const [column, value] of Object.entries(merged)) {
    if (!isDerived(column, codex) || value !== before[column] || value === codex[column]) continue;
    kept.push({ column, kept: value, codexWrites: codex[column] });
  }
  return kept;
}

function isDerived(column: string, row: MergeRow): column is DerivedColumn {
  return column !== "last_record_at_ms" && Object.hasOwn(row, column);
}
