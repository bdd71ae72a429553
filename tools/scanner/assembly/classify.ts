/**
 * Tells from the first and last bytes of a line what kind it is of, as `plugins/extractor_codex/classify.ts` does.
 */
import { afterDigits, afterSpace, beforeSpace, COMMA, isDigit, QUOTE } from "./bytes";
import { kindOfEventWord, kindOfLineWord, WORD_BYTES } from "./words";

// The kinds, as in plugins/extractor_codex/kind.ts; the last two are only known here.
export const PARSE: u32 = 0, OTHER: u32 = 1, TOO_LONG: u32 = 6;
const TOKENS: u32 = 2, MESSAGE: u32 = 4, EVENT: u32 = 8, ITEM: u32 = 9;

/** How far behind the type of an event its item may begin. */
const ITEM_BYTES: usize = 200;

const OPENING_BRACE: u8 = 0x7b, BRACE: u8 = 0x7d;

/** The kind of a whole line. */
export function kindOfLine(start: usize, end: usize): u32 {
  const kind = kindOfHead(start, end);
  return kind == PARSE || endsWell(start, end) ? kind : PARSE;
}

/** The kind of a line by its first bytes. */
export function kindOfHead(start: usize, end: usize): u32 {
  // {"timestamp":
  if (start + 14 > end) return PARSE;
  if (load<u64>(start) != 0x7473656d6974227b || load<u64>(start, 5) != 0x3a22706d61747365) return PARSE;
  let at = afterTimestamp(afterSpace(start + 13), end);
  if (at == 0) return PARSE;
  // "ordinal":
  let key = afterSpace(at + 1);
  if (key + 10 <= end && load<u64>(key) == 0x6c616e6964726f22 && load<u64>(key, 2) == 0x3a226c616e696472) {
    if (load<u8>(at) != COMMA) return PARSE;
    at = afterDigits(afterSpace(key + 10), end);
    key = afterSpace(at + 1);
  }
  if (load<u8>(at) != COMMA) return PARSE;
  at = afterType(key, end);
  let length = wordLength(at, end);
  if (length == 0) return PARSE;
  const kind = kindOfLineWord(at, length);
  at += length + 1;
  // "payload":
  key = afterSpace(at + 1);
  if (key + 11 > end || load<u8>(at) != COMMA) return PARSE;
  if (load<u64>(key) != 0x64616f6c79617022 || load<u64>(key, 2) != 0x3a2264616f6c7961) return PARSE;
  at = afterSpace(key + 10);
  if (at >= end || load<u8>(at) != OPENING_BRACE) return PARSE;
  if (kind != EVENT) return kind;
  at = afterType(at + 1, end);
  length = wordLength(at, end);
  if (length == 0) return PARSE;
  const event = kindOfEventWord(at, length);
  at += length + 1;
  if (event == ITEM) return kindOfItem(at, end);
  return event == TOKENS && isEmpty(at, end) ? OTHER : event;
}

/** Behind the first quote of what a `"type":` names; `end` if something else is there. */
function afterType(at: usize, end: usize): usize {
  if (at + 8 > end || (load<u64>(at) & 0x00ffffffffffffff) != 0x003a226570797422) return end;
  at = afterSpace(at + 7);
  return at < end && load<u8>(at) == QUOTE ? at + 1 : end;
}

/** Whether a count of tokens has nothing in it. */
function isEmpty(at: usize, end: usize): bool {
  // ,"info":null
  const key = afterSpace(at + 1), value = afterSpace(key + 7);
  return value + 4 <= end && load<u8>(at) == COMMA && (load<u64>(key) & 0x00ffffffffffffff) == 0x003a226f666e6922 &&
    load<u32>(value) == 0x6c6c756e;
}

/** An item is a message of the user, or not, or does not begin where the CLI writes it. */
function kindOfItem(from: usize, end: usize): u32 {
  const limit = min(end, from + ITEM_BYTES + 1);
  let brace = from;
  while (brace < limit && load<u8>(brace) != OPENING_BRACE) brace++;
  if (brace >= limit) return PARSE;
  // "item":
  const colon = beforeSpace(brace - 1);
  if ((load<u64>(colon - 6) & 0x00ffffffffffffff) != 0x003a226d65746922) return PARSE;
  const at = afterType(brace + 1, end);
  const length = wordLength(at, end);
  if (length == 0) return PARSE;
  // UserMessage
  const isMessage = length == 11 && load<u64>(at) == 0x7373654d72657355 && load<u64>(at, 3) == 0x6567617373654d72;
  return isMessage ? MESSAGE : OTHER;
}

/** Behind a timestamp of printable ASCII and its quotes, or 0. */
function afterTimestamp(open: usize, end: usize): usize {
  if (open >= end || load<u8>(open) != QUOTE) return 0;
  const from = open + 1;
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
  if (at <= start || load<u8>(at) != BRACE) return false;
  at--;
  if (load<u8>(at) == BRACE) return true;
  const last = at;
  const limit = max(start, at - 15);
  while (at > limit && isDigit(load<u8>(at))) at--;
  if (at == last) return false;
  // Backwards: the space that may be behind the colon, the key, the space that may be behind the comma.
  at = beforeSpace(at);
  const key = at - 9;
  const comma = beforeSpace(key - 1);
  return comma > start && load<u8>(comma) == COMMA && load<u8>(comma - 1) == BRACE &&
    load<u64>(key) == 0x6c616e6964726f22 && load<u64>(key, 2) == 0x3a226c616e696472;
}
