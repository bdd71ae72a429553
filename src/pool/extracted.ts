/**
 * What came of a share, packed until it is committed.
 *
 * @module
 */
import type { Outcome } from "../store.ts";
import { type Packed, unpack } from "./packed.ts";

/** How long an outcome is taken to be that is not JSON. */
const CLONED_LENGTH = 8 << 10;

/** What came of a share. */
export class Extracted<R> {
  /** How much memory it takes, roughly, in UTF-16 units. */
  readonly length: number;
  readonly #packed: Packed<readonly Outcome<R>[]>;

  /**
   * Keeps what a worker sent.
   *
   * @param tasks How many items the share has.
   * @param packed The outcomes.
   */
  constructor(readonly tasks: number, packed: Packed<readonly Outcome<R>[]>) {
    this.#packed = packed;
    this.length = "json" in packed ? packed.json.length : packed.value.length * CLONED_LENGTH;
  }

  /** Unpacks the outcomes: in the order of the tasks, and fewer only after a cancellation. */
  outcomes(): readonly Outcome<R>[] {
    return unpack(this.#packed);
  }
}
