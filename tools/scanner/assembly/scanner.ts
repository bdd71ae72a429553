/**
 * Finds the lines in a stretch of memory and tells from its first and last bytes what kind each is of.
 *
 * This is AssemblyScript: `deno task build:scanner` makes WebAssembly of it. `plugins/extractor_codex/scanner_plain.ts` does
 * the same in TypeScript and says what is looked for.
 */

// What is where in memory. The host writes words at WORD and bytes from BUFFER on, and reads the rest.
const NEXT: usize = 0, LAST_PASSED: usize = 4, PASSED: usize = 8, HASH: usize = 12;
const WORD: usize = 64;
const LINE_WORDS: usize = 1024, EVENT_WORDS: usize = 8192, KEY_WORDS: usize = 26624;
const ENTRIES: usize = 40960;
const SHORT: usize = 65536, SHORT_END: usize = 131008;

// The kinds, as in plugins/extractor_codex/scanner.ts; the last two are only known here.
const PARSE: u32 = 0, OTHER: u32 = 1, MESSAGE: u32 = 4, TOO_LONG: u32 = 6, EVENT: u32 = 8, ITEM: u32 = 9;

/** A word, padded with zeros, its length and its kind. */
const SLOT_BYTES: usize = 64, SLOT_LENGTH: usize = 48, SLOT_KIND: usize = 52;
const LINE_SLOTS: usize = 64, EVENT_SLOTS: usize = 256, KEY_SLOTS: usize = 64;

/** The tables of words, as the host names them. */
const LINES: u32 = 0, EVENTS: u32 = 1;

/** No word, and no timestamp, is longer than this less one. */
const WORD_BYTES: usize = 48;

/** How far behind the type of an event its item may begin. */
const ITEM_BYTES: usize = 200;

/** What may be left out of a line, as in plugins/extractor_codex/scanner.ts. */
const CUT_NOTHING: u32 = 0, CUT_INSTRUCTIONS: u32 = 1;

/** Shorter texts are not worth leaving out. */
const LONG_TEXT: usize = 64;

/** From so many levels of nesting on, or so many digits, only a careful parser can judge. */
const DEPTH_LIMIT: i32 = 128, DIGITS_LIMIT: usize = 16;

const QUOTE: u8 = 0x22, BACKSLASH: u8 = 0x5c, COLON: u8 = 0x3a;

/** Adds a word that stands at WORD to a table. */
export function addWord(table: u32, length: usize, kind: u32): void {
  const slot = table == LINES
    ? slotOf(LINE_WORDS, LINE_SLOTS, WORD, length)
    : table == EVENTS
    ? slotOf(EVENT_WORDS, EVENT_SLOTS, WORD, length)
    : slotOf(KEY_WORDS, KEY_SLOTS, WORD, length);
  memory.copy(slot, WORD, length);
  store<u32>(slot, <u32> length, SLOT_LENGTH);
  store<u32>(slot, kind, SLOT_KIND);
}

/**
 * Finds the lines between `start` and `end` and writes those that matter to the table of entries.
 *
 * @param search Where the first line break may be.
 * @param limit Entries after which it returns.
 * @param longest Longer lines are too long.
 * @param all Whether every line matters.
 */
export function scan(start: usize, search: usize, end: usize, limit: u32, longest: usize, all: bool): u32 {
  let line = start, at = search, last: usize = 0;
  let entries: u32 = 0, passed: u32 = 0;
  while (entries < limit) {
    const lineBreak = find(at, end);
    if (lineBreak >= end) break;
    if (lineBreak > line) {
      const kind = lineBreak - line > longest ? TOO_LONG : all ? PARSE : kindOfLine(line, lineBreak);
      if (kind == OTHER) {
        passed++;
        last = line;
      } else {
        const entry = ENTRIES + (<usize> entries << 4);
        store<u32>(entry, kind);
        store<u32>(entry, <u32> line, 4);
        store<u32>(entry, <u32> lineBreak, 8);
        store<u32>(entry, <u32> last, 12);
        entries++;
        last = 0;
      }
    }
    line = lineBreak + 1;
    at = line;
  }
  store<u32>(NEXT, <u32> line);
  store<u32>(LAST_PASSED, <u32> last);
  store<u32>(PASSED, passed);
  return entries;
}

