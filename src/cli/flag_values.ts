/**
 * Values of flags that are more than text.
 *
 * @module
 */
import { UsageError } from "./usage_error.ts";

/** Reads a whole number from 1. */
export function integer(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`${flag} takes a whole number from 1, not "${value}"`);
}

/** Reads one of some words. */
export function oneOf(flag: string, value: string | undefined, words: readonly string[]): string | undefined {
  if (value === undefined || words.includes(value)) return value;
  throw new UsageError(`${flag} takes ${words.join(" or ")}, not "${value}"`);
}

/** Reads some of some words, with commas between. */
export function someOf(flag: string, value: string | undefined, words: readonly string[]): string[] | undefined {
  return value?.split(",").map((one) => oneOf(flag, one.trim(), words) ?? "");
}
