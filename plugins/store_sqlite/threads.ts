/**
 * Writing threads, their tools and edges, and the copies that other items hold.
 *
 * @module
 */
import { rules0169, UniqueTimes } from "../codex_merge/like_0169.ts";
import { mergeRow } from "../codex_merge/row.ts";
import type { DynamicTools } from "../codex_thread.ts";
import { columnRules, filledOnInsert, threadColumns } from "./columns.ts";
import type { Connection } from "../sqlite/connection.ts";
import { isAboutRow, toStoreError } from "../sqlite/sqlite_error.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { columnsOf, fromJson, JSON_OF_COLUMNS, JSON_OF_THREAD, named, type ThreadValues } from "./thread_values.ts";

/** Like which version of Codex rows are merged; without it by the rules of the columns. */
export type MergeLike = "0.99.0" | "0.169.0";

/** Which item gives a row. */
export interface Giver {
  /** Its id in the ledger. */
  readonly ledgerId: number;
  /** The version of the extractor. */
  readonly version: string;
}

/** Writes to the tables of threads. Every call belongs into a transaction. */
export class Threads {
  readonly #connection: Connection;
  readonly #like: MergeLike | undefined;
  readonly #upsert: string;
  readonly #upsertLong: string;
  #times = new UniqueTimes(0);
  /** Whether nothing is left of rows that somebody deleted. */
  #isSwept = false;

  /** Prepares for a way of merging. */
  constructor(connection: Connection, like: MergeLike | undefined) {
    this.#connection = connection;
    this.#like = like;
    this.#upsert = upsertSql(like);
    this.#upsertLong = upsertSql(like, ONE_TEXT);
  }

  /** Begins a run: like Codex 0.169.0 times are made unlike each other from the latest that there is. */
  begin(): void {
    this.#isSwept = false;
    if (this.#like !== "0.169.0") return;
    const latest = this.#connection.get("SELECT max(updated_at_ms) AS ms FROM threads")?.ms ?? 0;
    this.#times = new UniqueTimes(Number(latest));
  }

  /** The point that a run has come to, as {@linkcode Threads.goBack} takes it after something was undone. */
  get point(): number {
    return this.#times.latest;
  }

  /** Goes back to a point. */
  goBack(point: number): void {
    this.#times.goBack(point);
  }

  /**
   * Writes a row.
   *
   * @param id The thread.
   * @param giver The item that gives the row.
   * @param values What to write.
   * @param isNew Whether the thread is known to have had no row in this run.
   */
  write(id: string, giver: Giver, values: ThreadValues, isNew: boolean): void {
    if (isNew && !this.#like && !this.#isSwept) this.#sweep();
    const columns = this.#like === "0.169.0" ? this.#mergedLike0169(id, values.columns) : values.columns;
    const isLong = isOneLongText(columns);
    const bound = isLong ? columns.map((value, at) => COPIES.has(at) ? null : value) : columns;
    this.#connection.run(isLong ? this.#upsertLong : this.#upsert, id, giver.ledgerId, giver.version, ...bound);
    this.#writeTools(id, values.tools, isNew);
    this.#writeEdge(id, values.edge, isNew);
  }

  /** Keeps what an item holds as a copy. */
  keepCopy(id: string, giver: Giver, row: string): void {
    this.#connection.run(
      `INSERT INTO copies (ledger_id, thread_id, extractor_version, row) VALUES (?, ?, ?, ?) ${COPY_UPDATE}`,
      giver.ledgerId,
      id,
      giver.version,
      row,
    );
  }

  /** Forgets the copy of an item. */
  dropCopy(ledgerId: number): void {
    this.#connection.run("DELETE FROM copies WHERE ledger_id = ?", ledgerId);
  }

  /** Makes the row of a thread the copy of the item that gives it. */
  demote(id: string): void {
    this.#connection.run(
      `INSERT INTO copies (ledger_id, thread_id, extractor_version, row)
       SELECT ledger_id, id, extractor_version, ${JSON_OF_THREAD} FROM threads WHERE id = ?
       ${COPY_UPDATE}`,
      id,
    );
  }

