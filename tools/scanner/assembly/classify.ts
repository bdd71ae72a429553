/**
 * Tells from the first and last bytes of a line what kind it is of, as `plugins/extractor_codex/scanner/classify.ts` does.
 */
import { afterDigits, isDigit, SPACE } from "./bytes";
import { kindOfEventWord, kindOfLineWord, WORD_BYTES } from "./words";

// The kinds, as in plugins/extractor_codex/scanner/kind.ts; the last two are only known here.
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
  // {"timestamp":"
  if (isText(start, end, 14, 0x7473656d6974227b, 0x223a22706d617473)) return kindBehind(start + 14, 0, end);
  if (isText(start, end, 15, 0x7473656d6974227b, 0x22203a22706d6174)) return kindBehind(start + 15, 1, end);
  return PARSE;
}

/** The kind of a line with so many spaces behind each comma and colon. It is compiled for each by itself: that is faster. */
@inline
function kindBehind(timestamp: usize, gap: usize, end: usize): u32 {
  let at = afterTimestamp(timestamp, end);
  if (at == 0) return PARSE;
  if (isOrdinal(at, gap, end)) at = afterDigits(at + 11 + 2 * gap, end);
  if (!isType(at, gap, end)) return PARSE;
  at += 9 + 2 * gap;
  let length = wordLength(at, end);
  if (length == 0) return PARSE;
  const kind = kindOfLineWord(at, length);
  at += length + 1;
  if (!isPayload(at, gap, end)) return PARSE;
  if (kind != EVENT) return kind;
  at += 12 + 2 * gap;
  if (!isFirstType(at, gap, end)) return PARSE;
  at += 8 + gap;
  length = wordLength(at, end);
  if (length == 0) return PARSE;
  const event = kindOfEventWord(at, length);
  at += length + 1;
  if (event == ITEM) return kindOfItem(at, gap, end);
  return event == TOKENS && isNoInfo(at, gap, end) ? OTHER : event;
}

/** An item is a message of the user, or not, or does not begin where the CLI writes it. */
function kindOfItem(from: usize, gap: usize, end: usize): u32 {
  const limit = min(end, from + ITEM_BYTES + 1);
  let brace = from;
  while (brace < limit && load<u8>(brace) != OPENING_BRACE) brace++;
  if (brace >= limit || !isItem(brace - 7 - gap, gap, end)) return PARSE;
  let at = brace + 1;
  if (!isFirstType(at, gap, end)) return PARSE;
  at += 8 + gap;
  const length = wordLength(at, end);
  if (length == 0) return PARSE;
  // UserMessage
  return length == 11 && isText(at, end, 11, 0x7373654d72657355, 0x6567617373654d72) ? MESSAGE : OTHER;
}

/** Whether a text of 8 to 16 bytes is there, by its first and its last eight. */
@inline
function isText(at: usize, end: usize, length: usize, first: u64, last: u64): bool {
  return at + length <= end && load<u64>(at) == first && load<u64>(at + length - 8) == last;
}

@inline
function isOrdinal(at: usize, gap: usize, end: usize): bool {
  // ,"ordinal":
  return gap == 0
    ? isText(at, end, 11, 0x616e6964726f222c, 0x3a226c616e696472)
    : isText(at, end, 13, 0x6e6964726f22202c, 0x203a226c616e6964);
}

@inline
function isType(at: usize, gap: usize, end: usize): bool {
  // ,"type":"
  return gap == 0
    ? isText(at, end, 9, 0x3a2265707974222c, 0x223a226570797422)
    : isText(at, end, 11, 0x226570797422202c, 0x22203a2265707974);
}

@inline
function isPayload(at: usize, gap: usize, end: usize): bool {
  // ,"payload":{
  return gap == 0
    ? isText(at, end, 12, 0x616f6c796170222c, 0x7b3a2264616f6c79)
    : isText(at, end, 14, 0x6f6c79617022202c, 0x7b203a2264616f6c);
}

@inline
function isFirstType(at: usize, gap: usize, end: usize): bool {
  // "type":"
  return gap == 0
    ? isText(at, end, 8, 0x223a226570797422, 0x223a226570797422)
    : isText(at, end, 9, 0x203a226570797422, 0x22203a2265707974);
}

@inline
function isNoInfo(at: usize, gap: usize, end: usize): bool {
  // ,"info":null
  return gap == 0
    ? isText(at, end, 12, 0x3a226f666e69222c, 0x6c6c756e3a226f66)
    : isText(at, end, 14, 0x226f666e6922202c, 0x6c6c756e203a226f);
}

@inline
function isItem(at: usize, gap: usize, end: usize): bool {
  // "item":{
  return gap == 0
    ? isText(at, end, 8, 0x7b3a226d65746922, 0x7b3a226d65746922)
    : isText(at, end, 9, 0x203a226d65746922, 0x7b203a226d657469);
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
  if (at <= start || load<u8>(at) != BRACE) return false;
  at--;
  if (load<u8>(at) == BRACE) return true;
  const digits = at;
  const limit = max(start, at - 15);
  while (at > limit && isDigit(load<u8>(at))) at--;
  if (at == digits) return false;
  const gap = <usize> (load<u8>(at) == SPACE);
  const comma = at - 10 - 2 * gap;
  return comma > start && load<u8>(comma - 1) == BRACE && isOrdinal(comma, gap, end);
}