/** Where the first line break is; `end` if there is none. */
export function find(from: usize, end: usize): usize {
  let at = from;
  while (at + 128 <= end) {
    const least = i8x16.min_u(leastOf(at), leastOf(at + 64));
    // Hardly another byte of JSON is as small.
    if (v128.any_true(i8x16.eq(i8x16.min_u(least, i8x16.splat(10)), least))) {
      const first = lineBreaks(at), second = lineBreaks(at + 64);
      // Without a branch: which half it is in cannot be foreseen.
      if (first | second) return at + <usize> select<u64>(ctz(first), ctz(second) + 64, first != 0);
    }
    at += 128;
  }
  while (at < end) {
    const found = lineBreaks(at);
    if (found) return min(end, at + <usize> ctz(found));
    at += 64;
  }
  return end;
}

/** Of each four bytes that are 16 apart the least. */
function leastOf(at: usize): v128 {
  return i8x16.min_u(
    i8x16.min_u(v128.load(at), v128.load(at, 16)),
    i8x16.min_u(v128.load(at, 32), v128.load(at, 48)),
  );
}

/** Which of 64 bytes are line breaks, the first in the lowest bit. */
function lineBreaks(at: usize): u64 {
  const wanted = i8x16.splat(10);
  return <u64> i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted)) << 16) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 32), wanted)) << 32) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 48), wanted)) << 48);
}

function kindOfLine(start: usize, end: usize): u32 {
  const kind = kindOfHead(start, end);
  return kind == PARSE || endsWell(start, end) ? kind : PARSE;
}

/** The kind of a line by its first bytes. */
export function kindOfHead(start: usize, end: usize): u32 {
  // {"timestamp":"
  if (start + 14 > end) return PARSE;
  if (load<u64>(start) != 0x7473656d6974227b || load<u64>(start, 6) != 0x223a22706d617473) return PARSE;
  let at = afterTimestamp(start + 14, end);
  if (at == 0) return PARSE;
  // ,"ordinal":
  if (at + 11 <= end && load<u64>(at) == 0x616e6964726f222c && load<u64>(at, 3) == 0x3a226c616e696472) {
    at = afterDigits(at + 11, end);
  }
  // ,"type":"
  if (at + 9 > end || load<u64>(at) != 0x3a2265707974222c || load<u8>(at, 8) != 0x22) return PARSE;
  at += 9;
  let length = wordLength(at, end);
  if (length == 0) return PARSE;
  const kind = kindOfWord(LINE_WORDS, LINE_SLOTS, at, length);
  at += length + 1;
  // ,"payload":{
  if (at + 12 > end || load<u64>(at) != 0x616f6c796170222c || load<u64>(at, 4) != 0x7b3a2264616f6c79) return PARSE;
  if (kind != EVENT) return kind;
  at += 12;
  // "type":"
  if (at + 8 > end || load<u64>(at) != 0x223a226570797422) return PARSE;
  at += 8;
  length = wordLength(at, end);
  if (length == 0) return PARSE;
  const event = kindOfWord(EVENT_WORDS, EVENT_SLOTS, at, length);
  return event == ITEM ? kindOfItem(at + length, end) : event;
}

