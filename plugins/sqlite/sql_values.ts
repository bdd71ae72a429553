/**
 * Values on their way into a SQLite library and out of it, so that all libraries are given and give the same.
 *
 * @module
 */
import type { SqlRow, SqlValue } from "./driver.ts";

/** Whether SQLite can hold an integer. */
export function isInt64(integer: bigint): boolean {
  return BigInt.asIntN(64, integer) === integer;
}

/**
 * Makes values what every library binds as what they are, in place.
 *
 * @param values The values.
 * @throws {TypeError} If one is of no type that SQLite has: one library would bind NULL.
 * @throws {RangeError} If an integer has more than 64 bits: one library would keep the low ones.
 */
export function bindable(values: SqlValue[]): SqlValue[] {
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value === "string" || value === null) continue;
    if (typeof value === "number" && !Number.isInteger(value)) continue;
    if (typeof value !== "number" && typeof value !== "bigint") throw new TypeError(`Cannot bind ${typeof value}`);
    // A number would be bound as REAL, and in a column without type affinity stay that.
    const integer = BigInt(value);
    if (!Number.isSafeInteger(value) && !isInt64(integer)) {
      throw new RangeError(`Cannot bind ${integer}: it has more than 64 bits`);
    }
    values[at] = integer;
  }
  return values;
}

/**
 * Takes a row as a library gives it.
 *
 * @param row The row.
 * @throws {TypeError} If a column holds what is neither text nor a number, e.g. bytes.
 */
export function readRow(row: object): SqlRow {
  const result: Record<string, SqlValue> = {};
  for (const [name, value] of Object.entries<unknown>({ ...row })) result[name] = narrow(value);
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
