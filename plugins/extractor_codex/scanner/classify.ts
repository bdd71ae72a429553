/**
 * Telling from its first and last bytes what kind a line is of, so that one that no column needs need not be parsed.
 *
 * A line has a kind only if it begins as the CLI writes it, or as many programs do that write a rollout anew, with a space
 * behind each comma and colon; and only if its end looks right. Everything else is parsed. What is not seen this way is
 * damage inside such a line, and a key that comes a second time: a `type` behind the payload, or an `info` behind one that
 * is null.
 *
 * @module
 */
import { KIND, type Kind } from "./kind.ts";
import type { Profile } from "../profiles.ts";

/** The kinds of lines by their words. */
export interface Words {
  /** Line types. */
  readonly lines: ReadonlyMap<string, Kind | "event">;
  /** Event types; `item` stands for a message of the user, or not, as the item's type says. */
  readonly events: ReadonlyMap<string, Kind | "item">;
  /** What a line is whose type, or the event's, is no word that is here. */
  readonly unknown: Kind;
}

/** The lines that matter, besides a session_meta: that one is always parsed. */
const LINES = new Map<string, Kind | "event" | undefined>([
  ["session_meta", undefined],
  ["turn_context", KIND.turn],
  ["token_usage_record", KIND.request],
  ["event_msg", "event"],
]);

/** The events that matter. Settings are always parsed. */
const EVENTS = new Map<string, Kind | "item" | undefined>([
  ["user_message", KIND.message],
  ["token_count", KIND.tokens],
  ["thread_settings_applied", undefined],
  ["thread_goal_updated", KIND.goal],
  ["item_completed", "item"],
]);

/** The words that a profile knows, with the kinds of lines that they stand for. */
export function wordsOf({ lineTypes, eventTypes, countsUnknown }: Profile): Words {
  const unknown = countsUnknown ? KIND.unknown : KIND.parse;
  return { lines: kinds(lineTypes, LINES), events: kinds(eventTypes, EVENTS), unknown };
}

