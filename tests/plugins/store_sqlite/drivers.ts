/**
 * The SQLite libraries that can be loaded here.
 *
 * Two of them in one process do not see each other's locks, so whoever looks into a database while a store has it open takes
 * the library of the store.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver } from "../../../plugins/sqlite/driver.ts";
import { findDriver } from "../../../plugins/sqlite/find_driver.ts";
import { reasonOf } from "../../../src/errors.ts";

/** Deno's own, which is always there. */
export const NODE_SQLITE: SqliteDriver = await findDriver("node:sqlite");

const loaded = await findDriver("@db/sqlite").catch(reasonOf);

/** Every one that can be loaded. */
export const DRIVERS: readonly SqliteDriver[] = typeof loaded === "string" ? [NODE_SQLITE] : [NODE_SQLITE, loaded];

/** Why there are not two. */
export const NOT_LOADED: string | undefined = typeof loaded === "string" ? loaded : undefined;

/**
 * A driver whose databases differ in something.
 *
 * @param real The driver.
 * @param differing What is different, given the real database.
 */
export function driverWith(
  real: SqliteDriver,
  differing: (db: SqliteDatabase) => Partial<SqliteDatabase>,
): SqliteDriver {
  return {
    name: real.name,
    open(path, options) {
      const db = real.open(path, options);
      return { ...db, ...differing(db) };
    },
  };
}
