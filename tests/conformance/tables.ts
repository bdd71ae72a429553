/**
 * Reading the tables of a database the way the conformance cases spell them.
 */
import { DatabaseSync } from "node:sqlite";
import type { Tables } from "./case.ts";

type Row = Record<string, unknown>;

/** Reads the tables of our default store. The path of the home becomes `$HOME_DIR`. */
export function readTables(db: string, home: string): Tables {
  const database = new DatabaseSync(db, { readOnly: true });
  try {
    const rows = (sql: string): Row[] => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all().map((row) => spell(row, home));
    };
    const [state] = rows("SELECT status, last_watermark FROM backfill_state");
    return {
      threads: rows("SELECT * FROM threads ORDER BY id"),
      thread_dynamic_tools: rows("SELECT * FROM thread_dynamic_tools ORDER BY thread_id, position"),
      thread_spawn_edges: rows("SELECT * FROM thread_spawn_edges ORDER BY child_thread_id"),
      backfill_state: state
        ? {
          status: String(state.status),
          last_watermark: state.last_watermark === null ? null : String(state.last_watermark),
        }
        : null,
    };
  } finally {
    database.close();
  }
}

/** Keeps of every row the columns that the expected row with the same key has. */
export function project(rows: readonly Row[], expected: readonly Row[], key: string): Row[] {
  const wanted = new Map(expected.map((row) => [row[key], Object.keys(row)]));
  return rows.map((row) => {
    const columns = wanted.get(row[key]) ?? Object.keys(row);
    return Object.fromEntries(columns.map((column) => [column, row[column]]));
  });
}

function spell(row: Row, home: string): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, spellValue(value, home)]),
  );
}

function spellValue(value: unknown, home: string): unknown {
  if (typeof value === "string") return value.replaceAll(home, "$HOME_DIR");
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `int:${value}`;
}
