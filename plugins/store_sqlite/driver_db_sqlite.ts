/**
 * The driver on `@db/sqlite`, which calls the SQLite library of the system by FFI.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver, SqliteStatement, SqlRow } from "./driver.ts";

/** The part of `@db/sqlite` that is used, so that no type of it becomes part of this package's. */
interface DbSqlite {
  readonly Database: new (path: string, options: { readonly?: boolean; int64?: boolean; parseJson?: boolean }) => {
    exec(sql: string): unknown;
    prepare(sql: string): {
      run(...values: unknown[]): unknown;
      get(...values: unknown[]): object | undefined;
      all(...values: unknown[]): object[];
    };
    close(): void;
  };
}

/**
 * Loads the driver.
 *
 * @throws If the library cannot be loaded. Without `--allow-ffi` it would ask for the permission.
 */
export async function dbSqlite(): Promise<SqliteDriver> {
  const { Database }: DbSqlite = await import("@db/sqlite");
  return {
    name: "@db/sqlite",
    open(path, { readonly }): SqliteDatabase {
      // Without int64 integers above 32 bits are cut; parsed JSON would lose the text.
      const db = new Database(path, { readonly, int64: true, parseJson: false });
      return {
        exec: (sql) => void db.exec(sql),
        prepare: (sql): SqliteStatement => {
          const statement = db.prepare(sql);
          return {
            run: (...values) => void statement.run(...values),
            get: (...values) => statement.get(...values) as SqlRow | undefined,
            all: (...values) => statement.all(...values) as SqlRow[],
          };
        },
        close: () => db.close(),
      };
    },
  };
}
