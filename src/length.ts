/**
 * How much memory outcomes take, roughly, in UTF-16 units: enough to know when to let go of them.
 *
 * @module
 */
import type { Outcome } from "./store.ts";

/** On one thread, a batch whose outcomes take more is committed before it is whole; on several, so much may wait for each worker. */
export const HELD_LENGTH = 2 << 20;

/**
 * On several threads, a batch whose outcomes take more is committed before it is whole: there is much to do then, and whatever lives
 * while others are made is moved by V8 again and again, and makes it take more memory for what is young.
 */
export const TAKEN_LENGTH = 128 << 10;

/** Outcomes that a thread may make of one share before it answers with them, and is asked for the rest again. */
export const SHARE_LENGTH = 8 << 20;

/** How long a name is taken to be, and a value that is no text. */
const VALUE_LENGTH = 8;

/** So many values of an outcome are looked at: of more, or of one that holds itself, enough is known by then. */
const MOST_VALUES = 1 << 16;

/**
 * How long the JSON of an outcome would be, roughly; 0 if it cannot be measured: what cannot be looked at is refused by the store.
 * The size of the item says nothing of it: a row may hold what the item only names.
 */
export function lengthOfOutcome(outcome: Outcome<unknown>): number {
  try {
    return lengthOf(outcome);
  } catch {
    return 0;
  }
}

function lengthOf(value: object): number {
  const objects = [value];
  let length = 0, left = MOST_VALUES;
  for (let object; left > 0 && (object = objects.pop());) {
    for (const one of valuesOf(object)) {
      if (left-- === 0) break;
      length += VALUE_LENGTH;
      if (typeof one === "string") length += one.length;
      else if (typeof one !== "object" || one === null) length += VALUE_LENGTH;
      else if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) length += one.byteLength;
      else objects.push(one);
    }
  }
  return length;
}

/** What an object holds. The row is whatever an extractor makes. */
function valuesOf(object: object): Iterable<unknown> {
  return Array.isArray(object) || object instanceof Map || object instanceof Set ? object : Object.values(object);
}
