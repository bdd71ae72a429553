/**
 * Reading what Codex keeps in its state database.
 *
 * @module
 */
import { reasonOf, StoreError } from "../../src/errors.ts";
import { READABLE_MS } from "../early_times.ts";
import type { Connection } from "../sqlite/connection.ts";
import { whyNoDatabase } from "../sqlite/database_file.ts";
import { isDamage } from "../sqlite/sqlite_error.ts";
import type { CodexBackfillState } from "./backfill_state.ts";
import { STATE_THREAD_JSON, stateColumns, type StateThread, stateThreadOf } from "./columns.ts";
import { type CodexMigration, refusalOf } from "./migrations.ts";

/** The tables that are read or written. */
const TABLES = ["threads", "backfill_state", "thread_spawn_edges", "thread_read_receipts"] as const;

/** How many threads are read at once. */
const CHUNK = 500;

/**
 * Checks that there is a file that may be a database. This program never makes one of Codex's.
 *
 * @param path The file.
 * @returns Its path with every link resolved: what SQLite keeps beside a database is beside the file itself, not beside a link to it.
 * @throws {StoreError} If there is none.
 */
export function checkFile(path: string): string {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StoreError(
      `Cannot open the database "${path}": there is no such file. Start Codex once, which makes it, or name another file`,
      { cause: error },
    );
  }
  const why = whyNoDatabase(info);
  if (why === undefined) return Deno.realPathSync(path);
  throw new StoreError(`Cannot open the database "${path}": ${why}`);
}

/** What SQLite finds wrong with a database; nothing if it is whole. */
export function readIntegrity(connection: Connection): string[] {
  return connection.guard(() => {
    try {
      const lines = connection.arrays<[string]>("integrity_check", "FROM pragma_integrity_check");
      return lines.map(([line]) => line).filter((line) => line !== "ok");
    } catch (error) {
      // Some damage keeps SQLite from looking for more.
      if (isDamage(error)) return [reasonOf(error)];
      throw error;
    }
  });
}

/** The migrations that are recorded, in order; none if the table is missing. */
export function readMigrations(connection: Connection): CodexMigration[] {
  return connection.guard(() => {
    if (!hasTable(connection, "_sqlx_migrations")) return [];
    return connection.arrays<[number, string, 0 | 1, string]>(
      "version, description, success, lower(hex(checksum))",
      "FROM _sqlx_migrations ORDER BY version",
    ).map(([version, description, success, checksum]) => ({ version, description, success: success !== 0, checksum }));
  });
}

/** Why a database is not written to, or `null`. */
export function readRefusal(
  integrity: readonly string[],
  migrations: readonly CodexMigration[],
  connection: Connection,
): string | null {
  if (integrity.length > 0) {
    return `it is damaged (${
      integrity[0]
    }). Close Codex, then move it away with the files beside it, or restore a copy of it`;
  }
  const refusal = refusalOf(migrations);
  if (refusal !== null) return refusal;
  for (const table of TABLES) {
    if (!connection.guard(() => hasTable(connection, table))) {
      return `it lacks the table "${table}", although its migrations say otherwise. Restore a copy of it`;
    }
  }
  const found = connection.guard(() =>
    connection.arrays<[string]>("name", "FROM pragma_table_info('threads')").map(([name]) => name)
  );
  const missing = Object.keys(stateColumns).filter((name) => !found.includes(name));
  if (missing.length === 0) return null;
  return `its table "threads" lacks ${missing.join(", ")}, although its migrations say otherwise. Restore a copy of it`;
}

/** The row of Codex's own backfill, or `null` if there is none. */
export function readBackfillState(connection: Connection): CodexBackfillState | null {
  type Row = [status: string, lastWatermark: string | null, lastSuccessAt: number | null, updatedAt: number];
  const [row] = connection.guard(() =>
    hasTable(connection, "backfill_state")
      ? connection.arrays<Row>(
        "status, last_watermark, last_success_at, updated_at",
        "FROM backfill_state WHERE id = 1",
      )
      : []
  );
  if (!row) return null;
  const [status, lastWatermark, lastSuccessAt, updatedAt] = row;
  return { status, lastWatermark, lastSuccessAt, updatedAt };
}

/** How many threads there are. */
export function countThreads(connection: Connection): number {
  return connection.guard(() =>
    hasTable(connection, "threads") ? Number(connection.get("SELECT count(*) AS n FROM threads")?.n) : 0
  );
}