/** An item is a message of the user, or not, or does not begin where the CLI writes it. */
function kindOfItem(from: usize, end: usize): u32 {
  const limit = min(end, from + ITEM_BYTES + 1);
  let brace = from;
  while (brace < limit && load<u8>(brace) != 0x7b) brace++;
  if (brace >= limit) return PARSE;
  // "item":{"type":"
  if (brace + 9 > end || load<u64>(brace - 7) != 0x7b3a226d65746922) return PARSE;
  if (load<u64>(brace, 1) != 0x223a226570797422) return PARSE;
  const at = brace + 9;
  const length = wordLength(at, end);
  if (length == 0) return PARSE;
  // UserMessage"
  const isMessage = length == 11 && load<u64>(at) == 0x7373654d72657355 && load<u64>(at, 4) == 0x226567617373654d;
  return isMessage ? MESSAGE : OTHER;
}

/** Behind the quote that ends a timestamp of printable ASCII, or 0. */
function afterTimestamp(from: usize, end: usize): usize {
  const limit = min(end, from + WORD_BYTES);
  for (let at = from; at < limit; at += 16) {
    const text = v128.load(at);
    const odd = v128.or(
      v128.or(i8x16.lt_s(text, i8x16.splat(0x20)), i8x16.eq(text, i8x16.splat(0x7f))),
      i8x16.eq(text, i8x16.splat(0x5c)),
    );
    const quotes = i8x16.bitmask(i8x16.eq(text, i8x16.splat(0x22)));
    const bad = i8x16.bitmask(odd);
    if (quotes) {
      const first = <usize> ctz(quotes);
      if (bad && <usize> ctz(bad) < first) return 0;
      const quote = at + first;
      return quote > from && quote < limit ? quote + 1 : 0;
    }
    if (bad) return 0;
  }
  return 0;
}

function afterDigits(from: usize, end: usize): usize {
  const limit = min(end, from + 15);
  let at = from;
  while (at < limit && isDigit(load<u8>(at))) at++;
  return at;
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** The length of a word of letters and underscores that a quote ends; 0 if there is none. */
function wordLength(from: usize, end: usize): usize {
  const limit = min(end, from + WORD_BYTES);
  for (let at = from; at < limit; at += 16) {
    const text = v128.load(at);
    const lower = v128.or(text, i8x16.splat(0x20));
    const letters = v128.and(i8x16.ge_s(lower, i8x16.splat(0x61)), i8x16.le_s(lower, i8x16.splat(0x7a)));
    const others = ~i8x16.bitmask(v128.or(letters, i8x16.eq(text, i8x16.splat(0x5f)))) & 0xffff;
    if (others) {
      const end = at + <usize> ctz(others);
      return end < limit && load<u8>(end) == 0x22 ? end - from : 0;
    }
  }
  return 0;
}

function kindOfWord(table: usize, slots: usize, word: usize, length: usize): u32 {
  return load<u32>(slotOf(table, slots, word, length), SLOT_KIND);
}

/** Where a word is in a table, or would be. A slot without a word has kind 0. */
function slotOf(table: usize, slots: usize, word: usize, length: usize): usize {
  let index = hashOfWord(word, length) & (slots - 1);
  while (true) {
    const slot = table + index * SLOT_BYTES;
    const taken = load<u32>(slot, SLOT_LENGTH);
    if (taken == 0 || (taken == <u32> length && isSame(slot, word, length))) return slot;
    index = (index + 1) & (slots - 1);
  }
}

/** Whether two words of one length are the same. What is behind them may be read. */
function isSame(one: usize, other: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 16) {
    const wanted = length - at < 16 ? (1 << <i32> (length - at)) - 1 : 0xffff;
    if (wanted & ~i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)))) return false;
  }
  return true;
}

function hashOfWord(word: usize, length: usize): usize {
  let first: u64, last: u64;
  if (length >= 8) {
    first = load<u64>(word);
    last = load<u64>(word + length - 8);
  } else {
    first = load<u64>(word) & ((<u64> 1 << (<u64> length << 3)) - 1);
    last = first;
  }
  return <usize> (((first * 0x9e3779b97f4a7c15) ^ (last * 0xc2b2ae3d27d4eb4f) ^ length) >> 40);
}

