/**
 * Going through what comes one by one, whether it has to be waited for or not.
 *
 * @module
 */
import { untilAborted } from "./abandon.ts";
import { isPromise } from "./promises.ts";
import type { MaybePromise, PromptIterable, PromptIterator } from "./source.ts";

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
  const steps = new Steps(listing);
  try {
    for (;;) {
      // Awaiting every value of a synchronous listing would cost more than the listing itself.
      const step = steps.next(), { done, value } = isPromise(step) ? await untilAborted(step, signal) : step;
      if (done) return;
      const taken = take(value);
      if (taken === false || (taken && await taken === false)) return;
    }
  } finally {
    // One that is still waited for would be waited for again.
    const ended = steps.end();
    if (!signal.aborted) await ended;
  }
}

/** A listing that is taken a part at a time. */
export class Parts<T> implements AsyncDisposable {
  readonly #steps: Steps<T>;

  /** Begins a listing. */
  constructor(listing: Iterable<T> | AsyncIterable<T>) {
    this.#steps = new Steps(listing);
  }

  /**
   * Takes the next values.
   *
   * @param count How many.
   * @returns That many; fewer at the end, and then none.
   */
  async next(count: number): Promise<T[]> {
    const part: T[] = [];
    while (part.length < count && !this.#steps.isOver) {
      const step = this.#steps.next(), { done, value } = isPromise(step) ? await step : step;
      if (!done) part.push(value);
    }
    return part;
  }

  /** Ends it early, if it did not end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#steps.end();
  }
}

/** The steps of an iterator, which is told to end only where it did not end or throw by itself, as `for await` has it. */
class Steps<T> {
  readonly #values: Iterator<T, unknown> | PromptIterator<T>;
  #isOver = false;

  constructor(listing: Iterable<T> | PromptIterable<T>) {
    this.#values = Symbol.iterator in listing ? listing[Symbol.iterator]() : listing[Symbol.asyncIterator]();
  }

  /** Whether it ended, threw, or was told to end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks for the next value. */
  next(): MaybePromise<IteratorResult<T, unknown>> {
    try {
      const step = this.#values.next();
      return isPromise(step) ? this.#wait(step) : this.#note(step);
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  /** Has it end early, if it is not over. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#values.return?.();
    } catch {
      // What was taken stands, and an error that ended it matters more.
    }
  }

  async #wait(step: PromiseLike<IteratorResult<T, unknown>>): Promise<IteratorResult<T, unknown>> {
    try {
      return this.#note(await step);
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  #note(step: IteratorResult<T, unknown>): IteratorResult<T, unknown> {
    if (step.done) this.#isOver = true;
    return step;
  }
}
