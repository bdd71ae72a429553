/**
 * How a thread that was read from a rollout is merged into a row of Codex's own database without losing anything: what the rollout
 * says is written, but for what is said here, where the row may hold what a rollout does not say, or no longer.
 *
 * | column | is kept when |
 * |---|---|
 * | title that somebody gave | always |
 * | name | not null; a null is filled only in a paginated thread, whose name Codex takes from there |
 * | git, originator, creator | not null, as Codex keeps them |
 * | updated_at | the file was touched only: nothing was recorded after it; or the row was changed after the file |
 * | archived_at | the row was archived already |
 * | memory_mode | it is not `enabled` and the rollout says nothing else |
 * | history_mode | `paginated` |
 * | title, first message, preview, cwd, agent, thread_source | the rollout has none |
 * | tokens_used | the rollout has none |
 * | model, effort, sandbox_policy, approval_mode | the rollout tells of no turn |
 * | source, model_provider, cli_version, created_at | the session_meta of the rollout is lost |
 *
 * @module
 */
import type { SqlValue } from "../sqlite/driver.ts";
import { isRenamed, rules0169, UNIQUE_WITHIN_MS } from "./like_0169.ts";
import type { DerivedColumn, MergeRow, MergeRules } from "./row.ts";

/** What a rollout gives: the row, and when its last record was written. */
export interface RolloutRow extends MergeRow {
  /** The time of the last record in milliseconds, or `null`. */
  readonly last_record_at_ms: SqlValue;
}

type Rule = (before: MergeRow, row: RolloutRow) => SqlValue;

/** The rules. */
export const keepBetter: MergeRules<RolloutRow> = {
  ...rules0169,
  title: (before, row) => isRenamed(before) || row.title === "" ? before.title : row.title,
  name: (before, row) => before.name ?? (row.history_mode === "paginated" ? row.name : null),
  first_user_message: unlessEmpty("first_user_message"),
  cwd: unlessEmpty("cwd"),
  agent_nickname: unlessNull("agent_nickname"),
  agent_role: unlessNull("agent_role"),
  agent_path: unlessNull("agent_path"),
  thread_source: unlessNull("thread_source"),
  archived_at: (before, row) =>
    isArchived(before) && isArchived(row) ? before.archived_at ?? row.archived_at : row.archived_at,
  created_at: withMeta("created_at"),
  created_at_ms: withMeta("created_at_ms"),
  updated_at: (before, row) => keepsUpdate(before, row) ? before.updated_at : row.updated_at,
  updated_at_ms: (before, row) => keepsUpdate(before, row) ? before.updated_at_ms : row.updated_at_ms,
  source: withMeta("source"),
  model_provider: withMeta("model_provider"),
  cli_version: withMeta("cli_version"),
  memory_mode: (before, row) => row.memory_mode === "enabled" ? before.memory_mode : row.memory_mode,
  model: withTurn("model"),
  reasoning_effort: withTurn("reasoning_effort"),
  sandbox_policy: withTurn("sandbox_policy"),
  approval_mode: withTurn("approval_mode"),
  tokens_used: (before, row) => Number(row.tokens_used) === 0 ? before.tokens_used : row.tokens_used,
};

function unlessEmpty(column: DerivedColumn): Rule {
  return (before, row) => row[column] === "" ? before[column] : row[column];
}

function unlessNull(column: DerivedColumn): Rule {
  return (before, row) => row[column] ?? before[column];
}

/** A rollout without a version has no session_meta of its thread: the values that one gives are defaults. */
function withMeta(column: DerivedColumn): Rule {
  return (before, row) => row.cli_version === "" && before.cli_version !== "" ? before[column] : row[column];
}

/** A rollout without a model tells of no turn: the values that one gives are defaults. */
function withTurn(column: DerivedColumn): Rule {
  return (before, row) => row.model === null ? before[column] : row[column];
}

function isArchived(row: MergeRow): boolean {
  return Number(row.archived) === 1;
}

/**
 * The time of a file says when it was copied or restored as well as when something was recorded. Codex makes times of one run
 * unlike each other, and times before 2020 a thousand times as large.
 */
function keepsUpdate(before: MergeRow, row: RolloutRow): boolean {
  if (before.updated_at_ms === null) return false;
  const had = Number(before.updated_at_ms), wanted = Number(row.updated_at_ms);
  if (had >= wanted) return had !== wanted * 1000 || had <= wanted + UNIQUE_WITHIN_MS;
  const recorded = row.last_record_at_ms;
  return recorded !== null && had >= Math.floor(Number(recorded) / 1000) * 1000;
}
