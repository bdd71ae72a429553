/**
 * Stands in for `@db/sqlite` where JSR cannot be reached: what this project uses of it, over `node:sqlite`.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** What can be bound to a statement. */
export type BindValue = number | bigint | string | boolean | null | undefined | Uint8Array;

/** How a database is opened. */
export interface DatabaseOpenOptions {
  /** Whether nothing may be written. */
  readonly?: boolean;
  /** Whether a file that does not exist is made. Default: true. */
  create?: boolean;
  /** Whether integers above 32 bits are read right. Here they always are. */
  int64?: boolean;
  /** Whether columns of the subtype JSON are parsed. Here they never are. */
  parseJson?: boolean;
}

/** A connection to a database. */
export class Database {
  readonly #db: DatabaseSync;

  /** Opens a database. */
  constructor(readonly path: string, options: DatabaseOpenOptions = {}) {
    // Throws if the file is not there.
    if (options.create === false && path !== ":memory:") Deno.statSync(path);
    this.#db = new DatabaseSync(path, { readOnly: options.readonly ?? false });
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#db.isOpen && this.#db.isTransaction;
  }

  /** Runs statements without parameters. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Prepares a statement. */
  prepare(sql: string): Statement {
    return new Statement(this.#db.prepare(sql));
  }

  /** Closes the connection. Does nothing if it is closed. */
  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

/** A prepared statement. */
export class Statement {
  readonly #statement: StatementSync;

  /** Wraps a statement of `node:sqlite`. */
  constructor(statement: StatementSync) {
    this.#statement = statement;
    statement.setReadBigInts(true);
  }

  /** Runs it and says how many rows it changed. */
  run(...values: BindValue[]): number {
    return Number(this.#statement.run(...values.map(bindable)).changes);
  }

  /** Its first row, by column name. */
  get<T extends object = Record<string, unknown>>(...values: BindValue[]): T | undefined {
    const row = this.#statement.get(...values.map(bindable));
    return row && (readable(row) as T);
  }

  /** Its rows, by column name. */
  all<T extends object = Record<string, unknown>>(...values: BindValue[]): T[] {
    return this.#statement.all(...values.map(bindable)).map((row) => readable(row) as T);
  }

  /** Frees it. Here it is left to the garbage collector. */
  finalize(): void {}
}

/** `node:sqlite` takes neither booleans nor `undefined`, and binds a number as REAL. */
function bindable(value: BindValue): number | bigint | string | null | Uint8Array {
  if (typeof value === "boolean") return BigInt(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return value ?? null;
}

function readable(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, narrow(value)]));
}

/** `@db/sqlite` gives a bigint only where a number would lose digits. */
function narrow(value: unknown): unknown {
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
