/**
 * The driver on `node:sqlite`, which is part of Deno.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver, SqliteStatement, SqlRow, SqlValue } from "./driver.ts";

/** Loads the driver. */
export async function nodeSqlite(): Promise<SqliteDriver> {
  const { DatabaseSync } = await import("node:sqlite");
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
            run: (...values) => void statement.run(...bind(values)),
            get: (...values) => {
              const row = statement.get(...bind(values));
              return row && read(row);
            },
            all: (...values) => statement.all(...bind(values)).map(read),
          };
        },
        close: () => db.close(),
      };
    },
  };
}

/** A number would be bound as REAL, and in a column without type affinity stay that. */
function bind(values: SqlValue[]): SqlValue[] {
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value === "number" && Number.isInteger(value)) values[at] = BigInt(value);
  }
  return values;
}

function read(row: Record<string, unknown>): SqlRow {
  const result: Record<string, SqlValue> = {};
  for (const name in row) result[name] = narrow(row[name]);
  return result;
}

function narrow(value: unknown): SqlValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  throw new TypeError(`Cannot read a column of type ${typeof value}`);
}
