/**
 * Going through what comes one by one, whether it has to be waited for or not.
 *
 * @module
 */
import { untilAborted } from "./abandon.ts";
import { isPromise } from "./promises.ts";
import type { MaybePromise, PromptIterable } from "./source.ts";

/**
 * Takes every value of a listing.
 *
 * @param listing The values.
 * @param take Takes one, before the next one is asked for. Ends the listing by `false`.
 * @param signal Ends it too, also where a value is waited for.
 * @throws The signal's reason, if that ended it.
 */
export async function forEach<T>(
  listing: Iterable<T> | PromptIterable<T>,
  take: (value: T) => MaybePromise<void | false>,
  signal: AbortSignal,
): Promise<void> {
  // Awaiting every value of a synchronous listing would cost more than the listing itself.
  if (Symbol.iterator in listing) {
    for (const value of listing) {
      const taken = take(value);
      if (taken === false || (taken && await taken === false)) return;
    }
  } else {
    const values = listing[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = values.next(), { done, value } = isPromise(step) ? await untilAborted(step, signal) : step;
        if (done) return;
        const taken = take(value);
        if (taken === false || (taken && await taken === false)) return;
      }
    } finally {
      // One that is still waited for would be waited for again.
      const ended = (async () => await values.return?.())().catch(() => {});
      if (!signal.aborted) await ended;
    }
  }
}

/** A listing that is taken a part at a time. */
export class Parts<T> implements AsyncDisposable {
  readonly #values: Iterator<T> | AsyncIterator<T>;
  #isOver = false;

  /** Begins a listing. */
  constructor(listing: Iterable<T> | AsyncIterable<T>) {
    this.#values = Symbol.iterator in listing ? listing[Symbol.iterator]() : listing[Symbol.asyncIterator]();
  }

  /**
   * Takes the next values.
   *
   * @param count How many.
   * @returns That many; fewer at the end, and then none.
   */
  async next(count: number): Promise<T[]> {
    const part: T[] = [];
    while (part.length < count && !this.#isOver) {
      const step = this.#values.next(), { done, value } = isPromise(step) ? await step : step;
      if (done) this.#isOver = true;
      else part.push(value);
    }
    return part;
  }

  /** Ends it early, if it did not end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#values.return?.();
    } catch {
      // What was taken stands, and an error that ended it matters more.
    }
  }
}