  /**
   * Makes the copy of an item the row of its thread.
   *
   * @returns Whether it could be. One that is damaged is dropped, its item is read again by the next run, and until then the row
   * stays as it is.
   */
  promote(id: string, ledgerId: number): boolean {
    const isWritten = this.#writeCopy(id, ledgerId);
    this.dropCopy(ledgerId);
    if (isWritten) return true;
    this.orphan(id);
    this.#connection.run("UPDATE ledger SET version = '' WHERE id = ?", ledgerId);
    return false;
  }

  #writeCopy(id: string, ledgerId: number): boolean {
    const copy = this.#connection.get(
      "SELECT extractor_version, CAST(row AS TEXT) AS row FROM copies WHERE ledger_id = ?",
      ledgerId,
    );
    if (!copy) return false;
    const { point } = this;
    try {
      const giver = { ledgerId, version: String(copy.extractor_version) };
      this.#connection.savepoint(() => this.write(id, giver, fromJson(String(copy.row)), false), "copy");
      return true;
    } catch (error) {
      if (!isAboutRow(error)) throw error;
      this.goBack(point);
      return false;
    }
  }

  /** Leaves a row in place that no item gives any more. */
  orphan(id: string): void {
    this.#connection.run("UPDATE threads SET ledger_id = NULL, extractor_version = NULL WHERE id = ?", id);
  }

  /** Follows an item that was moved, in its row or its copy. A copy that is damaged stays so: it is read again if it is needed. */
  relocate(id: string, ledgerId: number, path: string): void {
    this.#connection.run("UPDATE threads SET rollout_path = ? WHERE id = ? AND ledger_id = ?", path, id, ledgerId);
    this.#connection.run(
      "UPDATE copies SET row = json_set(row, '$.rollout_path', ?) WHERE ledger_id = ? AND json_valid(row)",
      path,
      ledgerId,
    );
  }

  #mergedLike0169(id: string, columns: readonly SqlValue[]): SqlValue[] {
    const row = this.#times.apply(named(columns));
    const [found] = this.#connection.arrays<[unknown]>(JSON_OF_COLUMNS, "FROM threads WHERE id = ?", id);
    const merged = found ? mergeRow(rules0169, named(columnsOf(found[0])), row) : row;
    return threadColumns.map((name) => merged[name]);
  }

  /** Removes what is left of rows that somebody deleted before this run, with foreign keys off: else a new row would get it. */
  #sweep(): void {
    this.#connection.run("DELETE FROM thread_spawn_edges WHERE child_thread_id NOT IN (SELECT id FROM threads)");
    try {
      this.#connection.run("DELETE FROM thread_dynamic_tools WHERE thread_id NOT IN (SELECT id FROM threads)");
    } catch (error) {
      throw toStoreError(error, this.#connection.path, "backfill_dynamic_tools");
    }
    this.#isSwept = true;
  }

  #writeTools(id: string, offered: DynamicTools | null, isNew: boolean): void {
    if (this.#like === "0.169.0") return; // It has the table, but writes nothing into it.
    try {
      // Codex 0.99 files tools under the thread that the session_meta names, and never removes one.
      const like = this.#like !== undefined;
      if (!like && !isNew) {
        if (this.#hasTools(id, offered?.tools ?? [])) return;
        this.#connection.run("DELETE FROM thread_dynamic_tools WHERE thread_id = ?", id);
      }
      offered?.tools.forEach(({ name, description, input_schema }, position) =>
        this.#connection.run(
          `INSERT OR IGNORE INTO thread_dynamic_tools (thread_id, position, name, description, input_schema)
           SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM threads WHERE id = ?1)`,
          like ? offered.thread_id : id,
          position,
          name,
          description,
          input_schema,
        )
      );
    } catch (error) {
      throw isAboutRow(error) ? error : toStoreError(error, this.#connection.path, "backfill_dynamic_tools");
    }
  }

  /** Whether a thread has these tools and no others, as one that is read again mostly has: to write them is what takes long. */
  #hasTools(id: string, tools: DynamicTools["tools"]): boolean {
    const found = this.#connection.arrays<[string, string, string]>(
      "CAST(name AS TEXT), CAST(description AS TEXT), CAST(input_schema AS TEXT)",
      "FROM thread_dynamic_tools WHERE thread_id = ? ORDER BY position",
      id,
    );
    return found.length === tools.length && tools.every((tool, at) => {
      const [name, description, schema] = found[at] ?? [];
      return tool.name === name && tool.description === description && tool.input_schema === schema;
    });
  }

  #writeEdge(id: string, edge: ThreadValues["edge"], isNew: boolean): void {
    if (edge) {
      this.#connection.run(
        `INSERT INTO thread_spawn_edges (parent_thread_id, child_thread_id, status) VALUES (?, ?, ?)
         ON CONFLICT (child_thread_id) DO ${this.#like === "0.169.0" ? "NOTHING" : EDGE_UPDATE}`,
        edge.parent_thread_id,
        id,
        edge.status,
      );
    } else if (!isNew && !this.#like) {
      this.#connection.run("DELETE FROM thread_spawn_edges WHERE child_thread_id = ?", id);
    }
  }
}