/** Every thread, or the one with an id, in order of id. */
export function* readThreads(connection: Connection, id?: string): Generator<StateThread, undefined> {
  const from = `FROM threads WHERE id ${id !== undefined ? "=" : ">"} ? ORDER BY id LIMIT ${CHUNK}`;
  connection.guard(() => refuseFarTimes(connection));
  for (let last = id ?? "";;) {
    const rows = connection.guard(() => {
      try {
        const found = connection.arrays<[unknown, number]>(`${STATE_THREAD_JSON}, rowid`, from, last);
        return found.map(([row, rowid]) => ({ thread: stateThreadOf(row), rowid }));
      } catch (error) {
        throw oddValue(connection) ?? error;
      }
    });
    for (const { thread, rowid } of rows) {
      if (mayBeBroken(thread)) connection.guard(() => refuseBrokenText(connection, thread.id, rowid));
      yield thread;
    }
    const end = rows.at(-1);
    if (!end || id !== undefined || rows.length < CHUNK) return undefined;
    last = end.thread.id;
  }
}

/** The times by which Codex lists no thread, and the latest that it can read in each. */
const FAR_TIMES = [
  ["updated_at_ms", READABLE_MS.most],
  ["recency_at_ms", READABLE_MS.most],
  ["section_entered_at_ms", READABLE_MS.most],
  // In seconds, as it takes early ones of the others.
  ["archived_at", Math.floor(READABLE_MS.most / 1000)],
] as const;

/** What to do about a value by which Codex lists no thread. */
const TO_CORRECT =
  'Close Codex and correct that with sqlite3, or delete the row, and "backfill repair --apply" makes it again from ' +
  "the rollout";

/** Refuses times that Codex cannot hold. Its own backfill makes some in `created_at_ms`, which are left to it. */
function refuseFarTimes(connection: Connection): void {
  for (const [name, most] of FAR_TIMES) {
    const [found] = connection.arrays<[id: string, time: string]>(
      `CAST(id AS TEXT), CAST(${name} AS TEXT)`,
      `FROM threads WHERE typeof(${name}) = 'integer' AND ${name} NOT BETWEEN ? AND ? LIMIT 1`,
      READABLE_MS.least,
      most,
    );
    if (!found) continue;
    const [id, time] = found;
    throw new StoreError(
      `Cannot use the database "${connection.path}": the row of thread "${id}" has ${time} in its column ${name}, a time ` +
        `that Codex cannot hold, so that it lists no thread. ${TO_CORRECT}`,
    );
  }
}

/** Text that is not UTF-8 comes with this in it, and so does text that has it. */
const REPLACEMENT = "\ufffd";

const TEXTS = Object.entries(stateColumns).flatMap(([name, { type }]) => type === "text" ? [name] : []);

function mayBeBroken(thread: StateThread): boolean {
  return Object.values(thread).some((value) => typeof value === "string" && value.includes(REPLACEMENT));
}

/** Refuses text that is not UTF-8, which Codex cannot read. SQLite itself lets it be anything. */
function refuseBrokenText(connection: Connection, id: string, rowid: number): void {
  const columns = TEXTS.map((name) => `hex(${name})`).join(", ");
  const [texts = []] = connection.arrays<string[]>(columns, "FROM threads WHERE rowid = ?", rowid);
  const broken = TEXTS.find((_, at) => !isUtf8(texts[at] ?? ""));
  if (broken === undefined) return;
  throw new StoreError(
    `Cannot use the database "${connection.path}": the row of thread "${id}", with rowid ${rowid}, has text in its column ` +
      `${broken} that is not UTF-8, which Codex cannot read, so that it lists no thread. ${TO_CORRECT}`,
  );
}

function isUtf8(hex: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromHex(hex));
    return true;
  } catch {
    return false;
  }
}

/** What tells of the first value that its column cannot hold, if there is one: SQLite itself lets every column hold anything. */
function oddValue(connection: Connection): StoreError | undefined {
  const tests = Object.entries(stateColumns).map(([name, { type, nullable }]) =>
    `WHEN typeof(${name}) NOT IN ('${type}'${nullable ? ", 'null'" : ""}) THEN '${type} ${name} ' || typeof(${name})`
  );
  const [found] = connection.arrays<[string, string]>(
    "id, what",
    `FROM (SELECT CAST(id AS TEXT) AS id, CASE ${tests.join(" ")} END AS what FROM threads)
     WHERE what IS NOT NULL ORDER BY id LIMIT 1`,
  );
  if (!found) return undefined;
  const [id, what] = found, [type, name, is] = what.split(" ");
  return new StoreError(
    `Cannot use the database "${connection.path}": the row of thread "${id}" has a ${is} in its column ${name}, which holds ${type}. Close Codex, delete the row with sqlite3, and "backfill repair --apply" makes it again from the rollout`,
  );
}

function hasTable(connection: Connection, name: string): boolean {
  return connection.get("SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = ?", name) !== undefined;
}
