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
  /** How many there are. */
  readonly count: number;
  /** How much memory they take, roughly, as they are. */
  readonly length: number;
}

/** What came of a share. */
export class Extracted<R> {
  /** How much memory it takes, roughly: in bytes while it is packed, else in units. */
  readonly length: number;
  /** How many items there is an outcome of: the first ones. All, unless the threads were ended, or these took too much memory. */
  readonly count: number;
  #packed: Packed<readonly Outcome<R>[]>;

  /**
   * Keeps what a thread made of it.
   *
   * @param tasks How many items the share has.
   * @param answer What it answered.
   */
  constructor(readonly tasks: number, { outcomes, count, length }: Answer<R>) {
    this.#packed = outcomes;
    this.count = count;
    this.length = "json" in outcomes ? lengthOfJson(outcomes) : length;
  }

  /** What came of a share that went with another. */
  static nothing<R>(): Extracted<R> {
    return new Extracted<R>(0, { outcomes: { value: [] }, count: 0, length: 0 });
  }

  /**
   * Takes the outcomes, once, in the order of the tasks. They are held here no longer, for the shares of a batch are, while it is
   * committed in parts.
   */
  take(): readonly Outcome<R>[] {
    const packed = this.#packed;
    this.#packed = { value: [] };
    return unpack(packed);
  }
}
