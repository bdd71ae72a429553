/**
 * The scanner in TypeScript: where WebAssembly cannot be had, and what the WebAssembly is held against.
 *
 * @module
 */
import { endsWell, kindOfHead, type Words, wordsOf } from "./classify.ts";
import { hash } from "./hash.ts";
import { KIND } from "./kind.ts";
import type { Profile } from "../profiles.ts";
import { ENTRY, ENTRY_LIMIT, type LineScanner, type ScanOptions } from "./scanner.ts";

/** The byte that ends a line. */
const LINE_BREAK = 10;

/** Finds lines without WebAssembly. */
export class PlainScanner implements LineScanner {
  bytes: Uint8Array<ArrayBuffer>;
  readonly base = 1;
  readonly entries: Int32Array<ArrayBuffer> = new Int32Array(ENTRY * ENTRY_LIMIT);
  next = 0;
  passed = 0;
  lastPassed = 0;
  readonly #words: Words;
  #decoder: TextDecoder | undefined;

  /**
   * Makes a scanner.
   *
   * @param profile Whose words are known.
   * @param size Room for so many bytes.
   */
  constructor(profile: Profile, size: number) {
    this.bytes = new Uint8Array(this.base + size);
    this.#words = wordsOf(profile);
  }

  /** The address behind the last byte that may be written. */
  get limit(): number {
    return this.bytes.length;
  }

  /** Makes room. */
  reserve(size: number): void {
    if (this.base + size <= this.bytes.length) return;
    const larger = new Uint8Array(this.base + size);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** Gives up nothing. */
  shrink(size: number): boolean {
    return this.base + size >= this.bytes.length;
  }

  /** Finds the lines that matter. */
  scan({ start, search, end, limit, longest, all }: ScanOptions): number {
    const { entries } = this;
    let line = start, found = 0, passed = 0, last = 0;
    for (let at = this.find(search, end); at < end && found < limit; at = found < limit ? this.find(line, end) : end) {
      if (at > line) {
        const kind = at - line > longest ? KIND.tooLong : all ? KIND.parse : this.#kindOf(line, at);
        if (kind === KIND.other) {
          passed++;
          last = line;
        } else {
          entries.set([kind, line, at, last], ENTRY * found++);
          last = 0;
        }
      }
      line = at + 1;
    }
    this.next = line;
    this.passed = passed;
    this.lastPassed = last;
    return found;
  }

  /** Finds a line break. */
  find(from: number, end: number): number {
    const at = this.bytes.indexOf(LINE_BREAK, from);
    return at < 0 || at > end ? end : at;
  }

  #kindOf(start: number, end: number): number {
    const kind = this.kindOfHead(start, end);
    return kind === KIND.parse || this.endsWell(start, end) ? kind : KIND.parse;
  }

  /** The kind of a line by its first bytes. */
  kindOfHead(start: number, end: number): number {
    return kindOfHead(this.bytes, start, end, this.#words);
  }

  /** Whether a line ends like one that was written whole. */
  endsWell(start: number, end: number): boolean {
    return endsWell(this.bytes, start, end);
  }

  /** Shortens nothing. */
  shorten(): undefined {}

  /** The hash of some bytes. */
  hash(bytes: Uint8Array<ArrayBuffer>): string {
    return hash(bytes);
  }

  /** Begins to check that bytes are UTF-8. */
  beginUtf8(): void {
    this.#decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  }

  /** Goes on checking. */
  checkUtf8(start: number, end: number): boolean {
    return this.#decodes(this.bytes.subarray(start, end), true);
  }

  /** Whether the bytes that were checked end where a character ends. */
  endUtf8(): boolean {
    return this.#decodes(new Uint8Array(), false);
  }

  #decodes(bytes: Uint8Array<ArrayBuffer>, stream: boolean): boolean {
    try {
      this.#decoder?.decode(bytes, { stream });
      return true;
    } catch {
      return false;
    }
  }
}
