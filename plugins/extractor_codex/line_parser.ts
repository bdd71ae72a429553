/**
 * Parsing lines that are in memory, without the long texts in them that nobody asks for.
 *
 * @module
 */
import { isBlank } from "../whitespace.ts";
import { KIND } from "./scanner/kind.ts";
import type { Profile } from "./profiles.ts";
import { type LineItem, type ReadLine, readLine } from "./read_line.ts";
import { CUT, type LineScanner } from "./scanner/scanner.ts";

const parsers = new WeakMap<Profile, LineParser>();

/** What a line of no other texts than may be left out turns out to be. It may be another, if a key is written twice. */
const WITHOUT_TEXTS: ReadonlySet<LineItem["kind"]> = new Set(["tokens", "turn", "response", "other", "unknown"]);

/** Parses lines by the rules of a profile. */
export class LineParser {
  readonly #profile: Profile;
  readonly #decoder: TextDecoder;

  private constructor(profile: Profile) {
    this.#profile = profile;
    this.#decoder = new TextDecoder("utf-8", { ignoreBOM: !profile.toleratesByteOrderMark });
  }

  /** The parser for a profile. */
  static of(profile: Profile): LineParser {
    const parser = parsers.get(profile) ?? new LineParser(profile);
    parsers.set(profile, parser);
    return parser;
  }

  /** Bytes as text. */
  decode(bytes: Uint8Array<ArrayBuffer>): string {
    return this.#decoder.decode(bytes);
  }

  /**
   * Parses a line.
   *
   * @param scanner In whose memory it may be; only then it is made shorter.
   * @param bytes The line.
   * @param cuts What may be left out of it: one of {@linkcode CUT}.
   * @returns What it says; `undefined` if it is malformed, `null` if there is nothing in it.
   */
  parse(scanner: LineScanner, bytes: Uint8Array<ArrayBuffer>, cuts: number): ReadLine | undefined | null {
    const first = firstByte(bytes);
    if (first === undefined) return null;
    if (first < 0x80 && first !== BRACE) return undefined;
    const last = lastByte(bytes);
    if (first === BRACE && last < 0x80 && last !== CLOSING_BRACE) return undefined;
    const at = bytes.byteOffset, isThere = bytes.buffer === scanner.bytes.buffer;
    const short = isThere ? scanner.shorten(at, at + bytes.length, cuts) : undefined;
    const text = this.#decoder.decode(short ?? bytes);
    return readLine(text, this.#profile, short !== undefined) ?? (isBlank(text) ? null : undefined);
  }

  /**
   * Parses a line of which it is asked whose it is and how it counts, but hardly ever what it says.
   *
   * @param scanner In whose memory it is.
   * @param bytes The line.
   * @returns What {@linkcode LineParser.parse} returns.
   */
  parseInPassing(scanner: LineScanner, bytes: Uint8Array<ArrayBuffer>): ReadLine | undefined | null {
    const kind = scanner.kindOfHead(bytes.byteOffset, bytes.byteOffset + bytes.length);
    if (kind !== KIND.other && kind !== KIND.tokens && kind !== KIND.turn) {
      return this.parse(scanner, bytes, CUT.nothing);
    }
    const line = this.parse(scanner, bytes, CUT.texts);
    return line && !WITHOUT_TEXTS.has(line.item.kind) ? this.parse(scanner, bytes, CUT.nothing) : line;
  }
}

/** What a line begins and ends with that says something: one that was cut off is told by it, however long it is. */
const BRACE = 0x7b, CLOSING_BRACE = 0x7d;

/** The first byte of a line that is no blank; `undefined` if there is none. Millions of lines may be told apart by it. */
function firstByte(bytes: Uint8Array): number | undefined {
  for (const byte of bytes) if (!isBlankByte(byte)) return byte;
  return undefined;
}

/** The last byte of a line that is no blank, of which there is one. */
function lastByte(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at > 0 && isBlankByte(bytes[at] ?? 0)) at--;
  return bytes[at] ?? 0;
}

function isBlankByte(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
