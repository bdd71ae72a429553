/**
 * Reading an item's lines into a scanner: what of an item is in memory, and what becomes of lines that are longer than that.
 *
 * A line that no column needs streams through. One that does is held whole; from some length on only after its length is
 * known, so that memory is neither wasted nor spent on a line that is too long anyway.
 *
 * @module
 */
import type { ItemReader } from "../../src/source.ts";
import { ImageCutter } from "./images.ts";
import { KIND } from "./kind.ts";
import type { LineSink } from "./line_sink.ts";
import { readFully } from "./read_fully.ts";
import type { LineScanner } from "./scanner.ts";

/** The size of a read. Larger ones are slower, since they no longer fit into the processor's caches. */
const CHUNK_BYTES = 256 << 10;

/** How much is read before timers and signals get their turn, which costs two milliseconds. */
const BREATHER_BYTES = 128 << 20;

/** How much before the current line stays in memory. */
export const HISTORY_BYTES = 1024;

/** From so many bytes on, the kind of a line is known even if its end is not. */
const HEAD_BYTES = 512;

/** How much is read of a line that has to be read again. */
const STEP_BYTES = 64 << 10;

/** A timestamp is in so many bytes of a line. */
const TIMESTAMP_BYTES = 64;

/** From so many bytes on, images are cut out of a line. */
const CUT_BYTES = 32 << 10;

/** From so many bytes on, a line is measured before it is held. */
const MEASURED_BYTES = 4 << 20;

/** How a {@linkcode LineReader} reads. */
export interface LineReaderOptions {
  /** Longer lines are passed over, so that memory stays bounded. */
  readonly maxLineBytes: number;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** The offset of a line's first byte, where to begin. */
  readonly from: number;
  /** So many bytes before that are in the scanner's memory, from its base on. */
  readonly history: number;
  /** How large the item should be; it may be of another size. */
  readonly size: number;
}

/** Reads the lines of one item. */
export class LineReader {
  /** Bytes read. */
  bytesRead = 0;
  readonly #reader: ItemReader;
  readonly #scanner: LineScanner;
  readonly #sink: LineSink;
  readonly #options: LineReaderOptions;
  /** What makes an address an offset in the item. */
  #origin: number;
  /** The address of the first byte of the line that is not finished. */
  #line: number;
  /** The address behind the last byte. */
  #filled: number;
  /** The offset up to which the sink has seen the bytes. */
  #seen: number;
  #breather: number;
  /** A line that streams through: where it starts, and whether it must be read again once its length is known. */
  #long: { readonly start: number; readonly again: boolean } | undefined;
  /** The offset of the line that is held, whatever its length. */
  #held = -1;
  /** Below this address nothing is where the origin says, since something was cut out behind it. */
  #exact: number;
  #cutter: ImageCutter | undefined;

  /** Begins to read. */
  constructor(reader: ItemReader, scanner: LineScanner, sink: LineSink, options: LineReaderOptions) {
    this.#reader = reader;
    this.#scanner = scanner;
    this.#sink = sink;
    this.#options = options;
    this.#line = this.#filled = scanner.base + options.history;
    this.#exact = scanner.base;
    this.#origin = options.from - this.#line;
    this.#seen = options.from;
    this.#breather = options.from + BREATHER_BYTES;
  }

  /** The offset behind the last line break. What follows is a line that may not be finished. */
  get complete(): number {
    return this.#long ? this.#long.start : this.#origin + this.#line - this.#cut;
  }

