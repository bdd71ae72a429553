/**
 * A connection with its prepared statements and transactions.
 *
 * @module
 */
import type { SqliteDatabase, SqliteStatement, SqlRow, SqlValue } from "./driver.ts";
import { toStoreError } from "./sqlite_error.ts";

/** A connection to the database of a store. */
export class Connection {
  readonly #db: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();
  #open = true;

  /** Takes over an open database. */
  constructor(db: SqliteDatabase, readonly path: string) {
    this.#db = db;
  }

  /** Runs statements that take no parameters. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Runs one statement, prepared once. */
  run(sql: string, ...values: SqlValue[]): void {
    this.#prepared(sql).run(...values);
  }

  /** The first row of a query, if any. */
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined {
    return this.#prepared(sql).get(...values);
  }

  /**
   * The rows of a query whose one column is a `json_array(…)`. Text is read this way because both libraries cut a text
   * column at its first NUL.
   *
   * @typeParam T What the array holds, as the caller's SQL makes it.
   */
  arrays<T extends unknown[]>(sql: string, ...values: SqlValue[]): T[] {
    return this.#prepared(sql).all(...values).flatMap((row) => Object.values(row).map((text) => parse<T>(text)));
  }

  /**
   * As {@linkcode Connection.arrays}, for the rows in which a column has one of many values. `sql` ends in `IN`.
   *
   * @typeParam T What the array holds, as the caller's SQL makes it.
   */
  arraysIn<T extends unknown[]>(sql: string, wanted: readonly string[], ...values: SqlValue[]): T[] {
    const found: T[] = [];
    for (let from = 0; from < wanted.length; from += CHUNK) {
      const chunk: (string | null)[] = wanted.slice(from, from + CHUNK);
      // A few sizes only, so that few statements are prepared. Nothing equals NULL.
      const size = chunk.length <= 1 ? 1 : CHUNK;
      while (chunk.length < size) chunk.push(null);
      found.push(...this.arrays<T>(`${sql} (${Array(size).fill("?").join(", ")})`, ...values, ...chunk));
    }
    return found;
  }

  /**
   * Does some work in one transaction, which takes the lock for writing at once.
   *
   * @param work What to do. If it throws, nothing is changed.
   * @throws {StoreError} If the database failed.
   */
  transaction<T>(work: () => T): T {
    return this.guard(() => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#db.exec("COMMIT");
        return result;
      } catch (error) {
        this.#quietly("ROLLBACK");
        throw error;
      }
    });
  }

  /**
   * Does some work inside a transaction that can be undone without ending it.
   *
   * @param work What to do. If it throws, what it did is undone.
   */
  savepoint<T>(work: () => T): T {
    this.#db.exec("SAVEPOINT work");
    try {
      const result = work();
      this.#db.exec("RELEASE work");
      return result;
    } catch (error) {
      this.#quietly("ROLLBACK TO work; RELEASE work");
      throw error;
    }
  }

  /** Does some work, and makes of an error of the library one that says what to do. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  /** Closes the connection. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#db.close();
  }

  /** SQLite itself may have ended the transaction; the error that matters is the one before. */
  #quietly(sql: string): void {
    try {
      this.#db.exec(sql);
    } catch {
      // See above.
    }
  }

  #prepared(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const CHUNK = 100;

function parse<T extends unknown[]>(text: SqlValue | undefined): T {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  if (!Array.isArray(value)) throw new TypeError("Cannot read a row: the query must give a json_array");
  return value as T;
}
