/**
 * What came of a share, packed until it is committed.
 *
 * @module
 */
import type { Outcome } from "../store.ts";
import { type Packed, unpack } from "./packed.ts";

/** How long a name is taken to be, and a value that is no text; and how deep others are looked into. */
const VALUE_LENGTH = 8, DEPTH = 8;

/** What came of a share. */
export class Extracted<R> {
  /** How much memory it takes, roughly, in UTF-16 units. */
  readonly length: number;
  readonly #packed: Packed<readonly Outcome<R>[]>;

  /**
   * Keeps what a thread made of it.
   *
   * @param tasks How many items the share has.
   * @param packed The outcomes.
   */
  constructor(readonly tasks: number, packed: Packed<readonly Outcome<R>[]>) {
    this.#packed = packed;
    this.length = "json" in packed ? packed.json.length : lengthOf(packed.value, DEPTH);
  }

  /** Unpacks the outcomes: in the order of the tasks, and fewer only after a cancellation. */
  outcomes(): readonly Outcome<R>[] {
    return unpack(this.#packed);
  }
}

/** How long the JSON of a value would be, roughly. */
function lengthOf(value: unknown, depth: number): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || depth === 0) return VALUE_LENGTH;
  let length = 0;
  for (const one of Object.values(value)) length += VALUE_LENGTH + lengthOf(one, depth - 1);
  return length;
}
