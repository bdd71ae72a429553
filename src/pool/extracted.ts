/**
 * What came of a share, packed until it is committed.
 *
 * @module
 */
import { lengthOf } from "../length.ts";
import type { Outcome } from "../store.ts";
import { lengthOfJson, type Packed, unpack } from "./packed.ts";

/** What came of a share. */
export class Extracted<R> {
  /** How much memory it takes, roughly, in bytes. */
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
    this.length = "json" in packed ? lengthOfJson(packed) : lengthOf(packed.value);
  }

  /** Unpacks the outcomes: in the order of the tasks, and fewer only after a cancellation, or where they took too much memory. */
  outcomes(): readonly Outcome<R>[] {
    return unpack(this.#packed);
  }
}
