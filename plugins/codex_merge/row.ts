/**
 * A row of `threads` as the rules of merging see it.
 *
 * @module
 */
import type { CodexThread } from "../codex_thread.ts";
import type { SqlValue } from "../sqlite/driver.ts";

/** The columns of Codex's own table that a rollout says something about. */
export type DerivedColumn = Exclude<keyof CodexThread, "id" | "last_record_at_ms" | "dynamic_tools" | "spawn_edge">;

/** Their values. */
export type MergeRow = Readonly<Record<DerivedColumn, SqlValue>>;

/** Which value a column gets, of the row that is there and the one that a rollout gives. A column without a rule gets the latter. */
export type MergeRules = {
  readonly [C in DerivedColumn]?: (before: MergeRow, row: MergeRow) => SqlValue;
};

/**
 * Merges the row that a rollout gives into the one that is there.
 *
 * @typeParam R The rows; they may have more columns, which are those of the rollout's then.
 * @param rules The rules.
 * @param before The row that is there.
 * @param row The row that the rollout gives.
 */
export function mergeRow<R extends MergeRow>(rules: MergeRules, before: MergeRow, row: R): R {
  const merged: Record<string, SqlValue> = {};
  for (const [column, rule] of Object.entries(rules)) merged[column] = rule(before, row);
  return { ...row, ...merged };
}
