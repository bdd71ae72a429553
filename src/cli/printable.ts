/**
 * Text that comes from elsewhere, made safe to print: nothing in it moves a cursor, turns the direction of writing, or hides.
 *
 * @module
 */

/**
 * Control characters, what shows nothing or changes the direction of writing, line separators, annotations, halves of surrogate
 * pairs. Selectors of a form stay: they stand in emoji.
 */
const UNSAFE = /[[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb\p{Cs}]--[\ufe00-\ufe0f]]/gv;

/** An escape of a JSON text; that of half of a surrogate pair is told apart. */
const JSON_ESCAPE = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

/** As JSON escapes a character: one beyond U+FFFF as two. */
function escape(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
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