const COPY_UPDATE = `ON CONFLICT (ledger_id) DO UPDATE SET thread_id = excluded.thread_id,
  extractor_version = excluded.extractor_version, row = excluded.row`;

const EDGE_UPDATE = "UPDATE SET parent_thread_id = excluded.parent_thread_id, status = excluded.status";

/** The columns that mostly hold one text, the first message. A long one is bound once, since every copy of it takes memory twice. */
const ONE_TEXT = ["title", "first_user_message", "preview"] as const;

/** Where the text is bound, and where it then is not. */
const [TEXT_AT = 0, ...OTHERS_AT] = ONE_TEXT.map((name) => threadColumns.indexOf(name));
const COPIES = new Set(OTHERS_AT);

/** How long a text must be for it to matter. */
const LONG_TEXT = 1 << 20;

function isOneLongText(columns: readonly SqlValue[]): boolean {
  const text = columns[TEXT_AT];
  return typeof text === "string" && text.length >= LONG_TEXT && OTHERS_AT.every((at) => columns[at] === text);
}

/** Values are bound as: id, ledger_id, extractor_version, then the columns in their order. */
function upsertSql(like: MergeLike | undefined, oneText: readonly string[] = []): string {
  const fixed = ["id", "ledger_id", "extractor_version"];
  const columns = [...fixed, ...threadColumns];
  const filled = Object.entries(filledOnInsert);
  const places = [
    ...columns.map((name) => `?${columns.indexOf(oneText.includes(name) ? oneText[0] ?? name : name) + 1}`),
    ...filled.map(([, from]) => `?${fixed.length + threadColumns.indexOf(from) + 1}`),
  ];
  const sets = threadColumns.map((name) => {
    const { kind } = columnRules[name];
    // Like 0.169.0 the values that are bound are merged already.
    if (like === "0.169.0") return `${name} = excluded.${name}`;
    if (kind === "named") return `${name} = coalesce(excluded.${name}, threads.${name})`;
    if (kind === "derived" || like) return `${name} = excluded.${name}`;
    return `${name} = CASE WHEN threads.ledger_id = excluded.ledger_id
      AND threads.extractor_version = excluded.extractor_version
      THEN coalesce(threads.${name}, excluded.${name}) ELSE excluded.${name} END`;
  });
  return `INSERT INTO threads (${[...columns, ...filled.map(([name]) => name)].join(", ")})
    VALUES (${places.join(", ")}) ON CONFLICT (id) DO UPDATE SET
    ledger_id = excluded.ledger_id, extractor_version = excluded.extractor_version, ${sets.join(", ")}`;
}
