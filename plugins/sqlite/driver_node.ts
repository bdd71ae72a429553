/**
 * The driver on `node:sqlite`, which is part of Deno.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver, SqliteStatement } from "./driver.ts";
import { bindable, readRow } from "./sql_values.ts";

/** Loads the driver. */
export async function nodeSqlite(): Promise<SqliteDriver> {
  const { backup, DatabaseSync } = await import("node:sqlite");
  return {
    name: "node:sqlite",
    open(path, { readonly }): SqliteDatabase {
      // A name that begins with "file:" would be taken for a URI.
      const db = new DatabaseSync(path.startsWith("file:") ? `./${path}` : path, { readOnly: readonly });
      return {
        exec: (sql) => db.exec(sql),
        prepare: (sql): SqliteStatement => {
          const statement = db.prepare(sql);
          statement.setReadBigInts(true);
          return {
            run: (...values) => void statement.run(...bindable(values)),
            get: (...values) => {
              const row = statement.get(...bindable(values));
              return row && readRow(row);
            },
            all: (...values) => statement.all(...bindable(values)).map(readRow),
          };
        },
        backup: async (to) => void await backup(db, to),
        close: () => {
          if (db.isOpen) db.close();
        },
      };
    },
  };
}
