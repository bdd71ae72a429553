/**
 * What SQLite says went wrong, told so that a person knows what to do.
 *
 * @module
 */
import { LeaseLostError, reasonOf, StoreError, type StoreStage } from "../../src/errors.ts";

/** Found out before anything is written. */
const NOT_A_DATABASE = 26;

/** The SQLite result codes that are told apart, with the text by which they are known where a library gives no code. */
const KNOWN: readonly { code: number; text: RegExp; means: string; now: string }[] = [
  { code: 5, text: /database is locked/, means: "another process is writing to it", now: "Wait for it and run again" },
  { code: 6, text: /database table is locked/, means: "another process is writing to it", now: "Wait and run again" },
  {
    code: 8,
    text: /readonly database/,
    means: "it may not be written",
    now: "Check the permissions of file and folder",
  },
  {
    code: 10,
    text: /disk I\/O error/,
    means: "the disk reports an error",
    // SQLite says the same of a disk without room for what it keeps beside the database.
    now: "Check that there is room on the disk and that it works, then run again",
  },
  {
    code: 11,
    text: /disk image is malformed|malformed database schema/,
    means: "the database is damaged",
    now: "Move it away and run again to make a new one, or repair it with `sqlite3 FILE .recover`",
  },
  { code: 13, text: /database or disk is full/, means: "the disk is full", now: "Free some space and run again" },
  {
    code: 14,
    text: /unable to open database file/,
    means: "it cannot be opened",
    now: "Check the path and the permissions, and that there are not too many files open",
  },
  {
    code: NOT_A_DATABASE,
    text: /file is not a database/,
    means: "it is not an SQLite database",
    now: "Name another file",
  },
];

/** TOOBIG, CONSTRAINT and MISMATCH: one row is at fault, not the database. */
const ROW_CODES: readonly number[] = [18, 19, 20];
const ROW_TEXT = /string or blob too big|constraint failed|datatype mismatch/;

/** The result code that an error of a SQLite library carries, without its extension. */
function codeOf(error: Error): number | undefined {
  const code = "errcode" in error ? error.errcode : "code" in error ? error.code : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

/**
 * Whether an error is about the values of one row, so that others may still be stored.
 *
 * @param error What was thrown while a row was written.
 */
export function isAboutRow(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  if (!(error instanceof Error) || error instanceof StoreError) return false;
  const code = codeOf(error);
  return code === undefined ? ROW_TEXT.test(error.message) : ROW_CODES.includes(code);
}

/** Whether an error is about another process that has the database locked. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return code === undefined ? /database is locked/.test(error.message) : code === 5;
}

/** Whether an error is about a database that is damaged. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return code === undefined ? /malformed/.test(error.message) : code === 11;
}

/**
 * Makes the error that a store throws. Errors that say enough already stay as they are.
 *
 * @param error What was thrown.
 * @param path The database.
 * @param stage The step at which it failed, if the store knows it better than its caller.
 */
export function toStoreError(error: unknown, path: string, stage?: StoreStage): Error {
  if (error instanceof StoreError || error instanceof LeaseLostError) return error;
  const code = error instanceof Error ? codeOf(error) : undefined;
  const reason = reasonOf(error);
  const known = KNOWN.find((one) => one.code === code) ?? KNOWN.find((one) => one.text.test(reason));
  const rest = known?.code === NOT_A_DATABASE ? "" : "; what was committed before stands";
  const message = known
    ? `Cannot use the database "${path}": ${known.means} (${reason}). ${known.now}${rest}`
    : `Cannot use the database "${path}": ${reason}`;
  return new StoreError(message, stage ? { cause: error, stage } : { cause: error });
}
