/**
 * The scanner in WebAssembly: bytes are read straight into its memory, and only lines that matter come out of it.
 *
 * @module
 */
import { wordsOf } from "./classify.ts";
import { hash, hexOf } from "./hash.ts";
import type { Profile } from "../profiles.ts";
import { CUT_KEYS, ENTRY, ENTRY_LIMIT, type LineScanner, type ScanOptions } from "./scanner.ts";
import { SCANNER_BASE64 } from "./wasm_bytes.ts";

/** Where things are in its memory, as tools/scanner/assembly/memory.ts has it. */
const NEXT = 0,
  LAST_PASSED = 1,
  PASSED = 2,
  HASH = 3,
  UNKNOWN = 5,
  WORD = 64,
  ENTRIES = 40_960,
  SHORT = 65_536,
  BUFFER = 131_072;

/** The tables of words in it. */
const LINES = 0, EVENTS = 1, KEYS = 2;

/** What it answers of a line that it did not shorten. */
const NEEDS_CARE = 0, AS_IT_IS = 1;

/** A scanner with more memory is not worth keeping. */
const KEPT_BYTES = 12 << 20;

/** How much may be loaded at once behind the last byte. */
const SLACK = 64;

/** The unit in which its memory grows. */
const PAGE = 65_536;

/** Kinds that only the WebAssembly knows. */
const EVENT = 8, ITEM = 9;

/** What the WebAssembly exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  addWord(table: number, length: number, kind: number): void;
  scan(start: number, search: number, end: number, limit: number, longest: number, all: number): number;
  find(from: number, end: number): number;
  kindOfHead(start: number, end: number): number;
  endsWell(start: number, end: number): number;
  shorten(start: number, end: number, cuts: number): number;
  hash(start: number, end: number): void;
  checkUtf8(start: number, end: number, state: number): number;
}

/** Compiled once a thread; `null` where that is not possible. */
let compiled: WebAssembly.Module | null | undefined;

/** Finds lines with WebAssembly. */
export class WasmScanner implements LineScanner {
  bytes: Uint8Array<ArrayBuffer>;
  entries: Int32Array<ArrayBuffer>;
  readonly base = BUFFER;
  limit = BUFFER;
  readonly #wasm: Exports;
  #header: Int32Array<ArrayBuffer>;
  #utf8 = 0;

  private constructor(wasm: Exports, profile: Profile, size: number) {
    this.#wasm = wasm;
    [this.bytes, this.entries, this.#header] = views(wasm.memory);
    this.reserve(size);
    const { lines, events, unknown } = wordsOf(profile);
    this.#header[UNKNOWN] = unknown;
    for (const [word, kind] of lines) this.#addWord(LINES, word, kind === "event" ? EVENT : kind);
    for (const [word, kind] of events) this.#addWord(EVENTS, word, kind === "item" ? ITEM : kind);
    for (const key of CUT_KEYS) this.#addWord(KEYS, key, 1);
  }

  /**
   * Makes a scanner.
   *
   * @param profile Whose words are known.
   * @param size Room for so many bytes.
   * @returns The scanner, or `undefined` where there is no WebAssembly with SIMD.
   */
  static make(profile: Profile, size: number): WasmScanner | undefined {
    compiled ??= compile();
    if (!compiled) return undefined;
    const { exports } = new WebAssembly.Instance(compiled);
    return isScanner(exports) ? new WasmScanner(exports, profile, size) : undefined;
  }

  /** The address behind the last line break that the last scan came to. */
  get next(): number {
    return this.#header[NEXT] ?? 0;
  }

  /** How many lines the last scan passed over. */
  get passed(): number {
    return this.#header[PASSED] ?? 0;
  }

  /** Where the last of them starts, if no other line came after it. */
  get lastPassed(): number {
    return this.#header[LAST_PASSED] ?? 0;
  }

  /**
   * Makes room. Memory that grows stays where it is. What there is beyond what was asked for is not used, so that all scanners have
   * the same.
   */
  reserve(size: number): void {
    this.limit = Math.max(this.limit, BUFFER + size);
    const { memory } = this.#wasm;
    const missing = this.limit + SLACK - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / PAGE));
    [this.bytes, this.entries, this.#header] = views(memory);
  }

  /** Gives up what was reserved beyond that. */
  shrink(size: number): boolean {
    if (this.bytes.length > KEPT_BYTES) return false;
    this.limit = BUFFER + size;
    return true;
  }

  /** Finds the lines that matter. */
  scan({ start, search, end, limit, longest, all }: ScanOptions): number {
    return this.#wasm.scan(start, search, end, limit, longest, all ? 1 : 0);
  }

  /** Finds a line break. */
  find(from: number, end: number): number {
    return this.#wasm.find(from, end);
  }

  /** The kind of a line by its first bytes. */
  kindOfHead(start: number, end: number): number {
    return this.#wasm.kindOfHead(start, end);
  }

  /** Whether a line ends like one that was written whole. */
  endsWell(start: number, end: number): boolean {
    return this.#wasm.endsWell(start, end) !== 0;
  }

  /** Leaves out of a line what no column needs. */
  shorten(start: number, end: number, cuts: number): Uint8Array<ArrayBuffer> | undefined {
    const size = this.#wasm.shorten(start, end, cuts);
    if (size === NEEDS_CARE) return undefined;
    return size === AS_IT_IS ? this.bytes.subarray(start, end) : this.bytes.subarray(SHORT, SHORT + size);
  }

  /** The hash of some bytes. */
  hash(bytes: Uint8Array<ArrayBuffer>): string {
    if (bytes.buffer !== this.bytes.buffer) return hash(bytes);
    this.#wasm.hash(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return hexOf(this.#header[HASH] ?? 0, this.#header[HASH + 1] ?? 0);
  }

  /** Begins to check that bytes are UTF-8. */
  beginUtf8(): void {
    this.#utf8 = 0;
  }

  /** Goes on checking. */
  checkUtf8(start: number, end: number): boolean {
    this.#utf8 = this.#wasm.checkUtf8(start, end, this.#utf8);
    return this.#utf8 >= 0;
  }

  /** Whether the bytes that were checked end where a character ends. */
  endUtf8(): boolean {
    return this.#utf8 === 0;
  }

  #addWord(table: number, word: string, kind: number): void {
    // A word that is too long is never found, and the place for it is small.
    const { written } = new TextEncoder().encodeInto(word, this.bytes.subarray(WORD, WORD + 48));
    if (written === word.length) this.#wasm.addWord(table, written, kind);
  }
}

function views({ buffer }: WebAssembly.Memory) {
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError("the memory of a scanner is not shared");
  return [
    new Uint8Array(buffer),
    new Int32Array(buffer, ENTRIES, ENTRY * ENTRY_LIMIT),
    new Int32Array(buffer, 0, UNKNOWN + 1),
  ] as const;
}

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(SCANNER_BASE64), (unit) => unit.charCodeAt(0)));
  } catch {
    return null;
  }
}

function isScanner(exports: WebAssembly.Exports): exports is WebAssembly.Exports & Exports {
  return exports.memory instanceof WebAssembly.Memory &&
    ["addWord", "scan", "find", "kindOfHead", "endsWell", "shorten", "hash", "checkUtf8"].every((name) =>
      exports[name] instanceof Function
    );
}
