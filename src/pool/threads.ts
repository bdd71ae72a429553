/**
 * The worker threads of a run: started as soon as it is clear that there is enough for them to do, and not before.
 *
 * @module
 */
import type { Item } from "../source.ts";
import type { Pool } from "./pool.ts";
import { bytesToRead } from "./share.ts";

/** What opening an item and storing its row costs, in bytes that could be read instead. */
const ITEM_BYTES = 512 << 10;

/** From here on worker threads save more than starting them costs. */
const WORTH_BYTES = 256 << 20;

/** A pool that may not be there yet. */
export class Threads<I extends Item, R> implements Disposable {
  readonly #start: () => Pool<I, R> | undefined;
  #expected = 0;
  #pool: Pool<I, R> | undefined;

  /** @param start Starts the pool, where that is possible. */
  constructor(start: () => Pool<I, R> | undefined) {
    this.#start = start;
  }

  /** The pool, if it was started. */
  get pool(): Pool<I, R> | undefined {
    return this.#pool;
  }

  /** Takes note of an item that will be due. */
  expect(item: I): void {
    const before = this.#expected;
    this.#expected += ITEM_BYTES + bytesToRead(item);
    if (before < WORTH_BYTES && this.#expected >= WORTH_BYTES) this.#pool = this.#start();
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
  }
}
