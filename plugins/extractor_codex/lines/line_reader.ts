/**
 * Reading an item's lines into a scanner, and what becomes of lines that are longer than a read.
 *
 * A line that no column needs streams through. One that does is held whole; from some length on only after its length is
 * known, so that memory is neither wasted nor spent on a line that is too long anyway.
 *
 * @module
 */
import { ImageCutter } from "./images.ts";
import { HISTORY_BYTES, type ItemWindow } from "./item_window.ts";
import { KIND } from "../scanner/kind.ts";
import type { LineSink, StreamedLine } from "./line_sink.ts";
import type { LineScanner } from "../scanner/scanner.ts";

/** The size of a read. Larger ones are slower, since they no longer fit into the processor's caches. */
const CHUNK_BYTES = 256 << 10;

/** How long timers and signals wait for their turn, in milliseconds. A turn costs two. */
const BREATHER_MS = 250;

/** From so many bytes on, the kind of a line is known even if its end is not. */
const HEAD_BYTES = 512;

/** From so many bytes on, images are cut out of a message, and out of what no column needs where that is parsed. */
const CUT_BYTES = 32 << 10, CUT_OTHER_BYTES = 1 << 20;

/** From so many bytes on, a line is measured before it is held; later where it takes a new beginning to go back to it. */
const MEASURED_BYTES = 4 << 20, MEASURED_LATE_BYTES = 16 << 20;

/** How a {@linkcode LineReader} reads. */
export interface LineReaderOptions {
  /** Longer lines are passed over, so that memory stays bounded. */
  readonly maxLineBytes: number;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** How large the item should be; it may be of another size. */
  readonly size: number;
}

/** Reads the lines of one item. */
export class LineReader {
  readonly #window: ItemWindow;
  readonly #scanner: LineScanner;
  readonly #sink: LineSink;
  readonly #options: LineReaderOptions;
  /** The address of the first byte of the line that is not finished. */
  #line: number;
  /** The offset up to which the sink has seen the bytes. */
  #seen: number;
  /** When timers and signals get their turn, by the clock of `performance`. */
  #breather = performance.now() + BREATHER_MS;
  /** A line that streams through: where it starts, and what is known of it, unless it must be read again once its length is known. */
  #long: { readonly start: number; readonly line?: StreamedLine } | undefined;
  /** The offset of the line that is held, whatever its length. */
  #held = -1;
  #cutter: ImageCutter | undefined;

  /** Begins to read where the window ends, which must be where a line begins. */
  constructor(window: ItemWindow, scanner: LineScanner, sink: LineSink, options: LineReaderOptions) {
    this.#window = window;
    this.#scanner = scanner;
    this.#sink = sink;
    this.#options = options;
    this.#line = window.filled;
    this.#seen = window.offset;
  }

  /** The offset behind the last line break. What follows is a line that may not be finished. */
  get complete(): number {
    return this.#long ? this.#long.start : this.#start;
  }

  /**
   * Reads to the end of the item and hands over every line that a line break ends.
   *
   * @throws The signal's reason, if it is aborted.
   */
  async readLines(): Promise<void> {
    const window = this.#window;
    for (;;) {
      this.#makeRoom();
      const answer = window.read(CHUNK_BYTES);
      const size = typeof answer === "number" ? answer : await answer;
      if (size === 0) return;
      this.#take(window.filled - size, window.filled);
      if (performance.now() >= this.#breather) {
        await new Promise((resolve) => setTimeout(resolve));
        this.#options.signal.throwIfAborted();
        this.#breather = performance.now() + BREATHER_MS;
      }
    }
  }

  /** Hands over the last line, if no line break ends it. */
  async readLastLine(): Promise<void> {
    if (this.#long) {
      if (this.#endLong(this.#window.filled)) return;
      await this.readLines();
    }
    const { filled } = this.#window;
    if (filled <= this.#line) return;
    this.#scanner.reserve(filled + 1 - this.#scanner.base);
    this.#scanner.bytes[filled] = 10;
    this.#scan(filled, filled + 1);
  }

  /** The offset of the line that is not finished. */
  get #start(): number {
    return this.#window.origin + this.#line - this.#cut;
  }

  /** Bytes that were cut out of the current line. */
  get #cut(): number {
    return this.#cutter?.cut ?? 0;
  }

  /** Makes room for a read behind what must be kept: the current line, and a little before it. */
  #makeRoom(): void {
    const window = this.#window, { base, limit } = this.#scanner;
    const isEnd = window.offset >= this.#options.size;
    if (limit - window.filled >= (isEnd ? HEAD_BYTES : CHUNK_BYTES)) return;
    this.#sink.release(this.#scanner);
    const moved = window.keepFrom((this.#long ? window.filled : this.#line) - HISTORY_BYTES);
    this.#line -= moved;
    this.#cutter?.move(moved);
    const held = window.filled - base;
    if (limit - window.filled < CHUNK_BYTES / 2) this.#scanner.reserve(held + Math.max(CHUNK_BYTES, held >> 3));
  }

  #take(from: number, end: number): void {
    const { origin } = this.#window;
    const unseen = Math.max(from, this.#seen - origin);
    if (unseen < end) {
      this.#seen = origin + end;
      this.#sink.see(this.#scanner, unseen, end, origin + unseen);
    }
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
      this.#sink.take(this.#scanner, found, this.#window.origin);
      this.#line = this.#scanner.next;
    }
    this.#judge();
  }

  /** Decides what becomes of the current line, from what is there of it. */
  #judge(): void {
    const window = this.#window, start = this.#start;
    const held = window.filled - this.#line;
    if (held <= HEAD_BYTES || start === this.#held) return;
    const { all } = this.#sink, kind = this.#scanner.kindOfHead(this.#line, window.filled);
    if (!all && kind !== KIND.parse && this.#sink.passesOver(kind)) {
      const head = this.#scanner.bytes.slice(this.#line, this.#line + HEAD_BYTES);
      this.#long = { start, line: { isUnknown: kind === KIND.unknown, head } };
      this.#cutter = undefined;
      return;
    }
    const cutFrom = kind === KIND.message ? CUT_BYTES : kind === KIND.other ? CUT_OTHER_BYTES : Infinity;
    if (held > cutFrom && this.#sink.cutsImages) {
      this.#cutter ??= new ImageCutter(this.#line);
      window.endAt(this.#cutter.feed(this.#scanner.bytes, window.filled));
    }
    const left = window.filled - this.#line;
    const most = window.isSequential ? MEASURED_LATE_BYTES : MEASURED_BYTES;
    if (left > most || left + this.#cut > this.#options.maxLineBytes) {
      this.#long = { start };
      this.#cutter = undefined;
    }
  }

  /** Ends a line that streamed through. Says whether it is done with, or has to be read again. */
  #endLong(end: number): boolean {
    if (!this.#long) return true;
    const { start, line } = this.#long;
    const length = this.#window.origin + end - start;
    this.#long = undefined;
    this.#line = end;
    if (length > this.#options.maxLineBytes) {
      this.#sink.tooLong();
      return true;
    }
    if (line && this.#scanner.endsWell(this.#scanner.base, end)) {
      this.#sink.passStreamed(start, length, line);
      return true;
    }
    this.#sink.release(this.#scanner);
    this.#scanner.reserve(HISTORY_BYTES + length + CHUNK_BYTES);
    this.#held = start;
    this.#line = this.#window.moveTo(start);
    return false;
  }
}
