/**
 * The columns of a thread and how each is merged: the one place that says which value wins.
 *
 * @module
 */
import type { CodexThread, ThreadMark } from "../codex_thread.ts";

/**
 * Who has the say over a column.
 *
 * - `derived`: the rollout. What the item that gives the row holds is written.
 * - `side-source`: the rollout, unless the database already has a value while the same item, read by the same version of the
 *   extractor, gives the row.
 * - `named`: the item, where it has a value; where it has none, what the database has stays, whoever wrote it.
 */
export type ColumnKind = "derived" | "side-source" | "named";

/** The columns that {@linkcode CodexThread} gives, apart from the id. */
export type ThreadColumn = Exclude<keyof CodexThread, "id" | "dynamic_tools" | "spawn_edge" | ThreadMark>;

/** What holds for one column. */
export interface ColumnRule {
  /** Who has the say. */
  readonly kind: ColumnKind;
  /** What it holds. */
  readonly type: "text" | "integer";
}

const text: ColumnRule = { kind: "derived", type: "text" };
const integer: ColumnRule = { kind: "derived", type: "integer" };
const git: ColumnRule = { kind: "side-source", type: "text" };

/** Every column that a row gives. */
export const columnRules: Readonly<Record<ThreadColumn, ColumnRule>> = {
  rollout_path: text,
  created_at: integer,
  created_at_ms: integer,
  updated_at: integer,
  updated_at_ms: integer,
  last_record_at_ms: integer,
  source: text,
  model_provider: text,
  cwd: text,
  title: text,
  first_user_message: text,
  preview: text,
  sandbox_policy: text,
  approval_mode: text,
  tokens_used: integer,
  archived: integer,
  archived_at: integer,
  git_sha: git,
  git_branch: git,
  git_origin_url: git,
  cli_version: text,
  agent_nickname: text,
  agent_role: text,
  agent_path: text,
  memory_mode: text,
  model: text,
  reasoning_effort: text,
  thread_source: text,
  history_mode: text,
  // A renaming in the home's index arrives; a name that was set in the database is not lost where the index has none.
  name: { kind: "named", type: "text" },
  originator: text,
  creator_user_id: text,
  creator_account_id: text,
  attached_thread_parent_id: text,
};

/**
 * User-owned columns that no row gives, and the column whose value they get when the row is made. The others
 * (`has_user_event`, `is_pinned`, `thread_section_id`, `section_position`, `section_entered_at_ms`, `project_id`,
 * `daybreak_enabled`) begin with their defaults and are never written.
 */
export const filledOnInsert: Readonly<Record<"recency_at" | "recency_at_ms", ThreadColumn>> = {
  recency_at: "updated_at",
  recency_at_ms: "updated_at_ms",
};

/** The names of the columns, in the order in which values are bound. */
export const threadColumns: readonly ThreadColumn[] = Object.keys(columnRules).filter(isThreadColumn);

function isThreadColumn(name: string): name is ThreadColumn {
  return Object.hasOwn(columnRules, name);
}
