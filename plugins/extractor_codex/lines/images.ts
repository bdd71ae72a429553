/**
 * Cutting images out of a message while it is read: they are most of a long message, and no column needs more of them than
 * that they are there.
 *
 * @module
 */

/** The keys whose strings are cut. */
const KEYS: readonly string[] = ["images", "image_url"];

/** How much of a string stays. */
const KEPT_BYTES = 256;

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, LOWER_U = 0x75;
const COMMA = 0x2c, BRACKET = 0x5b, CLOSING_BRACKET = 0x5d, BRACE = 0x7b, CLOSING_BRACE = 0x7d;

/** The longest of {@linkcode KEYS}, with a byte more to tell a longer one by. */
const KEY_BYTES = 10;

/** What stands for a string that is no key: no more of it is kept than of a long one. */
const NO_KEY = "\\".repeat(KEY_BYTES);

/** Which bytes are of Base64, as most of an image is. */
const IS_BASE64 = new Uint8Array(256);
for (const unit of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") {
  IS_BASE64[unit.charCodeAt(0)] = 1;
}

/** The address of the first byte from one on that is not of Base64. */
function behindBase64(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && IS_BASE64[bytes[at] ?? 0] === 1) at++;
  return at;
}

/** The address of the first byte from one on that ends a string, or begins an escape. */
function behindText(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
  return at;
}

/**
 * Cuts long strings under {@linkcode KEYS} short, in place. Only printable ASCII is taken out, and nothing of an escape: so what
 * is left is JSON if, and only if, the whole is.
 */
export class ImageCutter {
  /** Bytes that were cut out so far. */
  cut = 0;
  /** The address of the first byte that was not looked at. */
  #at: number;
  #isString = false;
  /** Bytes of an escape that are still to come. */
  #escape = 0;
  /** Bytes of the current string. */
  #length = 0;
  /** The beginning of the last string. */
  #text = "";
  #isUnderKey = false;
  /** Lists that were begun under the key. */
  #lists = 0;

  /** Begins at a line's first byte. */
  constructor(start: number) {
    this.#at = start;
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
        } else this.#outside(byte);
      } else if (this.#escape > 0) {
        if (--this.#escape === 0 && byte === LOWER_U && bytes[at - 1] === BACKSLASH) this.#escape = 4;
      } else if (byte === BACKSLASH) {
        this.#escape = 1;
        this.#text = NO_KEY;
      } else if (byte === QUOTE) this.#isString = false;
      else if (this.#length++ >= KEPT_BYTES && this.#isUnderKey && byte >= 0x20 && byte < 0x7f) {
        const behind = behindBase64(bytes, at + 1, end);
        this.#length += behind - at - 1;
        at = behind - 1;
        continue;
      } else if (this.#text.length < KEY_BYTES) this.#text += String.fromCharCode(byte);
      else if (!this.#isUnderKey) {
        const behind = behindText(bytes, at + 1, end);
        if (to < at) bytes.copyWithin(to, at, behind);
        to += behind - at;
        at = behind - 1;
        continue;
      }
      bytes[to++] = byte;
    }
    this.cut += end - to;
    this.#at = to;
    return to;
  }

  /** What follows a key's value, or is an object inside of it, is not under the key. */
  #outside(byte: number): void {
    switch (byte) {
      case COLON:
        this.#isUnderKey = KEYS.includes(this.#text);
        this.#lists = 0;
        break;
      case BRACKET:
        this.#lists++;
        break;
      case CLOSING_BRACKET:
        if (--this.#lists <= 0) this.#isUnderKey = false;
        break;
      case COMMA:
        if (this.#lists <= 0) this.#isUnderKey = false;
        break;
      case BRACE:
      case CLOSING_BRACE:
        this.#isUnderKey = false;
    }
  }
}
