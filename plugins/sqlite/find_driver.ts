/**
 * The SQLite libraries that the store can take, and which of them it takes.
 *
 * @module
 */
import { within } from "../../src/abandon.ts";
import { reasonOf, StoreError } from "../../src/errors.ts";
import type { SqliteDriver } from "./driver.ts";
import { nodeSqlite } from "./driver_node.ts";

/**
 * The drivers by name. `auto` takes `@db/sqlite` where FFI is already allowed and it loads, else `node:sqlite`.
 *
 * Two libraries in one process do not see each other's locks: while a store is open, look into its database with the library
 * that the store uses.
 */
export type DriverName = "auto" | "@db/sqlite" | "node:sqlite";

/** How long `auto` waits for `@db/sqlite`, which fetches its library when it is first used, in milliseconds. */
const LOAD_LIMIT_MS = 10_000;

/**
 * Finds a driver. Never asks for a permission.
 *
 * @param wanted Its name, or the driver itself.
 * @throws {StoreError} If the library that was asked for by name cannot be loaded.
 */
export async function findDriver(wanted: DriverName | SqliteDriver = "auto"): Promise<SqliteDriver> {
  if (typeof wanted === "object") return wanted;
  if (wanted === "node:sqlite") return await nodeSqlite();
  if (wanted !== "auto" && wanted !== "@db/sqlite") {
    throw new StoreError(`There is no SQLite driver "${wanted}": there are auto, @db/sqlite and node:sqlite`);
  }
  try {
    if (!await mayLoad()) throw new Error(NEEDED);
    const { dbSqlite } = await import("./driver_db_sqlite.ts");
    const late = `it did not load within ${LOAD_LIMIT_MS} ms`;
    return await onStandardError(() => wanted === "auto" ? within(dbSqlite(), LOAD_LIMIT_MS, late) : dbSqlite());
  } catch (cause) {
    if (wanted === "auto") return await nodeSqlite();
    throw new StoreError(`Cannot load the SQLite driver "@db/sqlite": ${reasonOf(cause)}`, { cause });
  }
}

const NEEDED = "it needs --allow-ffi, --allow-env, and either a library named by DENO_SQLITE_PATH or --allow-net, " +
  "--allow-read and --allow-write to fetch one";

/** Whether `@db/sqlite` would load without asking for a permission. */
async function mayLoad(): Promise<boolean> {
  const granted = async (...names: ("ffi" | "env" | "net" | "read" | "write")[]) => {
    const found = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
    return found.every(({ state }) => state === "granted");
  };
  if (!await granted("ffi", "env")) return false;
  return Boolean(Deno.env.get("DENO_SQLITE_PATH")) || await granted("net", "read", "write");
}

/** Lets nothing else reach standard output, where `@db/sqlite` says that it fetches its library. */
async function onStandardError<T>(load: () => Promise<T>): Promise<T> {
  const { log } = console;
  console.log = console.error;
  try {
    return await load();
  } finally {
    console.log = log;
  }
}
