/**
 * Text that comes from elsewhere, made safe to print: it can neither move a cursor nor turn the direction of writing.
 *
 * @module
 */

/** Control characters, marks that change the direction of writing, invisible separators, halves of surrogate pairs. */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- control characters are what it is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** An escape of a JSON text; that of half of a surrogate pair is told apart. */
const JSON_ESCAPE = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Escapes what is not plain text, as `\u001b`.
 *
 * @param text Any text, e.g. a file name or the reason of a failure.
 * @returns One line of plain text.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escape);
}

/**
 * Writes a value as JSON that is safe to print. A parser reads the same value from it as from `JSON.stringify`, but for halves
 * of surrogate pairs, which some refuse: they are U+FFFD.
 *
 * @param value Any value that JSON can hold.
 * @returns The JSON text, on several lines.
 */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replace(JSON_ESCAPE, (all, half) => half ? "\ufffd" : all);
  // JSON.stringify leaves no line break inside a string, so the ones between the lines are its own.
  return json.split("\n").map(printable).join("\n");
}
