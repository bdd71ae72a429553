/**
 * Tells from the first and last bytes of a line what kind it is of, as `plugins/extractor_codex/classify.ts` does.
 */
import { afterDigits, isDigit } from "./bytes";
import { kindOfEventWord, kindOfLineWord, WORD_BYTES } from "./words";

// The kinds, as in plugins/extractor_codex/kind.ts; the last two are only known here.
export const PARSE: u32 = 0, OTHER: u32 = 1, TOO_LONG: u32 = 6;
const MESSAGE: u32 = 4, EVENT: u32 = 8, ITEM: u32 = 9;

/** How far behind the type of an event its item may begin. */
const ITEM_BYTES: usize = 200;

/** The kind of a whole line. */
export function kindOfLine(start: usize, end: usize): u32 {
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
  const kind = kindOfLineWord(at, length);
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
  const event = kindOfEventWord(at, length);
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
