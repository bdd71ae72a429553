/**
 * How much memory outcomes take, roughly, in UTF-16 units: enough to know when to let go of them.
 *
 * @module
 */
import type { Item } from "./source.ts";
import type { Outcome } from "./store.ts";

/** On one thread, a batch whose outcomes take more is committed before it is whole; on several, so much may wait for each worker. */
export const HELD_LENGTH = 2 << 20;

/**
 * On several threads, a batch whose outcomes take more is committed before it is whole: there is much to do then, and whatever lives
 * while others are made is moved by V8 again and again, and makes it take more memory for what is young.
 */
export const TAKEN_LENGTH = 128 << 10;

/** Outcomes that a thread may make of one share before it leaves the rest to the main thread. */
export const SHARE_LENGTH = 64 << 20;

/** How long a name is taken to be, and a value that is no text; and how deep others are looked into. */
const VALUE_LENGTH = 8, DEPTH = 8;

/** What comes of so few bytes is not worth measuring. */
const LITTLE_BYTES = 16 << 10;

/** How long the JSON of a value would be, roughly. */
function lengthOf(value: unknown, depth: number = DEPTH): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || depth === 0) return VALUE_LENGTH;
  let length = 0;
  for (const one of Object.values(value)) length += VALUE_LENGTH + lengthOf(one, depth - 1);
  return length;
}

/** How long the JSON of an outcome would be, roughly; 0 if it is little anyway. */
export function lengthOfOutcome(outcome: Outcome<unknown>, { size }: Item): number {
  return Math.max(size, outcome.extraction?.bytesRead ?? 0) < LITTLE_BYTES ? 0 : lengthOf(outcome);
}
