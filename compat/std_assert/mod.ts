/**
 * Stands in for `@std/assert` where JSR cannot be reached: the assertions this project uses, over `node:assert` and
 * `node:util`.
 *
 * @module
 */
import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import { equal } from "./equal.ts";

export { AssertionError, equal };

// deno-lint-ignore no-explicit-any -- a class of any constructor, as in the package this stands in for.
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails. */
export function fail(message = "failed"): never {
  throw new AssertionError({ message });
}

function check(condition: boolean, what: () => string, message?: string): void {
  if (!condition) fail(message ? `${message}: ${what()}` : what());
}

function show(value: unknown): string {
  return inspect(value, { depth: 8, sorted: true, maxArrayLength: 50, maxStringLength: 2000 });
}

/** Fails unless a value is truthy. */
export function assert(value: unknown, message = "not truthy"): asserts value {
  if (!value) fail(message);
}

/** Fails unless a value is falsy. */
export function assertFalse(value: unknown, message = "not falsy"): void {
  if (value) fail(message);
}

/** Fails unless two values are equal by their contents. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  check(equal(actual, expected), () => `not equal\nactual:   ${show(actual)}\nexpected: ${show(expected)}`, message);
}

/** Fails if two values are equal by their contents. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  check(!equal(actual, expected), () => `${show(actual)} is equal to what it must not be`, message);
}

/** Fails unless two values are the same. */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T {
  check(Object.is(actual, expected), () => `${show(actual)} is not the same as ${show(expected)}`, message);
}

/** Fails if two values are the same. */
export function assertNotStrictEquals(actual: unknown, expected: unknown, message?: string): void {
  check(!Object.is(actual, expected), () => `${show(actual)} is the same as what it must not be`, message);
}

/** Fails if a value is `null` or `undefined`. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  check(actual !== null && actual !== undefined, () => `${actual} instead of a value`, message);
}

/** Fails unless a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any -- as above.
  type: abstract new (...args: any[]) => T,
  message?: string,
): asserts actual is T {
  check(actual instanceof type, () => `${show(actual)} is not an instance of ${type.name}`, message);
}

/** Fails unless a text contains another. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  check(actual.includes(expected), () => `${show(actual)} does not contain ${show(expected)}`, message);
}

/** Fails unless a text matches. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  check(expected.test(actual), () => `${show(actual)} does not match ${expected}`, message);
}

/** Fails if a text matches. */
export function assertNotMatch(actual: string, expected: RegExp, message?: string): void {
  check(!expected.test(actual), () => `${show(actual)} matches ${expected}`, message);
}

/** Fails unless a list contains every one of others. */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, message?: string): void {
  const all = Array.from(actual);
  const missing = Array.from(expected).filter((one) => !all.some((other) => equal(one, other)));
  check(missing.length === 0, () => `${show(actual)} does not contain ${show(missing)}`, message);
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  check(actual > expected, () => `${show(actual)} is not greater than ${show(expected)}`, message);
}

/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void {
  check(actual >= expected, () => `${show(actual)} is less than ${show(expected)}`, message);
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void {
  check(actual < expected, () => `${show(actual)} is not less than ${show(expected)}`, message);
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  check(actual <= expected, () => `${show(actual)} is greater than ${show(expected)}`, message);
}

function assertError<E extends Error>(error: unknown, type: ErrorClass<E> | undefined, includes = ""): E {
  if (!(error instanceof Error)) return fail(`${show(error)} was thrown, which is not an error`);
  if (type && !(error instanceof type)) {
    throw new AssertionError({ message: `${error.name} was thrown instead of ${type.name}: ${error.message}` });
  }
  assertStringIncludes(error.message, includes, "the message of the error");
  return error as E;
}

/** Fails unless a call throws, an instance of a class whose message contains a text if they are given. */
export function assertThrows<E extends Error = Error>(
  call: () => unknown,
  type?: ErrorClass<E>,
  includes?: string,
): E {
  try {
    call();
  } catch (error) {
    return assertError(error, type, includes);
  }
  return fail("nothing was thrown");
}

/** Fails unless a call rejects, with an instance of a class whose message contains a text if they are given. */
export async function assertRejects<E extends Error = Error>(
  call: () => PromiseLike<unknown>,
  type?: ErrorClass<E>,
  includes?: string,
): Promise<E> {
  let promise: PromiseLike<unknown>;
  try {
    promise = call();
  } catch (error) {
    return fail(`the call threw instead of rejecting: ${show(error)}`);
  }
  try {
    await promise;
  } catch (error) {
    return assertError(error, type, includes);
  }
  return fail("nothing was rejected");
}
