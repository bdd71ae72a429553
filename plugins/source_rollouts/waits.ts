/**
 * Listings that seldom have to wait: generators that give a promise where they do, and are asked to go on once it is kept. That
 * takes a third of the time of asynchronous generators, which wait for every value.
 *
 * @module
 */
import type { MaybePromise, PromptIterable } from "../../src/source.ts";

/** What a listing gives where it has to wait before it can go on. */
export type Wait = Promise<void>;

/**
 * Waits within a listing.
 *
 * @param promise What is waited for.
 * @returns What came of it.
 * @throws What it was rejected with.
 */
export function* awaiting<T>(promise: Promise<T>): Generator<Wait, T> {
  let settled: (() => T) | undefined;
  yield promise.then(
    (value) => {
      settled = () => value;
    },
    (error) => {
      settled = () => {
        throw error;
      };
    },
  );
  if (!settled) throw new TypeError("a listing has to be asked to go on only when what it waits for has come");
  return settled();
}

/** Whether a step is one to hand on as it is, which takes less time than another object. */
function isAnswer<T>(step: IteratorResult<T | Wait, unknown>): step is IteratorResult<T, unknown> {
  return !(step.value instanceof Promise);
}

/**
 * Makes of such a listing one that anybody can go through.
 *
 * @param values The values, and what has to be waited for between them.
 * @returns The values.
 */
export function promptly<T>(values: Iterable<T | Wait>): PromptIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = values[Symbol.iterator]();
      const next = (): MaybePromise<IteratorResult<T, unknown>> => {
        const step = iterator.next();
        if (isAnswer(step)) return step;
        return Promise.resolve(step.value).then(next);
      };
      return {
        next,
        return() {
          iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