  /**
   * Reads to the end of the item and hands over every line that a line break ends.
   *
   * @throws The signal's reason, if it is aborted.
   */
  async readLines(): Promise<void> {
    for (;;) {
      this.#makeRoom();
      const { bytes, limit } = this.#scanner;
      const room = bytes.subarray(this.#filled, Math.min(limit, this.#filled + CHUNK_BYTES));
      const answer = this.#reader.read(room, this.#origin + this.#filled);
      const size = typeof answer === "object" && answer !== null ? await answer : answer;
      if (size === null || size === 0) return;
      this.bytesRead += size;
      this.#take(size);
      if (this.#origin + this.#filled >= this.#breather) {
        this.#breather = this.#origin + this.#filled + BREATHER_BYTES;
        await new Promise((resolve) => setTimeout(resolve));
        this.#options.signal.throwIfAborted();
      }
    }
  }

  /** Hands over the last line, if no line break ends it. */
  async readLastLine(): Promise<void> {
    if (this.#long) {
      if (this.#endLong(this.#filled)) return;
      await this.readLines();
    }
    if (this.#filled <= this.#line) return;
    this.#scanner.reserve(this.#filled + 1 - this.#scanner.base);
    this.#scanner.bytes[this.#filled] = 10;
    this.#scan(this.#filled, this.#filled + 1);
  }

  /**
   * The bytes of a line that was handed over before, without its line break.
   *
   * @param offset Where it starts.
   * @param limit The most bytes that are wanted.
   * @returns The bytes, valid until more is read; `undefined` if there are more.
   */
  async lineAt(offset: number, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const start = offset - this.#origin;
    if (start >= this.#exact) {
      const end = this.#scanner.find(start, this.#filled);
      return end - start > limit ? undefined : this.#scanner.bytes.subarray(start, end);
    }
    for (let wanted = Math.min(STEP_BYTES, limit + 1);; wanted = Math.min(2 * wanted, limit + 1)) {
      const line = new Uint8Array(wanted);
      const size = await readFully(this.#reader, line, offset);
      this.bytesRead += size;
      const lineBreak = line.subarray(0, size).indexOf(10);
      if (lineBreak >= 0 || size < wanted) return line.subarray(0, lineBreak < 0 ? size : lineBreak);
      if (wanted > limit) return undefined;
    }
  }

  /** The first bytes of a line, whatever its length. */
  async headAt(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    const start = offset - this.#origin;
    if (start >= this.#exact) {
      return this.#scanner.bytes.subarray(start, Math.min(this.#filled, start + TIMESTAMP_BYTES));
    }
    const head = new Uint8Array(TIMESTAMP_BYTES);
    const size = await readFully(this.#reader, head, offset);
    this.bytesRead += size;
    return head.subarray(0, size);
  }

  /** The bytes before {@linkcode LineReader.complete}, as far as they are kept in memory; for a moment. */
  async history(): Promise<Uint8Array<ArrayBuffer>> {
    const { base, bytes } = this.#scanner;
    if (!this.#long) return bytes.subarray(Math.max(base, this.#line - HISTORY_BYTES), this.#line);
    const history = new Uint8Array(Math.min(this.#long.start, HISTORY_BYTES));
    this.bytesRead += await readFully(this.#reader, history, this.#long.start - history.length);
    return history;
  }

  /** Bytes that were cut out of the current line. */
  get #cut(): number {
    return this.#cutter?.cut ?? 0;
  }

  /** Makes room for a read behind what must be kept: the current line, and a little before it. */
  #makeRoom(): void {
    const { base, bytes, limit } = this.#scanner;
    const isEnd = this.#origin + this.#filled >= this.#options.size;
    if (limit - this.#filled >= (isEnd ? HEAD_BYTES : CHUNK_BYTES)) return;
    this.#sink.release(this.#scanner);
    const kept = Math.min(this.#filled, this.#long ? this.#filled : this.#line) - HISTORY_BYTES;
    if (kept > base) {
      bytes.copyWithin(base, kept, this.#filled);
      const moved = kept - base;
      this.#origin += moved;
      this.#line -= moved;
      this.#filled -= moved;
      this.#exact = Math.max(base, this.#exact - moved);
      this.#cutter?.move(moved);
    }
    const held = this.#filled - base;
    if (limit - this.#filled < CHUNK_BYTES / 2) this.#scanner.reserve(held + Math.max(CHUNK_BYTES, held >> 3));
  }

  #take(size: number): void {
    const from = this.#filled, end = from + size;
    const unseen = Math.max(from, this.#seen - this.#origin);
    if (unseen < end) {
      this.#seen = this.#origin + end;
      this.#sink.see(this.#scanner, unseen, end, this.#origin + unseen);
    }
    this.#filled = end;
    if (!this.#long) return this.#scan(Math.max(from, this.#line), end);
    const lineBreak = this.#scanner.find(from, end);
    if (lineBreak === end || !this.#endLong(lineBreak)) return;
    this.#line = lineBreak + 1;
    this.#scan(this.#line, end);
  }

  #scan(from: number, end: number): void {
    const longest = this.#options.maxLineBytes;
    let search = from;
    if (this.#cutter) {
      const lineBreak = this.#scanner.find(from, end);
      if (lineBreak < end) {
        const isTooLong = lineBreak - this.#line + this.#cut > longest;
        this.#cutter = undefined;
        if (isTooLong) {
          this.#sink.tooLong();
          this.#line = search = lineBreak + 1;
        }
      }
    }
    for (let found = 0, limit = 0; found === limit; search = this.#line) {
      limit = this.#sink.limit;
      const { all } = this.#sink;
      found = this.#scanner.scan({ start: this.#line, search, end, limit, longest, all });
      this.#sink.take(this.#scanner, found, this.#origin);
      this.#line = this.#scanner.next;
    }
    this.#judge();
  }

  /** Decides what becomes of the current line, from what is there of it. */
  #judge(): void {
    const held = this.#filled - this.#line;
    const start = this.#origin + this.#line - this.#cut;
    if (held <= HEAD_BYTES || start === this.#held) return;
    const kind = this.#sink.all ? KIND.parse : this.#scanner.kindOfHead(this.#line, this.#filled);
    if (kind !== KIND.parse && this.#sink.passesOver(kind)) {
      this.#long = { start, again: false };
      this.#cutter = undefined;
      return;
    }
    if (kind === KIND.message && held > CUT_BYTES) {
      this.#cutter ??= new ImageCutter(this.#line);
      const end = this.#cutter.feed(this.#scanner.bytes, this.#filled);
      this.#origin += this.#filled - end;
      this.#filled = this.#exact = end;
    }
    const length = this.#filled - this.#line + this.#cut;
    if (this.#filled - this.#line > MEASURED_BYTES || length > this.#options.maxLineBytes) {
      this.#long = { start, again: true };
      this.#cutter = undefined;
    }
  }

  /** Ends a line that streamed through. Says whether it is done with, or has to be read again. */
  #endLong(end: number): boolean {
    if (!this.#long) return true;
    const { start, again } = this.#long;
    const length = this.#origin + end - start;
    this.#long = undefined;
    this.#line = end;
    if (length > this.#options.maxLineBytes) {
      this.#sink.tooLong();
      return true;
    }
    const { base } = this.#scanner;
    if (!again && this.#scanner.endsWell(base, end)) {
      this.#sink.pass(start);
      return true;
    }
    const history = Math.min(start, HISTORY_BYTES);
    this.#sink.release(this.#scanner);
    this.#scanner.reserve(history + length + CHUNK_BYTES);
    this.#held = start;
    this.#filled = this.#exact = base;
    this.#line = base + history;
    this.#origin = start - this.#line;
    return false;
  }
}
