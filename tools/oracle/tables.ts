/**
 * The tables of a state database as JSON, so that two databases can be compared.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";

/** A row: integers that a number cannot hold are `int:…`, bytes are `blob:…`, the path of the home is `$HOME_DIR`. */
export type Row = Readonly<Record<string, string | number | null>>;

/** What a backfill leaves. A table that the database does not have is `null`. */
export interface Tables {
  /** The threads, by id. */
  readonly threads: readonly Row[] | null;
  /** The tools that clients offered, by thread and position. */
  readonly thread_dynamic_tools: readonly Row[] | null;
  /** Who spawned whom, by child. */
  readonly thread_spawn_edges: readonly Row[] | null;
  /** Status and last watermark, without the times. */
  readonly backfill_state: readonly Row[] | null;
}

/** How to order and to read each table. */
const QUERIES = {
  threads: "SELECT * FROM threads ORDER BY id",
  thread_dynamic_tools: "SELECT * FROM thread_dynamic_tools ORDER BY thread_id, position",
  thread_spawn_edges: "SELECT * FROM thread_spawn_edges ORDER BY child_thread_id",
  backfill_state: "SELECT id, status, last_watermark FROM backfill_state ORDER BY id",
} as const satisfies Record<keyof Tables, string>;

/**
 * Reads what a backfill left.
 *
 * @param path The database.
 * @param home The home whose path becomes `$HOME_DIR`.
 * @param leaveOut Ids of threads that the backfill is not to be judged by.
 * @returns The tables.
 */
export function readTables(path: string, home: string, leaveOut: ReadonlySet<string> = new Set()): Tables {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const read = (name: keyof Tables): Row[] | null => {
      if (!database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name)) return null;
      const statement = database.prepare(QUERIES[name]);
      statement.setReadBigInts(true);
      return statement.all().map((row) => spell(row, home)).filter((row) =>
        !leaveOut.has(String(row.thread_id ?? row.id))
      );
    };
    return {
      threads: read("threads"),
      thread_dynamic_tools: read("thread_dynamic_tools"),
      thread_spawn_edges: read("thread_spawn_edges"),
      backfill_state: read("backfill_state"),
    };
  } finally {
    database.close();
  }
}

function spell(row: Record<string, unknown>, home: string): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, spellValue(value, home)]));
}

function spellValue(value: unknown, home: string): string | number | null {
  if (value === null || typeof value === "number") return value;
  if (typeof value === "string") return value.replaceAll(home, "$HOME_DIR");
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : `int:${value}`;
  if (value instanceof Uint8Array) return `blob:${value.toHex()}`;
  throw new TypeError(`a column holds a ${typeof value}, which SQLite does not have`);
}
