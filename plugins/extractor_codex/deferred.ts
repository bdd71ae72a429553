/**
 * Lines of which only the newest counts, if it can be read: they wait until it is known which that is.
 *
 * @module
 */
import type { ReadLine } from "./read_line.ts";

/** How many of the newest lines are kept when their memory is needed. */
const KEPT_LINES = 4;

/** A line that waits. */
export interface DeferredLine {
  /** Where it starts in the item. */
  readonly offset: number;
  /** Its address; of no use once it has bytes of its own. */
  readonly start: number;
  /** The address behind it. */
  readonly end: number;
  /** Its own bytes, once its memory was needed. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

/** Lines of one kind that wait. */
export class DeferredLines {
  /** Whether lines were dropped that may have counted: the item has to be read again without waiting. */
  lost = false;
  #lines: DeferredLine[] = [];
  #dropped = false;

  /** Lets a line wait. */
  add(offset: number, start: number, end: number): void {
    this.#lines.push({ offset, start, end });
  }

  /** Keeps the newest lines, for their memory is needed. */
  release(memory: Uint8Array<ArrayBuffer>): void {
    if (this.#lines.length === 0) return;
    if (this.#lines.length > KEPT_LINES) {
      this.#dropped = true;
      this.#lines = this.#lines.slice(-KEPT_LINES);
    }
    this.#lines = this.#lines.map((line) => line.bytes ? line : { ...line, bytes: memory.slice(line.start, line.end) });
  }

  /**
   * Reads lines from the newest on, until one is enough.
   *
   * @param read Reads a line, or gives `undefined` if it is malformed.
   * @param isEnough Says whether nothing older counts.
   * @returns What was read, the oldest first.
   */
  settle(read: (line: DeferredLine) => ReadLine | undefined, isEnough: (line: ReadLine) => boolean): ReadLine[] {
    const lines = this.#lines;
    if (lines.length === 0) return [];
    const found: ReadLine[] = [];
    let isSettled = false;
    for (const line of lines.toReversed()) {
      const one = read(line);
      if (!one) continue;
      found.push(one);
      isSettled = isEnough(one);
      if (isSettled) break;
    }
    if (!isSettled && this.#dropped) this.lost = true;
    this.#dropped = false;
    this.#lines = [];
    return found.reverse();
  }
}
