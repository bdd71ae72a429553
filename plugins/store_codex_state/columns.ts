/**
 * The columns of `threads` in Codex's state database.
 *
 * @module
 */
import type { DerivedColumn } from "../codex_merge/row.ts";
import type { CodexThread, Integer } from "../codex_thread.ts";

/** A row of `threads`, by every column that Codex 0.169.0 has. */
export interface StateThread
  extends Omit<Pick<CodexThread, "id" | DerivedColumn>, "created_at_ms" | "updated_at_ms" | "archived"> {
  /** When the thread was started, in milliseconds; Codex always fills it. */
  readonly created_at_ms: Integer | null;
  /** When it was last changed, in milliseconds, unlike that of any other thread of the same backfill. */
  readonly updated_at_ms: Integer | null;
  /** 1 if it is archived. */
  readonly archived: Integer;
  /** What lists are ordered by, in seconds. */
  readonly recency_at: Integer;
  /** {@linkcode StateThread.recency_at} in milliseconds. */
  readonly recency_at_ms: Integer;
  /** Whether the user did something in it. */
  readonly has_user_event: Integer;
  /** 1 if the user pinned it. */
  readonly is_pinned: Integer;
  /** The section the user put it into. */
  readonly thread_section_id: string | null;
  /** Its place in the section. */
  readonly section_position: Integer | null;
  /** When it came into the section, in milliseconds. */
  readonly section_entered_at_ms: Integer | null;
  /** The project the user put it into. */
  readonly project_id: string | null;
  /** A setting of the user's. */
  readonly daybreak_enabled: Integer | null;
}

/** What a column may hold. */
export interface StateColumn {
  /** Its type. */
  readonly type: "text" | "integer";
  /** Whether it may be null. */
  readonly nullable: boolean;
}

const text: StateColumn = { type: "text", nullable: false };
const integer: StateColumn = { type: "integer", nullable: false };
const textOrNull: StateColumn = { type: "text", nullable: true };
const integerOrNull: StateColumn = { type: "integer", nullable: true };

/** Every column, in the order of the table. */
export const stateColumns: Readonly<Record<keyof StateThread, StateColumn>> = {
  id: text,
  rollout_path: text,
  created_at: integer,
  updated_at: integer,
  source: text,
  model_provider: text,
  cwd: text,
  title: text,
  sandbox_policy: text,
  approval_mode: text,
  tokens_used: integer,
  has_user_event: integer,
  archived: integer,
  archived_at: integerOrNull,
  git_sha: textOrNull,
  git_branch: textOrNull,
  git_origin_url: textOrNull,
  cli_version: text,
  first_user_message: text,
  agent_nickname: textOrNull,
  agent_role: textOrNull,
  memory_mode: text,
  model: textOrNull,
  reasoning_effort: textOrNull,
  agent_path: textOrNull,
  created_at_ms: integerOrNull,
  updated_at_ms: integerOrNull,
  thread_source: textOrNull,
  preview: text,
  recency_at: integer,
  recency_at_ms: integer,
  history_mode: text,
  name: textOrNull,
  is_pinned: integer,
  thread_section_id: textOrNull,
  section_position: integerOrNull,
  section_entered_at_ms: integerOrNull,
  project_id: textOrNull,
  originator: textOrNull,
  daybreak_enabled: integerOrNull,
  creator_user_id: textOrNull,
  creator_account_id: textOrNull,
  attached_thread_parent_id: textOrNull,
};

/** Whether a text names a column. */
export function isStateColumn(name: string): name is keyof StateThread {
  return Object.hasOwn(stateColumns, name);
}

/** SQL for a row as JSON that keeps every digit of an integer: integers are text in it. */
export const STATE_THREAD_JSON: string = `json_object(${
  Object.entries(stateColumns).map(([name, { type }]) =>
    `'${name}', ${type === "integer" ? `CAST(${name} AS TEXT)` : name}`
  ).join(", ")
})`;

/**
 * Reads a row out of what {@linkcode STATE_THREAD_JSON} gives.
 *
 * @param json The JSON, parsed.
 * @throws {TypeError} If a column holds what its type does not allow.
 */
export function stateThreadOf(json: unknown): StateThread {
  return checkedStateThread(
    Object.fromEntries(Object.entries(objectOf(json)).map(([name, value]) => [name, digits(name, value)])),
  );
}

/**
 * Checks that a row may stand in the table.
 *
 * @param row The row.
 * @throws {TypeError} If a column holds what its type does not allow.
 */
export function checkedStateThread(row: Record<string, unknown>): StateThread {
  if (isStateThread(row)) return row;
  const wrong = Object.keys(stateColumns).filter((name) => isStateColumn(name) && !fits(stateColumns[name], row[name]));
  throw new TypeError(`the columns ${wrong.join(", ")} cannot hold what is given for them`);
}

function isStateThread(row: Record<string, unknown>): row is Record<string, unknown> & StateThread {
  return Object.entries(stateColumns).every(([name, column]) => fits(column, row[name]));
}

function fits({ type, nullable }: StateColumn, value: unknown): boolean {
  if (value === null) return nullable;
  if (type === "text") return typeof value === "string";
  return typeof value === "bigint" ? value >= MIN && value <= MAX : Number.isSafeInteger(value);
}

/** What SQLite can hold as an integer. */
const MIN = -(2n ** 63n), MAX = 2n ** 63n - 1n;

function digits(name: string, value: unknown): unknown {
  if (!isStateColumn(name) || stateColumns[name].type === "text" || typeof value !== "string") return value;
  if (!/^-?\d+$/.test(value)) return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
