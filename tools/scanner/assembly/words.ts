/**
 * Tables of words, each with the kind that it stands for.
 */
import { EVENT_WORDS, KEY_WORDS, LINE_WORDS, UNKNOWN, WORD } from "./memory";

/** No word, and no timestamp, is longer than this less one. */
export const WORD_BYTES: usize = 48;

/** A word, padded with zeros, its length and its kind. */
const SLOT_BYTES: usize = 64, SLOT_LENGTH: usize = 48, SLOT_KIND: usize = 52;
const LINE_SLOTS: usize = 64, EVENT_SLOTS: usize = 256, KEY_SLOTS: usize = 64;

/** The tables, as the host names them. */
const LINES: u32 = 0, EVENTS: u32 = 1;

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

/** The kind of a line that a word stands for. */
export function kindOfLineWord(word: usize, length: usize): u32 {
  return kindOfWord(LINE_WORDS, LINE_SLOTS, word, length);
}

/** The kind of an event that a word stands for. */
export function kindOfEventWord(word: usize, length: usize): u32 {
  return kindOfWord(EVENT_WORDS, EVENT_SLOTS, word, length);
}

/** Whether a word is a key whose text may be left out. */
export function isCutKey(word: usize, length: usize): bool {
  return isTaken(slotOf(KEY_WORDS, KEY_SLOTS, word, length));
}

function kindOfWord(table: usize, slots: usize, word: usize, length: usize): u32 {
  const slot = slotOf(table, slots, word, length);
  return isTaken(slot) ? load<u32>(slot, SLOT_KIND) : load<u32>(UNKNOWN);
}

function isTaken(slot: usize): bool {
  return load<u32>(slot, SLOT_LENGTH) != 0;
}

/** Where a word is in a table, or would be. */
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
