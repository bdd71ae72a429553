/**
 * A row of `threads` as the rules of merging see it.
 *
 * @module
 */
import type { CodexThread, ThreadMark } from "../codex_thread.ts";
import type { SqlValue } from "../sqlite/driver.ts";

/** The columns of Codex's own table that a rollout says something about. */
export type DerivedColumn = Exclude<
  keyof CodexThread,
  "id" | "last_record_at_ms" | "dynamic_tools" | "spawn_edge" | ThreadMark
>;

/** Their values. */
export type MergeRow = Readonly<Record<DerivedColumn, SqlValue>>;

/**
 * Which value a column gets, of the row that is there and the one that a rollout gives. A column without a rule gets the latter.
 *
 * @typeParam R What a rollout gives.
 */
export type MergeRules<R extends MergeRow = MergeRow> = {
  readonly [C in DerivedColumn]?: (before: MergeRow, row: R) => SqlValue;
};

/**
 * Merges the row that a rollout gives into the one that is there.
 *
 * @typeParam R What a rollout gives; it may have more columns, which stay.
 * @param rules The rules.
 * @param before The row that is there.
 * @param row The row that the rollout gives.
 */
export function mergeRow<R extends MergeRow>(rules: MergeRules<R>, before: MergeRow, row: R): R {
  const merged: Record<string, SqlValue> = {};
  for (const [column, rule] of Object.entries(rules)) merged[column] = rule(before, row);
  return { ...row, ...merged };
}
