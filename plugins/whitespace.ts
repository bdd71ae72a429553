/**
 * White space as Unicode and Rust define it. JavaScript's own `trim` also takes U+FEFF and leaves U+0085.
 *
 * @module
 */

const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const START = new RegExp(`^[${SPACE}]+`);
const END = new RegExp(`[${SPACE}]$`);
const SPACE_ONLY = new RegExp(`^[${SPACE}]*$`);

/** Text without the white space at both ends. */
export function trim(text: string): string {
  const rest = text.replace(START, "");
  let end = rest.length;
  // A pattern for the whole end would be tried again at every space inside a long text.
  while (end > 0 && END.test(rest.charAt(end - 1))) end--;
  return rest.slice(0, end);
}

/** Whether text is nothing but white space. */
export function isBlank(text: string): boolean {
  return SPACE_ONLY.test(text);
}

/** The white space of {@linkcode trim}, as the inside of a character class. */
export const SPACE_CLASS: string = SPACE;
