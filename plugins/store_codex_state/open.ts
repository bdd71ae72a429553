/**
 * Opening Codex's state database for writing.
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import { Connection } from "../sqlite/connection.ts";
import type { SqliteDriver } from "../sqlite/driver.ts";
import { checkFile, readIntegrity, readMigrations, readRefusal } from "./read.ts";

/** How long to wait for Codex while it writes, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/**
 * Opens the database, and leaves its modes as they are.
 *
 * @param driver The SQLite library.
 * @param path The database.
 * @throws {StoreError} If there is none, it is damaged, or it is not that of a Codex that is known. Nothing is written then.
 */
export function openState(driver: SqliteDriver, path: string): Connection {
  const connection = Connection.open(driver, checkFile(path), { readonly: false });
  try {
    connection.guard(() => connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA foreign_keys = ON`));
    const integrity = readIntegrity(connection);
    const migrations = integrity.length > 0 ? [] : readMigrations(connection);
    const refusal = readRefusal(integrity, migrations, connection);
    if (refusal === null) return connection;
    throw new StoreError(`Cannot use the database "${path}": ${refusal}`);
  } catch (error) {
    connection.close();
    throw error;
  }
}
