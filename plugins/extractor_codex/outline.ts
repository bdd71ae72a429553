/**
 * What a long line is about, seen while it streams through: so that of one that has to be parsed only that has to be held which
 * a column may need.
 *
 * @module
 */
import { DEPTH_LIMIT } from "./json.ts";
import { MOST_VALUES } from "./line_size.ts";
import { IMAGE_KEYS, plainUntil, TextCutter } from "./text_cutter.ts";

/** The longest text that is told from others. No kind of line has a longer name. */
const WORD_BYTES = 48;

/** Lines, and events, of which a column may need any text, or the newest of which is read again later. */
const NEEDED_LINES: ReadonlySet<string> = new Set(["session_meta", "turn_context"]);
const NEEDED_EVENTS: ReadonlySet<string> = new Set(["thread_settings_applied", "thread_goal_updated", "token_count"]);

/** Events that are, or may be, a message of the user. */
const MESSAGES: ReadonlySet<string> = new Set(["user_message", "item_started", "item_completed"]);

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, COMMA = 0x2c;
const BRACE = 0x7b, BRACKET = 0x5b, CLOSING_BRACE = 0x7d, CLOSING_BRACKET = 0x5d;

/** Follows the outermost members of a line, wherever and in whatever order they stand. */
export class LineOutline {
  #isString = false;
  #isEscaped = false;
  /** The beginning of the last text, if it may be one of the outermost. One with an escape in it is none that is known. */
  #text = "";
  #isValue = false;
  #depth = 0;
  #values = 0;
  /** The keys of the line's member, and of its payload's. */
  #outer = "";
  #inner = "";
  #type: string | undefined;
  #payloadType: string | undefined;
  #isPayload = false;
  #isOdd = false;
  #hasBegun = false;
  #isHopeless = false;

  /** Whether the line is malformed, whatever comes. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /**
   * What cuts out of the line what no column needs.
   *
   * @param start The address of the line's first byte.
   * @returns A cutter; `undefined` if any text may be needed.
   */
  cutter(start: number): TextCutter | undefined {
    if (this.#isOdd || this.#type === undefined || NEEDED_LINES.has(this.#type)) return undefined;
    if (this.#type !== "event_msg") return new TextCutter(start);
    if (this.#payloadType === undefined || NEEDED_EVENTS.has(this.#payloadType)) return undefined;
    return new TextCutter(start, MESSAGES.has(this.#payloadType) ? IMAGE_KEYS : undefined);
  }

  /**
   * Goes on.
   *
   * @param bytes Where the line is.
   * @param from The address of the first byte that was not seen.
   * @param end The address behind the last one that is there, before the line break.
   */
  feed(bytes: Uint8Array<ArrayBuffer>, from: number, end: number): void {
    for (let at = from; at < end && !this.#isHopeless; at++) {
      if (this.#isString && !this.#isEscaped && (this.#depth > 2 || this.#text.length >= WORD_BYTES)) {
        at = plainUntil(bytes, at, end);
        if (at === end) return;
      }
      const byte = bytes[at] ?? 0;
      // No such byte may stand anywhere in JSON, nor is it white space: a disk that failed leaves NULs.
      if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) this.#isHopeless = true;
      else if (this.#isString) this.#inString(byte);
      else if (byte > 0x20) this.#outside(byte);
    }
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === QUOTE) {
      this.#isString = false;
      if (this.#isValue) this.#takeValue(this.#text);
    } else {
      if (byte === BACKSLASH) this.#isEscaped = true;
      if (this.#depth <= 2 && this.#text.length < WORD_BYTES) this.#text += String.fromCharCode(byte);
    }
  }

  #outside(byte: number): void {
    if (!this.#hasBegun) {
      this.#hasBegun = byte === BRACE;
      // No object, then. What is not ASCII may be a mark of the byte order, or white space.
      if (byte !== BRACE && byte < 0x80) this.#isHopeless = true;
    }
    switch (byte) {
      case QUOTE:
        this.#isString = true;
        this.#text = "";
        break;
      case COLON:
        this.#takeKey(this.#text);
        break;
      case COMMA:
        this.#count();
        break;
      case BRACE:
      case BRACKET:
        this.#count();
        if (this.#depth++ === 1) this.#isPayload = this.#outer === "payload" && byte === BRACE;
        if (this.#depth >= DEPTH_LIMIT) this.#isHopeless = true;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        this.#depth--;
    }
  }

  #count(): void {
    if (++this.#values > MOST_VALUES) this.#isHopeless = true;
    this.#isValue = false;
  }

  #takeKey(key: string): void {
    this.#isValue = true;
    if (this.#depth === 1) {
      this.#outer = key;
      if (key.includes("\\")) this.#isOdd = true;
      // Of members of one name the last one counts, and what it is may be told in another way.
      if (key === "payload") this.#payloadType = undefined;
    } else if (this.#depth === 2 && this.#isPayload) {
      this.#inner = key;
      if (key.includes("\\")) this.#isOdd = true;
      if (key === "type") this.#payloadType = undefined;
    }
  }

  #takeValue(value: string): void {
    const word = value.includes("\\") ? undefined : value;
    if (this.#depth === 1 && this.#outer === "type") this.#type = word;
    if (this.#depth === 2 && this.#isPayload && this.#inner === "type") this.#payloadType = word;
    this.#isValue = false;
  }
}
