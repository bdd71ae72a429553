/**
 * A connection with its prepared statements and transactions.
 *
 * @module
 */
import { reasonOf } from "../../src/errors.ts";
import type { SqliteDatabase, SqliteDriver, SqliteStatement, SqlRow, SqlValue } from "./driver.ts";
import { toStoreError } from "./sqlite_error.ts";

/** A connection to the database of a store. */
export class Connection {
  readonly #db: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();
  #open = true;
  #file: string | undefined;

  /** Takes over an open database. */
  constructor(db: SqliteDatabase, readonly path: string) {
    this.#db = db;
  }

  /**
   * Opens a database.
   *
   * @throws {StoreError} If it cannot be.
   */
  static open(driver: SqliteDriver, path: string, options: { readonly readonly: boolean }): Connection {
    try {
      return new Connection(driver.open(path, options), path);
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  /**
   * The database itself, where the path is a link to it: what SQLite keeps beside a database is beside that. Empty for one in memory.
   */
  get file(): string {
    return this.#file ??= String(this.get("SELECT file FROM pragma_database_list WHERE name = 'main'")?.file ?? "");
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
   * The rows of a query, by way of JSON: both libraries cut a text column at its first NUL.
   *
   * @typeParam T The columns, as the caller's SQL has them.
   * @param columns The columns.
   * @param from The query from its `FROM` on.
   * @param values What is bound.
   */
  arrays<T extends unknown[]>(columns: string, from: string, ...values: SqlValue[]): T[] {
    const rows = this.#prepared(`SELECT json_array(${columns}) AS json ${from}`).all(...values);
    return rows.map(({ json }) => parse<T>(json));
  }

  /**
   * As {@linkcode Connection.arrays}, for the rows in which a column has one of many values: `from` ends in `IN`.
   *
   * @typeParam T The columns, as the caller's SQL has them.
   * @param columns The columns.
   * @param from The query from its `FROM` on.
   * @param wanted The values of which the column has one.
   * @param values What else is bound, before them.
   */
  arraysIn<T extends unknown[]>(columns: string, from: string, wanted: readonly string[], ...values: SqlValue[]): T[] {
    const found: T[] = [];
    for (let at = 0; at < wanted.length; at += CHUNK) {
      const chunk: (string | null)[] = wanted.slice(at, at + CHUNK);
      // A few sizes only, so that few statements are prepared. Nothing equals NULL.
      const size = chunk.length <= 1 ? 1 : CHUNK;
      while (chunk.length < size) chunk.push(null);
      found.push(...this.arrays<T>(columns, `${from} (${Array(size).fill("?").join(", ")})`, ...values, ...chunk));
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
   * @param name Another name for one inside another.
   */
  savepoint<T>(work: () => T, name: "work" | "copy" = "work"): T {
    this.#db.exec(`SAVEPOINT ${name}`);
    try {
      const result = work();
      this.#db.exec(`RELEASE ${name}`);
      return result;
    } catch (error) {
      this.#quietly(`ROLLBACK TO ${name}; RELEASE ${name}`);
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

  /**
   * Copies the database into an empty file. Belongs outside of a transaction.
   *
   * @param path The file.
   */
  async copyTo(path: string): Promise<void> {
    try {
      this.run("VACUUM INTO ?", path);
    } catch (error) {
      if (!this.#db.backup || !ATTACHES_NOTHING.test(reasonOf(error))) throw error;
      await this.#db.backup(path);
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

/** What SQLite says where Deno does not let it open a second file. */
const ATTACHES_NOTHING = /too many attached databases/;

const CHUNK = 100;

function parse<T extends unknown[]>(text: SqlValue | undefined): T {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  if (!Array.isArray(value)) throw new TypeError("Cannot read a row: it is not an array");
  return value as T;
}
