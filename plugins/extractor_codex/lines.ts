/**
 * Splitting an item's bytes into lines, without a copy or an allocation a line.
 *
 * @module
 */
import type { ItemReader } from "../../src/source.ts";

/** The size of a read. Larger ones are slower, since they no longer fit into the processor's caches. */
const CHUNK_BYTES = 256 << 10;

/** How much is read before timers and signals get their turn. */
const BREATHER_BYTES = 64 << 20;

/** Takes the lines of one item. The bytes are only valid during the call. */
export interface LineSink {
  /** Takes one line, without its line break. */
  line(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): void;
  /** Is told that a line was longer than the limit, and passed over. */
  tooLong(): void;
  /** Takes every byte that was read, before the lines in it. */
  chunk?(bytes: Uint8Array<ArrayBuffer>): void;
  /** Is told that the bytes of the lines so far are about to be overwritten. */
  release?(): void;
}

/** How {@linkcode readLines} reads. */
export interface ReadLinesOptions {
  /** Longer lines are passed over, so that memory stays bounded. */
  readonly maxLineBytes: number;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** Where to begin: the offset of a line's first byte. */
  readonly from?: number;
}

/** Where the lines ended. */
export interface LinesRead {
  /** Bytes read. */
  readonly bytes: number;
  /** The offset behind the last line break. What follows is a line that may not be finished. */
  readonly complete: number;
}

/** Buffers that are not in use. Several items may be read at a time. */
const spare: Uint8Array<ArrayBuffer>[] = [];

/**
 * Reads an item to its end and hands over its lines.
 *
 * @param reader The item's bytes.
 * @param sink Takes the lines. The last one is handed over also if no line break ends it.
 * @param options How to read.
 * @throws The signal's reason, if it is aborted.
 */
export async function readLines(reader: ItemReader, sink: LineSink, options: ReadLinesOptions): Promise<LinesRead> {
  const { maxLineBytes, signal, from = 0 } = options;
  let buffer = spare.pop() ?? new Uint8Array(CHUNK_BYTES);
  let held = 0, offset = from, complete = from, breather = from + BREATHER_BYTES, skipping = false;
  try {
    for (;;) {
      if (held === buffer.length) buffer = grow(buffer);
      const answer = reader.read(buffer.subarray(held), offset);
      const size = typeof answer === "object" && answer !== null ? await answer : answer;
      if (size === null || size === 0) break;
      sink.chunk?.(buffer.subarray(held, held + size));
      const filled = held + size;
      let start = 0;
      for (let at = buffer.indexOf(10, held); at >= 0 && at < filled; at = buffer.indexOf(10, start)) {
        if (skipping) skipping = false;
        else sink.line(buffer, start, at);
        start = at + 1;
        complete = offset + start - held;
      }
      sink.release?.();
      offset += size;
      held = filled - start;
      if (skipping) held = 0;
      else if (held > maxLineBytes) {
        sink.tooLong();
        skipping = true;
        held = 0;
      } else if (start > 0) buffer.copyWithin(0, start, filled);
      if (offset >= breather) {
        breather = offset + BREATHER_BYTES;
        await new Promise((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
      }
    }
    if (held > 0) sink.line(buffer, 0, held);
    return { bytes: offset - from, complete };
  } finally {
    if (buffer.length <= CHUNK_BYTES) spare.push(buffer);
  }
}

function grow(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}
