/**
 * What plugins answer: at once, or by a promise.
 *
 * @module
 */

/**
 * Whether an answer is a promise, be it one of a library's own, as database clients give. Such a one may have no method but `then`.
 *
 * @throws Whatever asking a hostile object for its `then` throws.
 */
export function isPromise<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  if (typeof answer !== "object" || answer === null) return false;
  return answer instanceof Promise || "then" in answer && typeof answer.then === "function";
}
