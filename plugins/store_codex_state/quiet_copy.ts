/**
 * A copy of a database that somebody may be writing to, made without SQLite: to open a database in WAL mode, be it for reading
 * only, makes or changes the files beside it.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { StoreError } from "../../src/errors.ts";
import { isSpecialFile } from "../special_file.ts";
import { isOpenHere } from "./open_here.ts";
import { removeIfThere } from "./remove_if_there.ts";

/** How often it is tried while somebody writes. */
const ATTEMPTS = 40;

/** How long to wait before it is tried again, in milliseconds. */
const PAUSE_MS = 50;

/** The start of a log says which round of it this is. */
const LOG_HEADER_BYTES = 32;

/**
 * Copies a database with what SQLite keeps beside it.
 *
 * @param path The database.
 * @param folder Where to put the copy.
 * @returns The path of the copy.
 * @throws {StoreError} If it changes all the time, or if this process has it open.
 */
export async function copyQuietly(path: string, folder: string): Promise<string> {
  // Closing a file drops every lock that the process holds on it, those of SQLite included.
  if (isOpenHere(path)) throw new StoreError(`Cannot copy the database "${path}": this process has it open`);
  const copy = join(folder, basename(path));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = look(path);
    for (const suffix of ["", "-wal", "-journal"]) copyIfThere(`${path}${suffix}`, `${copy}${suffix}`);
    // What is appended to the log meanwhile does no harm: a transaction that is not there to its end is not taken.
    if (look(path) === before) return copy;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new StoreError(`Cannot read the database "${path}": it changes all the time. Close Codex, then try again`);
}

/** Something that is another text after the database was written to, or its log was begun anew. */
function look(path: string): string {
  const { size, mtime, ino } = Deno.statSync(path);
  return JSON.stringify([size, mtime, ino, headerOf(`${path}-wal`), headerOf(`${path}-journal`)]);
}

function headerOf(path: string): string | null {
  try {
    if (isSpecialFile(path)) throw new StoreError(`Cannot read "${path}": it is no file. Remove it`);
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(LOG_HEADER_BYTES);
    return bytes.subarray(0, file.readSync(bytes) ?? 0).toHex();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function copyIfThere(from: string, to: string): void {
  try {
    Deno.copyFileSync(from, to);
    if (Deno.build.os !== "windows") Deno.chmodSync(to, 0o600);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // It may have been there at the last attempt.
    removeIfThere(to);
  }
}
