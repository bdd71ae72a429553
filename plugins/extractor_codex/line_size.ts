/**
 * How many values a line may hold: every one of them takes a hundred bytes and more once it is parsed, so that a line of a few
 * megabytes could take all the memory there is.
 *
 * @module
 */

/** The most objects, lists and members of either in one line. Codex writes a few hundred; its long lines are long texts. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, BRACE = 0x7b, BRACKET = 0x5b;

/**
 * Says whether a line holds too many values to be parsed.
 *
 * @param line The text of the line.
 */
export function holdsTooMuch(line: string): boolean {
  if (line.length <= MOST_VALUES) return false;
  let values = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfText(line, at + 1);
    } else if ((unit === COMMA || unit === BRACE || unit === BRACKET) && ++values > MOST_VALUES) return true;
  }
  return false;
}

/** Where the quote is that ends a text. */
function endOfText(line: string, from: number): number {
  for (let at = from; (at = line.indexOf('"', at)) >= 0; at++) {
    let escapes = at;
    while (escapes > from && line.charCodeAt(escapes - 1) === BACKSLASH) escapes--;
    if ((at - escapes) % 2 === 0) return at;
  }
  return line.length;
}
