/**
 * Telling from its first bytes that no column needs a line, so that it need not be parsed.
 *
 * Only a line that begins exactly as the CLI writes it is passed over, and only if its end looks right; everything else is
 * parsed. What is not seen this way is damage inside such a line, and a second `type` behind its payload.
 *
 * @module
 */
import type { Profile } from "./profiles.ts";

/** The events that a column depends on, besides messages of the newer dialect. */
const RELEVANT_EVENTS: ReadonlySet<string> = new Set([
  "user_message",
  "token_count",
  "thread_settings_applied",
  "thread_goal_updated",
]);

/** The lines that a column depends on, besides events. */
const RELEVANT_LINES: ReadonlySet<string> = new Set(["session_meta", "turn_context"]);

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const START = bytesOf('{"timestamp":"');
const ORDINAL = bytesOf(',"ordinal":');
const TYPE = bytesOf(',"type":"');
const PAYLOAD = bytesOf(',"payload":{');
const INNER_TYPE = bytesOf('"type":"');
const ITEM = bytesOf('"item":{"type":"');

/** The bytes of {@linkcode ITEM} up to its brace. */
const ITEM_OPENING = '"item":{'.length;

const QUOTE = 0x22, OPENING_BRACE = 0x7b, BRACE = 0x7d, BACKSLASH = 0x5c, CARRIAGE_RETURN = 0x0d;

/** The longest word that is looked at. */
const WORD_BYTES = 48;

/** Says of a line whether no column needs it. */
export type IsSkippable = (bytes: Uint8Array, start: number, end: number) => boolean;

/**
 * Makes a classifier.
 *
 * @param profile Which lines are known, and which of them matter.
 */
export function skippableLines(profile: Profile): IsSkippable {
  const lines = new Set([...profile.lineTypes].filter((type) => !RELEVANT_LINES.has(type)));
  const events = new Set([...profile.eventTypes].filter((type) => !RELEVANT_EVENTS.has(type)));
  return (bytes, start, end) => {
    let at = afterTimestamp(bytes, start, end);
    if (at < 0) return false;
    if (starts(bytes, at, end, ORDINAL)) at = afterDigits(bytes, at + ORDINAL.length, end);
    if (!starts(bytes, at, end, TYPE)) return false;
    const type = word(bytes, at + TYPE.length, end);
    at += TYPE.length + type.length + 1;
    if (!lines.has(type) || !starts(bytes, at, end, PAYLOAD) || !endsWell(bytes, end)) return false;
    at += PAYLOAD.length;
    if (type !== "event_msg") return true;
    if (!starts(bytes, at, end, INNER_TYPE)) return false;
    const event = word(bytes, at + INNER_TYPE.length, end);
    if (!events.has(event)) return false;
    return event !== "item_completed" || isOtherItem(bytes, at + INNER_TYPE.length + event.length, end);
  };
}

/** Whether the item of an `item_completed` comes where the CLI writes it and is not a message of the user. */
function isOtherItem(bytes: Uint8Array, from: number, end: number): boolean {
  const limit = Math.min(end, from + 200);
  const brace = bytes.indexOf(OPENING_BRACE, from);
  if (brace < 0 || brace > limit) return false;
  const item = brace + 1 - ITEM_OPENING;
  if (!starts(bytes, item, end, ITEM)) return false;
  const type = word(bytes, item + ITEM.length, end);
  return type !== "" && type !== "UserMessage";
}

function afterTimestamp(bytes: Uint8Array, start: number, end: number): number {
  if (!starts(bytes, start, end, START)) return -1;
  const limit = Math.min(end, start + START.length + WORD_BYTES);
  for (let at = start + START.length; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
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

/** A word of letters and underscores that a quote ends; empty if there is none. */
function word(bytes: Uint8Array, from: number, end: number): string {
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

/** Whether a payload and then the line are closed at the end, perhaps with the ordinal between. */
function endsWell(bytes: Uint8Array, end: number): boolean {
  let at = end - 1;
  if (bytes[at] === CARRIAGE_RETURN) at--;
  if (bytes[at] !== BRACE) return false;
  at--;
  if (bytes[at] === BRACE) return true;
  const digits = at;
  while (at > digits - 15 && isDigit(bytes[at])) at--;
  const from = at + 1 - ORDINAL.length;
  return at < digits && bytes[from - 1] === BRACE && starts(bytes, from, end, ORDINAL);
}
