/**
 * Writing to the tables of Codex's database. Every call belongs into a transaction.
 *
 * @module
 */
import type { DerivedColumn } from "../codex_merge/row.ts";
import type { SpawnEdge } from "../codex_thread.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { CodexBackfillState } from "./backfill_state.ts";
import { isStateColumn, STATE_THREAD_JSON, stateColumns, type StateThread, stateThreadOf } from "./columns.ts";

/** Every column, in the order in which values are bound. */
const COLUMNS = Object.keys(stateColumns).filter(isStateColumn);

/**
 * The columns that are written once, when a row is made: those that are the user's, what a thread is attached to, and what
 * lists are ordered by.
 */
const WRITTEN_ONCE: ReadonlySet<string> = new Set<
  Exclude<keyof StateThread, DerivedColumn> | "attached_thread_parent_id"
>([
  "id",
  "recency_at",
  "recency_at_ms",
  "has_user_event",
  "is_pinned",
  "thread_section_id",
  "section_position",
  "section_entered_at_ms",
  "project_id",
  "daybreak_enabled",
  "attached_thread_parent_id",
]);

const REFRESHED = COLUMNS.filter((name) => !WRITTEN_ONCE.has(name));

const INSERT = `INSERT INTO threads (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})`;

function updateOf(names: readonly string[]): string {
  // A name is the user's, also one given to a row since this run made it: it is filled in, and never replaced.
  const set = names.map((name) => name === "name" ? "name = coalesce(name, ?)" : `${name} = ?`);
  return `UPDATE threads SET ${set.join(", ")} WHERE id = ?`;
}

/** What hangs on a thread without a foreign key. */
const HANGING = ["thread_spawn_edges WHERE child_thread_id = ?", "thread_read_receipts WHERE thread_id = ?"];

/** Reads and writes rows. */
export class StateRows {
  readonly #connection: Connection;

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The rows of threads, by id. */
  read(ids: readonly string[]): Map<string, StateThread> {
    const rows = this.#connection.arraysIn<[unknown]>(STATE_THREAD_JSON, "FROM threads WHERE id IN", ids);
    return new Map(rows.map(([row]) => stateThreadOf(row)).map((row) => [row.id, row]));
  }

  /** Whether two rows of a thread differ in a column that would be written. */
  differ(a: StateThread, b: StateThread): boolean {
    return REFRESHED.some((name) => a[name] !== b[name]);
  }

  /** Makes a row. */
  insert(row: StateThread): void {
    this.#connection.run(INSERT, ...COLUMNS.map((name) => row[name]));
  }

  /**
   * Writes the columns of a row that are not the user's, and the name where there is none.
   *
   * @param row The row to be.
   * @param before The row that there is, of which what stays is not written: it may be text that is not UTF-8. Default: all is.
   */
  update(row: StateThread, before?: StateThread): void {
    const names = before ? REFRESHED.filter((name) => row[name] !== before[name]) : REFRESHED;
    if (names.length > 0) this.#connection.run(updateOf(names), ...names.map((name) => row[name]), row.id);
  }

  /** Writes a row that this run made and that nobody saw yet: what lists are ordered by as well. */
  remake(row: StateThread): void {
    this.update(row);
    this.#connection.run(
      "UPDATE threads SET recency_at = ?, recency_at_ms = ? WHERE id = ?",
      row.recency_at,
      row.recency_at_ms,
      row.id,
    );
  }

  /** Removes a thread with what hangs on it. Answers whether there was one. */
  remove(id: string): boolean {
    const found = this.#connection.get("SELECT 1 AS found FROM threads WHERE id = ?", id) !== undefined;
    if (!found) return false;
    for (const table of HANGING) this.#connection.run(`DELETE FROM ${table}`, id);
    this.#connection.run("DELETE FROM threads WHERE id = ?", id);
    return true;
  }

  /** Which of some threads are known to have been spawned. */
  spawned(children: readonly string[]): Set<string> {
    const rows = this.#connection.arraysIn<[string]>(
      "child_thread_id",
      "FROM thread_spawn_edges WHERE child_thread_id IN",
      children,
    );
    return new Set(rows.map(([child]) => child));
  }

  /** Records that a thread was spawned, unless something is recorded of it already. */
  insertEdge({ parent_thread_id, child_thread_id, status }: SpawnEdge): void {
    this.#connection.run(
      `INSERT OR IGNORE INTO thread_spawn_edges (parent_thread_id, child_thread_id, status) VALUES (?, ?, ?)`,
      parent_thread_id,
      child_thread_id,
      status,
    );
  }

  /** The latest `updated_at_ms` of all threads; 0 if there is none. */
  latestUpdate(): number {
    return Number(this.#connection.get("SELECT max(updated_at_ms) AS ms FROM threads")?.ms ?? 0);
  }

  /** Writes the row of Codex's own backfill. */
  writeState({ status, lastWatermark, lastSuccessAt, updatedAt }: CodexBackfillState): void {
    this.#connection.run(
      `INSERT INTO backfill_state (id, status, last_watermark, last_success_at, updated_at) VALUES (1, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, last_watermark = excluded.last_watermark,
         last_success_at = excluded.last_success_at, updated_at = excluded.updated_at`,
      status,
      lastWatermark,
      lastSuccessAt,
      updatedAt,
    );
  }
}
