/**
 * A thread as values to bind, and as the JSON that a copy is kept as.
 *
 * @module
 */
import type { CodexThread, DynamicTool, DynamicTools, SpawnEdge } from "../codex_thread.ts";
import { columnRules, type ThreadColumn, threadColumns } from "./columns.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { isInt64 } from "../sqlite/sql_values.ts";

/** What the tables take of a thread. */
export interface ThreadValues {
  /** The values of the columns, in the order of {@linkcode threadColumns}. */
  readonly columns: SqlValue[];
  /** The tools, or `null`. */
  readonly tools: DynamicTools | null;
  /** The edge, or `null`. */
  readonly edge: SpawnEdge | null;
}

/**
 * Takes the values of a row.
 *
 * @param row The row.
 * @throws {TypeError} If a column holds what its type does not allow, e.g. because an extractor left it out.
 */
export function valuesOf(row: CodexThread): ThreadValues {
  return {
    columns: threadColumns.map((name, at) => checked(name, row[name], IS_TEXT[at] === true)),
    tools: row.dynamic_tools,
    edge: row.spawn_edge,
  };
}

/** Whether a column holds text, by its place: looked up once for millions of values. */
const IS_TEXT: readonly boolean[] = threadColumns.map((name) => columnRules[name].type === "text");

function checked(name: ThreadColumn, value: unknown, isText: boolean): SqlValue {
  if (value === null) return null;
  if (isText) {
    if (typeof value === "string") return value;
  } else {
    if (Number.isSafeInteger(value)) return Number(value);
    if (typeof value === "bigint" && isInt64(value)) return value;
  }
  const found = typeof value === "number" || typeof value === "bigint" ? `the number ${value}` : typeof value;
  throw new TypeError(`the column "${name}" is ${found} instead of ${isText ? "text" : "integer"}`);
}

/**
 * Makes the JSON of a row. Integers beyond 2^53 become text.
 *
 * @param row The row.
 */
export function toJson(row: CodexThread): string {
  return JSON.stringify(row, (_name, value) => typeof value === "bigint" ? String(value) : value);
}

// A column holds anything, whatever its type is, and JSON no BLOB.
const COLUMNS = threadColumns.map((name) =>
  `'${name}', CAST(${columnRules[name].type === "integer" ? `CAST(${name} AS INTEGER)` : name} AS TEXT)`
).join(", ");

function texts(...names: readonly string[]): string {
  return `json_object(${names.map((name) => `'${name}', CAST(${name} AS TEXT)`).join(", ")})`;
}

/** SQL for the JSON of the columns of a row. Integers are text there. */
export const JSON_OF_COLUMNS = `json_object(${COLUMNS})`;

/** SQL for the JSON of the thread `threads.id`, as {@linkcode toJson} makes it. Integers are text there. */
export const JSON_OF_THREAD = `json_object(${COLUMNS},
  'dynamic_tools', json_object('thread_id', id, 'tools', (
    SELECT json_group_array(${texts("name", "description", "input_schema")})
    FROM (SELECT * FROM thread_dynamic_tools WHERE thread_id = threads.id ORDER BY position))),
  'spawn_edge', (
    SELECT ${texts("parent_thread_id", "child_thread_id", "status")}
    FROM thread_spawn_edges WHERE child_thread_id = threads.id))`;

/**
 * Takes the values of a row out of its JSON. A column that is not in it is null.
 *
 * @param json What {@linkcode toJson} or {@linkcode JSON_OF_THREAD} made.
 */
export function fromJson(json: string): ThreadValues {
  const row = object(JSON.parse(json));
  const tools = object(row.dynamic_tools), edge = object(row.spawn_edge);
  return {
    columns: columnsOf(row),
    tools: Array.isArray(tools.tools)
      ? { thread_id: String(tools.thread_id), tools: tools.tools.map((tool) => toolOf(object(tool))) }
      : null,
    edge: row.spawn_edge
      ? {
        parent_thread_id: String(edge.parent_thread_id),
        child_thread_id: String(edge.child_thread_id),
        status: String(edge.status),
      }
      : null,
  };
}

/**
 * Takes the values of the columns out of their JSON.
 *
 * @param row What {@linkcode JSON_OF_COLUMNS} made, parsed.
 */
export function columnsOf(row: unknown): SqlValue[] {
  const values = object(row);
  return threadColumns.map((name, at) => {
    const value = values[name] ?? null, isText = IS_TEXT[at] === true;
    return checked(name, !isText && typeof value === "string" ? integer(value) : value, isText);
  });
}

/** A row by the names of its columns. */
export type NamedValues = Readonly<Record<ThreadColumn, SqlValue>>;

/**
 * Names the values of a row.
 *
 * @param columns The values, in the order of {@linkcode threadColumns}.
 */
export function named(columns: readonly SqlValue[]): NamedValues {
  const row = Object.fromEntries(threadColumns.map((name, at) => [name, columns[at]]));
  if (isComplete(row)) return row;
  throw new TypeError(`a row has ${threadColumns.length} columns, not ${columns.length}`);
}

function isComplete(row: Record<string, SqlValue | undefined>): row is Record<ThreadColumn, SqlValue> {
  return threadColumns.every((name) => row[name] !== undefined);
}

function toolOf({ name, description, input_schema }: Record<string, unknown>): DynamicTool {
  return { name: String(name), description: String(description), input_schema: String(input_schema) };
}

function integer(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
