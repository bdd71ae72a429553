/**
 * Lines of which only the newest counts, if it can be read: they wait until it is known which that is.
 *
 * @module
 */
import type { ReadLine } from "./read_line.ts";

/** How many of the newest lines are kept when their memory is needed. */
const KEPT_LINES = 4;

/** Room for the bytes of lines whose memory is needed; more is made if they are longer. */
const ROOM_BYTES = 16 << 10;

/** Reads the line whose bytes these are, and which starts at an offset of the item; `undefined` if it is malformed. */
export type ReadDeferred = (bytes: Uint8Array<ArrayBuffer>, offset: number) => ReadLine | undefined;

/** Lines of one kind that wait. Thousands of them may, and nearly all are dropped, so that one of them is three numbers. */
export class DeferredLines {
  /** Whether lines were dropped that may have counted: the item has to be read again without waiting. */
  lost = false;
  readonly #offsets: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;
  #dropped = false;
  /** Where the first so many lines are, whose memory was needed. */
  #room: Uint8Array<ArrayBuffer> | undefined;
  #moved = 0;

  /** Lets a line wait. */
  add(offset: number, start: number, end: number): void {
    this.#set(this.#count++, offset, start, end);
  }

  /** Moves the newest lines, for their memory is needed. */
  release(memory: Uint8Array<ArrayBuffer>): void {
    if (this.#count === this.#moved) return;
    const first = Math.max(0, this.#count - KEPT_LINES);
    let size = 0, to = 0;
    for (let at = first; at < this.#count; at++) size += this.#size(at);
    const before = this.#room;
    const room = before && before.length >= size ? before : new Uint8Array(Math.max(ROOM_BYTES, size));
    // Those that were moved before come first, and only move down.
    for (let at = first; at < this.#count; at++) {
      const length = this.#size(at);
      room.set(this.#bytes(at, memory), to);
      this.#set(at - first, this.#offsets[at] ?? 0, to, to += length);
    }
    this.#room = room;
    this.#moved = this.#count -= first;
    this.#dropped ||= first > 0;
  }

  /**
   * Reads lines from the newest on, until one is enough.
   *
   * @param memory Where the lines are.
   * @param read Reads a line.
   * @param isEnough Says whether nothing older counts.
   * @returns What was read, the oldest first.
   */
  settle(memory: Uint8Array<ArrayBuffer>, read: ReadDeferred, isEnough: (line: ReadLine) => boolean): ReadLine[] {
    if (this.#count === 0) return [];
    const found: ReadLine[] = [];
    let isSettled = false;
    for (let at = this.#count - 1; at >= 0 && !isSettled; at--) {
      const one = read(this.#bytes(at, memory), this.#offsets[at] ?? 0);
      if (!one) continue;
      found.push(one);
      isSettled = isEnough(one);
    }
    if (!isSettled && this.#dropped) this.lost = true;
    this.#dropped = false;
    this.#count = this.#moved = 0;
    return found.reverse();
  }

  #set(at: number, offset: number, start: number, end: number): void {
    this.#offsets[at] = offset;
    this.#starts[at] = start;
    this.#ends[at] = end;
  }

  #size(at: number): number {
    return (this.#ends[at] ?? 0) - (this.#starts[at] ?? 0);
  }

  #bytes(at: number, memory: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    return (at < this.#moved ? this.#room ?? memory : memory).subarray(this.#starts[at], this.#ends[at]);
  }
}
