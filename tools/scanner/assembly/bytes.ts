/**
 * Single bytes, and what kinds of them there are.
 */

export const QUOTE: u8 = 0x22, BACKSLASH: u8 = 0x5c, COLON: u8 = 0x3a, COMMA: u8 = 0x2c, SPACE: u8 = 0x20;

export function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Behind up to fifteen digits. */
export function afterDigits(from: usize, end: usize): usize {
  const limit = min(end, from + 15);
  let at = from;
  while (at < limit && isDigit(load<u8>(at))) at++;
  return at;
}

/** Before that space, if it is one: where the comma or the colon is that it stands behind. */
export function beforeSpace(at: usize): usize {
  return at - <usize> (load<u8>(at) == SPACE);
}
