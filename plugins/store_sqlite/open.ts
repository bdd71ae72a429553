/**
 * Opening the file of a store: made private if it is new, left alone if it is not ours.
 *
 * @module
 */
import { dirname } from "@std/path";
import { reasonOf, StoreError } from "../../src/errors.ts";
import { isGranted } from "../granted.ts";
import { danglingLink, endOfLinks, isLink } from "../link.ts";
import { Connection } from "../sqlite/connection.ts";
import { whyNoDatabase } from "../sqlite/database_file.ts";
import type { SqliteDriver } from "../sqlite/driver.ts";
import { checkMigrated, checkOurs, migrate } from "./migrate.ts";
import { isBusy } from "../sqlite/sqlite_error.ts";

/** How a file is opened. */
export interface OpenOptions {
  /** Whether nothing may be written. */
  readonly readonly: boolean;
  /** Whether a commit is on the disk when it returns. */
  readonly durable: boolean;
}

/** How long to wait for another process that writes, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/** How long until it is tried again, in milliseconds, where SQLite leaves that to its caller. */
const BUSY_PAUSE = 10;

/** How many pages the log may have before they are taken into the database: twice the default, as every time waits for the disk. */
const CHECKPOINT_PAGES = 2000;

/**
 * Opens the database of a store and brings its tables up to date.
 *
 * @param driver The SQLite library.
 * @param path The file, or `:memory:`.
 * @param options How.
 * @throws {StoreError} If the file cannot be opened, is not ours, or was written by a newer version.
 */
export function open(driver: SqliteDriver, path: string, { readonly, durable }: OpenOptions): Connection {
  if (path !== ":memory:") prepareFile(path, readonly);
  const connection = Connection.open(driver, path, { readonly });
  try {
    connection.guard(() => {
      connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY`);
      if (readonly) return checkMigrated(connection);
      checkOurs(connection);
      switchToLog(connection);
      connection.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA synchronous = ${durable ? "FULL" : "NORMAL"}`);
      migrate(connection);
    });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Closes the database of a store.
 *
 * A database in WAL mode cannot be read without files beside it being made. So it is left in the mode that needs none, unless
 * somebody else has it open.
 *
 * @param connection The database.
 * @param readonly Whether it was opened for reading only.
 */
export function close(connection: Connection, readonly: boolean): void {
  try {
    // What is in the log is taken into the database also where somebody who only looks keeps the log from going.
    if (!readonly) {
      connection.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
    }
  } catch {
    // Somebody else has it open.
  }
  connection.close();
}

/** Unlike everywhere else SQLite does not wait here, but fails at once while another process so much as reads. */
function switchToLog(connection: Connection): void {
  const until = performance.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      return connection.exec("PRAGMA journal_mode = WAL");
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
    }
    // As SQLite waits: without giving anybody else a turn.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE);
  }
}

/**
 * Makes the file if there is none. One that exists is not opened here: closing it would drop the locks that SQLite holds on
 * it in this process.
 */
function prepareFile(path: string, readonly: boolean): void {
  try {
    const info = Deno.statSync(path), why = info.isFile && info.size === 0 ? undefined : whyNoDatabase(info);
    if (why === undefined) return;
    throw new StoreError(`Cannot use the ${info.isDirectory ? "database" : "file"} "${path}": ${why}`);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (!(error instanceof Deno.errors.NotFound)) throw cannotOpen(path, error);
    if (!readonly) return createFile(path);
    throw new StoreError(`Cannot read the database "${path}": there is no such file. Run a backfill into it first`, {
      cause: error,
    });
  }
}

/** SQLite would make the file readable for everybody; what it makes beside it gets the mode of this one. */
function createFile(path: string): void {
  try {
    // Where permissions are limited, Deno makes nothing by way of a link.
    const end = endOfLinks(path);
    try {
      makePrivate(end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || end !== path || !makeFolder(dirname(path))) throw error;
      makePrivate(path);
    }
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { createNew: true, write: true, mode: 0o600 }).close();
  } catch (error) {
    // Another process may have made it in between.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Makes the folder where that is allowed without asking. */
function makeFolder(folder: string): boolean {
  if (!isGranted("write", folder)) return false;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return true;
}

function cannotOpen(path: string, cause: unknown): StoreError {
  const folder = dirname(path), dangling = danglingLink(folder);
  const why = dangling !== undefined
    ? `"${dangling}" is a link that leads nowhere. Make what it leads to, or remove the link`
    : !(cause instanceof Deno.errors.NotFound)
    ? `${reasonOf(cause)}. Check the path and the permissions`
    : isLink(path)
    ? "it is a link into a folder that does not exist. Make that, or remove the link"
    : `its folder does not exist. Make it, or allow writing "${folder}"`;
  return new StoreError(`Cannot open the database "${path}": ${why}`, { cause });
}
