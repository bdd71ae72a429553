/**
 * What the store needs of a SQLite library, and the two that it can take.
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import { nodeSqlite } from "./driver_node.ts";

/** A value of a column or a parameter. Integers within 2^53 are read as numbers, others as bigints. */
export type SqlValue = string | number | bigint | null;

/** A row, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement. Parameters are bound by position. */
export interface SqliteStatement {
  /** Runs it to its end. */
  run(...values: SqlValue[]): void;
  /** Runs it and gives its first row, if any. */
  get(...values: SqlValue[]): SqlRow | undefined;
  /** Runs it and gives its rows. */
  all(...values: SqlValue[]): SqlRow[];
}

/** A connection. */
export interface SqliteDatabase {
  /** Runs statements that take no parameters. */
  exec(sql: string): void;
  /** Prepares one statement. */
  prepare(sql: string): SqliteStatement;
  /** Closes the connection and frees its statements. */
  close(): void;
}

/** A SQLite library. Pass one of your own to the store to use another. */
export interface SqliteDriver {
  /** The library's name, for messages. */
  readonly name: string;
  /** Opens a file. One that does not exist is made, unless `readonly`. */
  open(path: string, options: { readonly readonly: boolean }): SqliteDatabase;
}

/** The drivers by name. `auto` takes `@db/sqlite` where FFI is already allowed and it loads, else `node:sqlite`. */
export type DriverName = "auto" | "@db/sqlite" | "node:sqlite";

/**
 * Finds a driver. Never asks for a permission.
 *
 * @param wanted Its name, or the driver itself.
 * @throws {StoreError} If the library that was asked for by name cannot be loaded.
 */
export async function findDriver(wanted: DriverName | SqliteDriver = "auto"): Promise<SqliteDriver> {
  if (typeof wanted === "object") return wanted;
  if (wanted === "node:sqlite") return await nodeSqlite();
  try {
    const { state } = await Deno.permissions.query({ name: "ffi" });
    if (state !== "granted") throw new Error("it needs --allow-ffi and --allow-env");
    const { dbSqlite } = await import("./driver_db_sqlite.ts");
    return await dbSqlite();
  } catch (cause) {
    if (wanted === "auto") return await nodeSqlite();
    throw new StoreError(
      `Cannot load the SQLite driver "@db/sqlite": ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