function kinds<K>(types: Iterable<string>, known: ReadonlyMap<string, K | undefined>): Map<string, K | Kind> {
  const all = new Map<string, K | Kind>();
  for (const type of types) all.set(type, known.has(type) ? known.get(type) ?? KIND.parse : KIND.other);
  return all;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const START = bytesOf('{"timestamp":');
const ORDINAL = bytesOf('"ordinal":');
const TYPE = bytesOf('"type":');
const PAYLOAD = bytesOf('"payload":');
const ITEM = bytesOf('"item":');
const INFO = bytesOf('"info":');
const NULL = bytesOf("null");

/** How far behind the type of an event its item may begin. */
const ITEM_BYTES = 200;

const QUOTE = 0x22, COMMA = 0x2c, SPACE = 0x20, BACKSLASH = 0x5c, CARRIAGE_RETURN = 0x0d;
const OPENING_BRACE = 0x7b, BRACE = 0x7d;

/** No word, and no timestamp, is longer than this less one. */
const WORD_BYTES = 48;

/** How many spaces are behind each comma and colon of a line: none, as the CLI writes it, or one. */
type Gap = 0 | 1;

/** The kind of a line by its first bytes. */
export function kindOfHead(bytes: Uint8Array, start: number, end: number, words: Words): Kind {
  const gap: Gap = bytes[start + START.length] === SPACE ? 1 : 0;
  let at = afterTimestamp(bytes, afterKey(bytes, start, end, START, gap), end);
  const ordinal = afterMemberKey(bytes, at, end, ORDINAL, gap);
  if (ordinal >= 0) at = afterDigits(bytes, ordinal, end);
  const typeAt = afterMemberKey(bytes, at, end, TYPE, gap);
  const type = word(bytes, typeAt, end);
  const kind = kindOfWord(words.lines, type, words);
  at = afterMemberKey(bytes, afterWord(typeAt, type), end, PAYLOAD, gap);
  if (at < 0 || at >= end || bytes[at] !== OPENING_BRACE) return KIND.parse;
  if (kind !== "event") return kind;
  const eventAt = afterKey(bytes, at + 1, end, TYPE, gap);
  const event = word(bytes, eventAt, end);
  const behind = afterWord(eventAt, event);
  const eventKind = kindOfWord(words.events, event, words);
  if (eventKind === "item") return kindOfItem(bytes, behind, end, gap);
  const isEmpty = eventKind === KIND.tokens && starts(bytes, afterMemberKey(bytes, behind, end, INFO, gap), end, NULL);
  return isEmpty ? KIND.other : eventKind;
}

function kindOfWord<K>(kinds: ReadonlyMap<string, K>, word: string, { unknown }: Words): K | Kind {
  return word === "" ? KIND.parse : kinds.get(word) ?? unknown;
}

/** An item is a message of the user, or not, or does not begin where the CLI writes it. */
function kindOfItem(bytes: Uint8Array, from: number, end: number, gap: Gap): Kind {
  const brace = bytes.indexOf(OPENING_BRACE, from);
  if (brace < 0 || brace >= end || brace > from + ITEM_BYTES) return KIND.parse;
  if (afterKey(bytes, brace - gap - ITEM.length, end, ITEM, gap) !== brace) return KIND.parse;
  const type = word(bytes, afterKey(bytes, brace + 1, end, TYPE, gap), end);
  if (type === "") return KIND.parse;
  return type === "UserMessage" ? KIND.message : KIND.other;
}

/** Behind a comma, a key and its colon; negative if something else is there. */
function afterMemberKey(bytes: Uint8Array, at: number, end: number, key: Uint8Array, gap: Gap): number {
  if (at < 0 || bytes[at] !== COMMA) return -1;
  return afterKey(bytes, afterGap(bytes, at + 1, end, gap), end, key, gap);
}

/** Behind a key and its colon; negative if something else is there. */
function afterKey(bytes: Uint8Array, at: number, end: number, key: Uint8Array, gap: Gap): number {
  return starts(bytes, at, end, key) ? afterGap(bytes, at + key.length, end, gap) : -1;
}

function afterGap(bytes: Uint8Array, at: number, end: number, gap: Gap): number {
  if (gap === 0) return at;
  return at < end && bytes[at] === SPACE ? at + 1 : -1;
}

/** Behind a timestamp of printable ASCII and its quotes; negative if there is none. */
function afterTimestamp(bytes: Uint8Array, quote: number, end: number): number {
  if (quote < 0 || quote >= end || bytes[quote] !== QUOTE) return -1;
  const from = quote + 1;
  const limit = Math.min(end, from + WORD_BYTES);
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at > from ? at + 1 : -1;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return -1;
  }
  return -1;
}

function afterDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && at < from + 15 && isDigit(bytes[at])) at++;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function starts(bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (at < 0 || at + text.length > end) return false;
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/** A word of letters and underscores, between quotes; empty if there is none. */
function word(bytes: Uint8Array, quote: number, end: number): string {
  if (quote < 0 || quote >= end || bytes[quote] !== QUOTE) return "";
  const from = quote + 1;
  let text = "";
  const limit = Math.min(end, from + WORD_BYTES);
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return text;
    const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f;
    if (!isLetter) return "";
    text += String.fromCharCode(byte);
  }
  return "";
}

/** Behind a word and its quotes. */
function afterWord(quote: number, word: string): number {
  return quote + word.length + 2;
}

/** Whether a payload and then the line are closed at the end, perhaps with the ordinal between. */
export function endsWell(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end - 1;
  if (bytes[at] === CARRIAGE_RETURN) at--;
  if (at <= start || bytes[at] !== BRACE) return false;
  at--;
  if (bytes[at] === BRACE) return true;
  const last = at;
  while (at > last - 15 && at > start && isDigit(bytes[at])) at--;
  if (at === last) return false;
  const gap: Gap = bytes[at] === SPACE ? 1 : 0;
  const comma = at - 2 * gap - ORDINAL.length;
  return comma > start && bytes[comma - 1] === BRACE && afterMemberKey(bytes, comma, end, ORDINAL, gap) === at + 1;
}
