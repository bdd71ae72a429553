/**
 * Leaves long texts out of a line that is about to be parsed, and looks whether a careless parser is enough for it.
 */
import { afterDigits, BACKSLASH, beforeSpace, COLON, COMMA, isDigit, QUOTE } from "./bytes";
import { SHORT, SHORT_END } from "./memory";
import { isCutKey, WORD_BYTES } from "./words";

/** What may be left out of a line, as in plugins/extractor_codex/scanner/scanner.ts. */
const CUT_NOTHING: u32 = 0, CUT_INSTRUCTIONS: u32 = 1;

/** Shorter texts are not worth leaving out. */
const LONG_TEXT: usize = 64;

/** From so many levels of nesting on, or so many digits, only a careful parser can judge. */
const DEPTH_LIMIT: i32 = 128, DIGITS_LIMIT: usize = 16;

/**
 * Makes a line shorter that is about to be parsed: long texts that no column needs are left out.
 *
 * @param cuts What may be left out: nothing, the text of the base instructions, or the text of every key that was added.
 * @returns 0 if the line holds something that only a careful parser can judge; 1 if there is nothing of that kind in it and it
 * stays as it is; else how many bytes at SHORT are to be parsed instead.
 */
export function shorten(start: usize, end: usize, cuts: u32): usize {
  let at = start, from = start, to = SHORT;
  let depth = 0, mayCut = cuts != CUT_NOTHING;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      const close = endOfText(at + 1, end);
      if (close == 0) return 0;
      if (mayCut && close - at > LONG_TEXT && isCut(start, at, cuts)) {
        const size = at + 1 - from;
        if (to + size > SHORT_END) return 0;
        memory.copy(to, from, size);
        to += size;
        from = close;
      }
      at = close + 1;
    } else if (byte == 0x2d || isDigit(byte)) {
      at = endOfNumber(start, at, end);
      if (at == 0) return 0;
    } else {
      if (byte == 0x5b || byte == 0x7b) {
        if (++depth >= DEPTH_LIMIT) return 0;
        // What comes after a list may be inside it.
        if (byte == 0x5b && cuts == CUT_INSTRUCTIONS) mayCut = false;
      } else if (byte == 0x5d || byte == 0x7d) depth--;
      at++;
    }
  }
  if (from == start) return 1;
  const size = end - from;
  if (to + size > SHORT_END) return 0;
  memory.copy(to, from, size);
  return to + size - SHORT;
}

/** Whether the text behind a quote may be left out. */
function isCut(start: usize, quote: usize, cuts: u32): bool {
  const colon = beforeSpace(quote - 1);
  if (cuts == CUT_INSTRUCTIONS) return isInstructions(start, colon);
  if (load<u8>(colon) != COLON || load<u8>(colon - 1) != QUOTE) return false;
  const behind = colon - 1, limit = max(start, behind - WORD_BYTES);
  let key = behind;
  while (key > limit && load<u8>(key - 1) != QUOTE) key--;
  return key < behind && isCutKey(key, behind - key);
}

/** Whether a colon is that before the text of the base instructions. */
function isInstructions(start: usize, colon: usize): bool {
  // {"text":
  const brace = colon - 7;
  if (load<u64>(brace) != 0x3a2274786574227b) return false;
  // "base_instructions":
  const key = beforeSpace(brace - 1) - 19;
  return key > start + 1 && load<u8>(beforeSpace(key - 1)) == COMMA && load<u64>(key) == 0x6e695f6573616222 &&
    load<u64>(key, 8) == 0x6f69746375727473 && load<u64>(key, 12) == 0x3a22736e6f697463;
}

/** Where the quote is that ends a text; 0 if only a careful parser can tell what is in it. */
function endOfText(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const text = v128.load(at);
    const control = i8x16.lt_u(text, i8x16.splat(0x20));
    const quote = v128.or(i8x16.eq(text, i8x16.splat(0x22)), i8x16.eq(text, i8x16.splat(0x5c)));
    const special = i8x16.bitmask(v128.or(control, quote));
    if (!special) {
      at += 16;
      continue;
    }
    at += <usize> ctz(special);
    if (at >= end) return 0;
    const byte = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH) return 0;
    const letter = load<u8>(at, 1);
    if (isSimpleEscape(letter)) at += 2;
    else if (letter == 0x75 && isUnit(at + 2)) {
      const half = halfAt(at + 2);
      if (half == NO_HALF) at += 6;
      else if (half == FIRST_HALF && isOtherHalf(at + 6)) at += 12;
      else return 0;
    } else return 0;
  }
  return 0;
}

/** Whether a letter behind a backslash stands for one character by itself. */
function isSimpleEscape(byte: u8): bool {
  return byte == 0x6e || byte == QUOTE || byte == BACKSLASH || byte == 0x74 || byte == 0x72 || byte == 0x2f || byte == 0x62 ||
    byte == 0x66;
}

/** Whether there are four hexadecimal digits. */
function isUnit(at: usize): bool {
  for (let digit: usize = 0; digit < 4; digit++) {
    const byte = load<u8>(at + digit), lower = byte | 0x20;
    if (!isDigit(byte) && (lower < 0x61 || lower > 0x66)) return false;
  }
  return true;
}

/** What four digits stand for: a character, or the first or the second half of one. */
const NO_HALF: u32 = 0, FIRST_HALF: u32 = 1, SECOND_HALF: u32 = 2;

function halfAt(at: usize): u32 {
  // d8 to db, and dc to df
  if ((load<u8>(at) | 0x20) != 0x64) return NO_HALF;
  const next = load<u8>(at, 1);
  return next < 0x38 ? NO_HALF : next <= 0x39 || (next | 0x20) <= 0x62 ? FIRST_HALF : SECOND_HALF;
}

/** Whether there is an escape of the second half of a character. */
function isOtherHalf(at: usize): bool {
  return load<u8>(at) == BACKSLASH && load<u8>(at, 1) == 0x75 && isUnit(at + 2) && halfAt(at + 2) == SECOND_HALF;
}

/** Behind a number; 0 if it is none that JavaScript surely leaves as it is, or that counts for no more than being one. */
function endOfNumber(start: usize, from: usize, end: usize): usize {
  const isNegative = load<u8>(from) == 0x2d;
  const digits = isNegative ? from + 1 : from;
  if (isNegative && load<u8>(digits) == 0x30) return 0;
  const behind = afterDigits(digits, end);
  const next = load<u8>(behind);
  if (behind == end || behind == digits) return behind;
  if (behind - digits >= DIGITS_LIMIT - 1 && isDigit(next)) return 0;
  if (next == 0x2e && !isNegative && behind - digits <= 3 && isPercent(start, from)) return endOfPercent(behind + 1, end);
  return next == 0x2e || next == 0x65 || next == 0x45 ? 0 : behind;
}

/** Whether a number is the value of `used_percent`. */
function isPercent(start: usize, from: usize): bool {
  // "used_percent":
  const key = beforeSpace(from - 1) - 14;
  return key > start && load<u64>(key) == 0x65705f6465737522 && load<u64>(key, 7) == 0x3a22746e65637265;
}

/** Behind a fraction that Rust would spell like that: `0`, or up to four digits of which the last is not. */
function endOfPercent(from: usize, end: usize): usize {
  const limit = min(end, from + 5);
  let at = from;
  while (at < limit && isDigit(load<u8>(at))) at++;
  if (at == from || at - from > 4 || at == end || (load<u8>(at) != 0x2c && load<u8>(at) != 0x7d)) return 0;
  return at == from + 1 || load<u8>(at - 1) != 0x30 ? at : 0;
}
