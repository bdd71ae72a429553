/**
 * What the store needs of a SQLite library.
 *
 * @module
 */

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
  /**
   * Copies the database into an empty file, where the library can do that by itself. SQLite's own `VACUUM INTO` attaches the file,
   * which Deno allows only where every path may be read and written.
   */
  backup?(path: string): Promise<void>;
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
