/**
 * How a thread that was read from a rollout is merged into a row of Codex's own database without losing anything: what the rollout
 * says is written, but for what is said here, where the row may hold what a rollout does not say, or no longer.
 *
 * | column | is kept when |
 * |---|---|
 * | what it is attached to; title that somebody gave | always |
 * | name | not null; of a thread that is not paginated always: Codex takes that from the index in its home |
 * | rollout_path | the file is the same one, compressed: Codex finds it by either path |
 * | git, originator, creator | not null, as Codex keeps them; git of a paginated thread also when null: somebody cleared it |
 * | updated_at | the file was touched only: nothing was recorded seconds after it; or the row was changed after the file |
 * | archived_at | the row was archived already |
 * | memory_mode | it is not `enabled` and the rollout says nothing else |
 * | history_mode | `paginated` |
 * | title, first message, cwd, agent, thread_source | the rollout has none |
 * | title, first message, preview | the rollout is a later segment: what was said first stands in the beginning of the thread |
 * | created_at | the rollout is a later segment, and the beginning of the thread is not there |
 * | cwd | it is the same but for the prefix `\\?\` of Windows |
 * | tokens_used | the rollout has none |
 * | model, effort, sandbox_policy, approval_mode | the rollout tells of no turn |
 * | effort, sandbox_policy, approval_mode | that of the last turn cannot be read, as where a newer Codex wrote it |
 * | preview | it is neither empty nor the first message: a goal, or what a fork was forked from |
 * | created_at | it lies within seconds of what the rollout says, which is written a moment later, or of a later segment |
 * | source, cli_version, created_at | the session_meta of the rollout is lost |
 * | model_provider | the rollout names none: what is the default today need not have been it then |
 *
 * @module
 */
import { compressed } from "../compression.ts";
import type { CodexThread } from "../codex_thread.ts";
import { multiplyEarly } from "../early_times.ts";
import { segmentOf } from "../segment.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { isPaginated, isRenamed, isSameFolder, rules0169, UNIQUE_WITHIN_MS } from "./like_0169.ts";
import type { DerivedColumn, MergeRow, MergeRules } from "./row.ts";

/** That the last turn has a value that cannot be read, by the kind of value. */
type Unread = Extract<keyof CodexThread, `has_unread_${string}`>;

/** What a rollout gives: the row, and what is known of it besides. */
export interface RolloutRow extends MergeRow, Readonly<Partial<Record<Unread, SqlValue>>> {
  /** The time of the last record in milliseconds, or `null`. */
  readonly last_record_at_ms: SqlValue;
  /** 1 if the provider is not the rollout's. */
  readonly is_default_provider?: SqlValue;
  /** 1 if the rollout is a later segment, and the time at which the thread was created was added to it. */
  readonly has_beginning?: SqlValue;
}

type Rule = (before: MergeRow, row: RolloutRow) => SqlValue;

/** The rules. */
export const keepBetter: MergeRules<RolloutRow> = {
  ...rules0169,
  title: (before, row) => isRenamed(before) ? before.title : fromBeginning("title")(before, row),
  rollout_path: (before, row) =>
    row.rollout_path === compressed(String(before.rollout_path)) ? before.rollout_path : row.rollout_path,
  first_user_message: fromBeginning("first_user_message"),
  preview: (before, row) => hasOwnPreview(before) ? before.preview : fromBeginning("preview")(before, row),
  cwd: (before, row) => row.cwd === "" || isSameFolder(before.cwd, row.cwd) ? before.cwd : row.cwd,
  agent_nickname: unlessNull("agent_nickname"),
  agent_role: unlessNull("agent_role"),
  agent_path: unlessNull("agent_path"),
  thread_source: unlessNull("thread_source"),
  archived_at: (before, row) =>
    isArchived(before) && isArchived(row) ? before.archived_at ?? row.archived_at : row.archived_at,
  created_at: (before, row) => keepsCreation(before, row) ? before.created_at : row.created_at,
  created_at_ms: (before, row) => keepsCreation(before, row) ? before.created_at_ms : row.created_at_ms,
  updated_at: (before, row) => keepsUpdate(before, row) ? before.updated_at : row.updated_at,
  updated_at_ms: (before, row) => keepsUpdate(before, row) ? before.updated_at_ms : row.updated_at_ms,
  source: withMeta("source"),
  model_provider: (before, row) =>
    row.is_default_provider === 1 && before.model_provider !== "" ? before.model_provider : row.model_provider,
  cli_version: withMeta("cli_version"),
  memory_mode: (before, row) => row.memory_mode === "enabled" ? before.memory_mode : row.memory_mode,
  model: withTurn("model"),
  reasoning_effort: withTurn("reasoning_effort", "has_unread_effort"),
  sandbox_policy: withTurn("sandbox_policy", "has_unread_policy"),
  approval_mode: withTurn("approval_mode", "has_unread_approval"),
  tokens_used: (before, row) => Number(row.tokens_used) === 0 ? before.tokens_used : row.tokens_used,
  // Codex refuses to take a name away: a row without one never had it, or was made anew of the rollout.
  name: (before, row) => before.name ?? (isPaginated(before) || isPaginated(row) ? row.name : null),
};

