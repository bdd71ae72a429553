/**
 * What came of a share, packed until it is committed.
 *
 * @module
 */
import type { Outcome } from "../store.ts";
import { lengthOfJson, type Packed, unpack } from "./packed.ts";

/** What a thread made of a share. */
export interface Answer<R> {
  /** The outcomes, in the order of the tasks. */
  readonly outcomes: Packed<readonly Outcome<R>[]>;
  /** How much memory they take, roughly, as they are. */
  readonly length: number;
}

/** What came of a share. */
export class Extracted<R> {
  /** How much memory it takes, roughly, in bytes. */
  readonly length: number;
  readonly #packed: Packed<readonly Outcome<R>[]>;

  /**
   * Keeps what a thread made of it.
   *
   * @param tasks How many items the share has.
   * @param answer What it answered.
   */
  constructor(readonly tasks: number, { outcomes, length }: Answer<R>) {
    this.#packed = outcomes;
    this.length = "json" in outcomes ? lengthOfJson(outcomes) : length;
  }

  /** Unpacks the outcomes: in the order of the tasks, and fewer only after a cancellation, or where they took too much memory. */
  outcomes(): readonly Outcome<R>[] {
    return unpack(this.#packed);
  }
}
