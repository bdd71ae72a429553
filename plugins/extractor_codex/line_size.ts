/**
 * How many values a line may hold: every one of them takes a hundred bytes and more once it is parsed, so that a line of a few
 * megabytes could take all the memory there is.
 *
 * @module
 */
import { endOfString } from "./json/json.ts";

/** The most objects, lists and members of either in one line. Codex writes a few hundred; its long lines are long texts. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22, COMMA = 0x2c, BRACE = 0x7b, BRACKET = 0x5b;

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
      at = endOfString(line, at + 1);
      if (at < 0) return false;
    } else if ((unit === COMMA || unit === BRACE || unit === BRACKET) && ++values > MOST_VALUES) return true;
  }
  return false;
}