/** What was said first stands in the file that a thread begins in. */
function fromBeginning(column: DerivedColumn): Rule {
  return (before, row) =>
    row[column] === "" || isLaterSegment(row) && before[column] !== "" ? before[column] : row[column];
}

function isLaterSegment({ rollout_path }: RolloutRow): boolean {
  return segmentOf(String(rollout_path)) !== "";
}

function unlessNull(column: DerivedColumn): Rule {
  return (before, row) => row[column] ?? before[column];
}

function withMeta(column: DerivedColumn): Rule {
  return (before, row) => lostMeta(before, row) ? before[column] : row[column];
}

/** A rollout without a version has no session_meta of its thread: the values that one gives are defaults. */
function lostMeta(before: MergeRow, row: RolloutRow): boolean {
  return row.cli_version === "" && before.cli_version !== "";
}

/** How long after its row a rollout, or a record in it, may be written on a machine that is busy, in milliseconds. */
export const WRITTEN_WITHIN_MS = 5000;

function keepsCreation(before: MergeRow, row: RolloutRow): boolean {
  if (before.created_at_ms === null) return false;
  if (lostMeta(before, row) || isLaterSegment(row) && row.has_beginning !== 1) return true;
  const had = Number(before.created_at_ms), created = Number(row.created_at_ms);
  // Where the thread goes on in a segment, Codex takes the time at which that was begun.
  const latest = row.has_beginning === 1 ? Math.max(created, Number(row.last_record_at_ms)) : created;
  return had >= created - WRITTEN_WITHIN_MS && had <= latest + WRITTEN_WITHIN_MS;
}

function hasOwnPreview(row: MergeRow): boolean {
  return row.preview !== "" && row.preview !== row.first_user_message;
}

/** A rollout without a model tells of no turn: the values that one gives are defaults. */
function withTurn(column: DerivedColumn, unread?: Unread): Rule {
  return (before, row) => row.model === null || unread && row[unread] === 1 ? before[column] : row[column];
}

function isArchived(row: MergeRow): boolean {
  return Number(row.archived) === 1;
}

/** The time of a file says when it was copied or restored as well as when something was recorded. */
function keepsUpdate(before: MergeRow, row: RolloutRow): boolean {
  if (before.updated_at_ms === null) return false;
  const had = Number(before.updated_at_ms), wanted = Number(row.updated_at_ms);
  if (had >= wanted) return !isMultiplied(had, wanted);
  const recorded = row.last_record_at_ms;
  return recorded !== null && had >= Number(recorded) - WRITTEN_WITHIN_MS;
}

/** Whether Codex made a time of another before 2020, which it moves to be unlike others and then takes for seconds. */
function isMultiplied(ms: number, early: number): boolean {
  const latest = early + UNIQUE_WITHIN_MS;
  return ms > latest && ms >= multiplyEarly(early) && ms <= multiplyEarly(latest);
}
