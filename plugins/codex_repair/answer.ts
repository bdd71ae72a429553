/**
 * What the answers of the commands have in common: samples, counts, and values side by side.
 *
 * @module
 */
import { SEPARATOR } from "@std/path";
import { betweenCharacters } from "../characters.ts";

/** How many of a kind are shown to a person. */
const SHOWN = 3;

/** How many of a kind a program is given. */
const SAMPLED = 20;

/** How much of what is the same is shown before what differs, in characters. */
const SAME_SHOWN = 10;

/** The longest value that a person is shown, in characters. */
const LONGEST = 60;

/** The first few of many. */
export function sample<T, U>(many: readonly T[], toJson: (one: T) => U): U[] {
  return many.slice(0, SAMPLED).map(toJson);
}

/**
 * A heading with a count, and the first few below it.
 *
 * @param name What is counted.
 * @param amount How many there are.
 * @param says What they are.
 * @param lines A line about each; fewer than counted if several are about one.
 */
export function counted(name: string, amount: number, says: string, lines: readonly string[] = []): string[] {
  const heading = `${name.padEnd(12)}${String(amount).padStart(6)}  ${says}`;
  if (amount === 0) return [heading];
  const more = lines.length > SHOWN ? [`${" ".repeat(20)}… and ${lines.length - SHOWN} more`] : [];
  return [heading, ...lines.slice(0, SHOWN).map((line) => `${" ".repeat(20)}${line}`), ...more];
}

/** A value of a column, short enough for a line. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, betweenCharacters(text, LONGEST))}…` : text;
}

/** A path, without the folder that everything lies in. */
export function inside(folder: string, path: string): string {
  return path.startsWith(`${folder}${SEPARATOR}`) ? path.slice(folder.length + 1) : path;
}

/** Two values of a column; of long texts, what differs. */
export function shownChange(before: unknown, after: unknown): string {
  const skipped = typeof before === "string" && typeof after === "string" ? sameStart(before, after) : 0;
  const part = (value: unknown) => typeof value === "string" && skipped > 0 ? `…${value.slice(skipped)}` : value;
  return `${shown(part(before))} → ${shown(part(after))}`;
}

/** How much of two long texts to leave out because it is the same. */
function sameStart(one: string, other: string): number {
  if (one.length <= LONGEST && other.length <= LONGEST) return 0;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return betweenCharacters(one, Math.max(0, at - SAME_SHOWN));
}

/** A value of a column as JSON has it: an integer that a JavaScript number cannot hold is text. */
export function jsonValue(value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value ?? null;
}
