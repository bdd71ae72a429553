/**
 * The driver on `@db/sqlite`, which calls the SQLite library of the system by FFI.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver, SqliteStatement } from "./driver.ts";
import { bindable, readRow } from "./sql_values.ts";

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
      // Some builds of SQLite take a name that begins with "file:" for a URI. Without int64 integers above 32 bits are
      // cut; parsed JSON would lose the text.
      const name = path.startsWith("file:") ? `./${path}` : path;
      const db = new Database(name, { readonly, int64: true, parseJson: false });
      let isOpen = true;
      // The library would use memory that it has freed.
      const whileOpen = () => {
        if (!isOpen) throw new Error("database is not open");
      };
      return {
        exec: (sql) => {
          whileOpen();
          db.exec(sql);
        },
        prepare: (sql): SqliteStatement => {
          whileOpen();
          const statement = db.prepare(sql);
          return {
            run: (...values) => {
              whileOpen();
              statement.run(...bindable(values));
            },
            get: (...values) => {
              whileOpen();
              const row = statement.get(...bindable(values));
              return row && readRow(row);
            },
            all: (...values) => {
              whileOpen();
              return statement.all(...bindable(values)).map(readRow);
            },
          };
        },
        close: () => {
          isOpen = false;
          db.close();
        },
      };
    },
  };
}
