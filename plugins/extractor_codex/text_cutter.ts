/**
 * Cutting texts out of a long line while it is read: they are most of it, and what no column needs of them need not be held.
 *
 * @module
 */

/** The keys under which a message has images. No column needs more of these than that they are there. */
export const IMAGE_KEYS: readonly string[] = ["images", "image_url"];

/** How much of a text stays. */
const KEPT_BYTES = 256;

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, LOWER_U = 0x75;

/** So much is remembered of a text to know a key by. */
const KEY_BYTES = 16;

/**
 * Cuts long texts short, in place. Nothing is taken out of an escape or right behind one, where halves of a character could meet,
 * nor what may not stand in a text: so what is left is JSON if, and only if, the whole is.
 */
export class TextCutter {
  /** Bytes that were cut out so far. */
  cut = 0;
  readonly #keys: readonly string[] | undefined;
  /** The address of the first byte that was not looked at. */
  #at: number;
  #isString = false;
  /** Bytes of an escape that are still to come. */
  #escape = 0;
  #isBehindEscape = false;
  /** Bytes of the current text. */
  #length = 0;
  /** The beginning of the last text. */
  #text = "";
  #isCut: boolean;

  /**
   * Begins at a line's first byte.
   *
   * @param start Its address.
   * @param keys Under which keys texts are cut. Default: all texts are.
   */
  constructor(start: number, keys?: readonly string[]) {
    this.#at = start;
    this.#keys = keys;
    this.#isCut = keys === undefined;
  }

  /** Is told that what it looks at was moved down. */
  move(by: number): void {
    this.#at -= by;
  }

  /**
   * Cuts what came since the last call.
   *
   * @param bytes Where the line is.
   * @param end The address behind its last byte so far.
   * @returns The address behind its last byte now.
   */
  feed(bytes: Uint8Array<ArrayBuffer>, end: number): number {
    let to = this.#at;
    for (let at = this.#at; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (!this.#isString) {
        if (byte === QUOTE) {
          this.#isString = true;
          this.#length = 0;
          this.#text = "";
        } else if (byte === COLON && this.#keys) this.#isCut = this.#keys.includes(this.#text);
      } else if (this.#escape > 0) {
        if (--this.#escape === 0) {
          if (byte === LOWER_U && bytes[at - 1] === BACKSLASH) this.#escape = 4;
          else this.#isBehindEscape = true;
        }
      } else if (byte === BACKSLASH) {
        this.#escape = 1;
        this.#text = "\\";
      } else if (byte === QUOTE) {
        this.#isString = this.#isBehindEscape = false;
      } else if (this.#length++ >= KEPT_BYTES && byte >= 0x20 && !this.#isBehindEscape) {
        const behind = plainUntil(bytes, at, end);
        if (!this.#isCut) {
          bytes.copyWithin(to, at, behind);
          to += behind - at;
        }
        at = behind - 1;
        continue;
      } else {
        this.#isBehindEscape = false;
        if (this.#text.length < KEY_BYTES) this.#text += String.fromCharCode(byte);
      }
      bytes[to++] = byte;
    }
    this.cut += end - to;
    this.#at = to;
    return to;
  }
}

/**
 * Where something in a text begins that does not stand for itself, or may not stand there: most of a long line is such texts.
 *
 * @param bytes Where the text is.
 * @param from An address in the text, not inside an escape.
 * @param end The address behind the last byte that is there.
 * @returns The address of the first such byte, or `end`.
 */
export function plainUntil(bytes: Uint8Array<ArrayBuffer>, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) return at;
  }
  return end;
}