/** Whether a payload and then the line are closed at the end, perhaps with the ordinal between. */
export function endsWell(start: usize, end: usize): bool {
  let at = end - 1;
  if (load<u8>(at) == 0x0d) at--;
  if (at <= start || load<u8>(at) != 0x7d) return false;
  at--;
  if (load<u8>(at) == 0x7d) return true;
  const digits = at;
  const limit = max(start, at - 15);
  while (at > limit && isDigit(load<u8>(at))) at--;
  // },"ordinal":
  const from = at - 11;
  if (at == digits || at < start + 11) return false;
  return load<u8>(from) == 0x7d && load<u64>(from, 1) == 0x616e6964726f222c &&
    load<u64>(from, 4) == 0x3a226c616e696472;
}

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
  if (cuts == CUT_INSTRUCTIONS) {
    // ,"base_instructions":{"text":
    const key = quote - 29;
    return key > start && load<u64>(key) == 0x695f65736162222c && load<u64>(key, 8) == 0x697463757274736e &&
      load<u64>(key, 16) == 0x74227b3a22736e6f && load<u64>(key, 21) == 0x3a2274786574227b;
  }
  if (load<u8>(quote - 1) != COLON || load<u8>(quote - 2) != QUOTE) return false;
  const behind = quote - 2, limit = max(start, behind - WORD_BYTES);
  let key = behind;
  while (key > limit && load<u8>(key - 1) != QUOTE) key--;
  return key < behind && kindOfWord(KEY_WORDS, KEY_SLOTS, key, behind - key) != 0;
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
    else if (letter == 0x75 && isSimpleUnit(at + 2)) at += 6;
    else return 0;
  }
  return 0;
}

/** Whether a letter behind a backslash stands for one character by itself. */
function isSimpleEscape(byte: u8): bool {
  return byte == 0x6e || byte == QUOTE || byte == BACKSLASH || byte == 0x74 || byte == 0x72 || byte == 0x2f || byte == 0x62 ||
    byte == 0x66;
}

/** Whether four digits stand for a character, and not for half of one. */
function isSimpleUnit(at: usize): bool {
  for (let digit: usize = 0; digit < 4; digit++) {
    const byte = load<u8>(at + digit), lower = byte | 0x20;
    if (!isDigit(byte) && (lower < 0x61 || lower > 0x66)) return false;
  }
  return (load<u8>(at) | 0x20) != 0x64 || load<u8>(at, 1) < 0x38;
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
  const key = from - 15;
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

/** Leaves the hash of some bytes, of four at a time. */
export function hash(start: usize, end: usize): void {
  const last = start + ((end - start) & ~3);
  let one: u32 = 0x01234567, other: u32 = 0x76543210;
  for (let at = start; at < last; at += 4) {
    const word = load<u32>(at);
    one = (one ^ word) * 0x01000193;
    one ^= one >> 15;
    other = (other + word) * 0x5bd1e995;
    other ^= other >> 13;
  }
  store<u32>(HASH, one);
  store<u32>(HASH, other, 4);
}

/**
 * Goes on checking that bytes are UTF-8.
 *
 * @param state What the call before returned; 0 at first.
 * @returns What the next call needs: 0 between two characters; -1 if it is no UTF-8.
 */
export function checkUtf8(start: usize, end: usize, state: i32): i32 {
  // Continuation bytes that are still to come, and the bounds of the next.
  let wanted = state & 0xff, least = (state >> 8) & 0xff, most = (state >> 16) & 0xff;
  let at = start;
  while (at < end) {
    if (wanted == 0) {
      while (at + 16 <= end && !i8x16.bitmask(v128.load(at))) at += 16;
      if (at >= end) break;
    }
    const byte = <i32> load<u8>(at++);
    if (wanted) {
      if (byte < least || byte > most) return -1;
      wanted--;
      least = 0x80;
      most = 0xbf;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return -1;
      wanted = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      least = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
      most = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    }
  }
  return wanted ? wanted | (least << 8) | (most << 16) : 0;
}
