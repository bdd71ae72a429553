/**
 * What came of a share, packed until it is committed.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import { lengthOfOutcome } from "../length.ts";
import type { Item } from "../source.ts";
import type { Outcome } from "../store.ts";
import { lengthOfJson, type Packed, unpack } from "./packed.ts";

/** What came of a share. */
export class Extracted<R> {
  /** How many items the share has. */
  readonly tasks: number;
  /** How much memory it takes, roughly, in bytes. */
  readonly length: number;
  readonly #packed: Packed<readonly Outcome<R>[]>;

  /**
   * Keeps what a thread made of it.
   *
   * @param tasks The items of the share.
   * @param packed The outcomes.
   */
  constructor(tasks: readonly ExtractTask<Item>[], packed: Packed<readonly Outcome<R>[]>) {
    this.tasks = tasks.length;
    this.#packed = packed;
    this.length = "json" in packed ? lengthOfJson(packed) : lengthOfAll(packed.value, tasks);
  }

  /** Unpacks the outcomes: in the order of the tasks, and fewer only after a cancellation, or where they took too much memory. */
  outcomes(): readonly Outcome<R>[] {
    return unpack(this.#packed);
  }
}

function lengthOfAll(outcomes: readonly Outcome<unknown>[], tasks: readonly ExtractTask<Item>[]): number {
  let length = 0;
  for (const [at, outcome] of outcomes.entries()) {
    const item = tasks[at]?.item;
    if (item) length += lengthOfOutcome(outcome, item);
  }
  return length;
}
