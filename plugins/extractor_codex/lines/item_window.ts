/**
 * The stretch of an item that is in a scanner's memory, and what is read of the item besides.
 *
 * An address is a place in the memory, an offset one in the item.
 *
 * @module
 */
import type { ItemReader } from "../../../src/source.ts";
import { readFully } from "./read_fully.ts";
import type { LineScanner } from "../scanner/scanner.ts";

/** How much before the current line stays in memory. */
export const HISTORY_BYTES = 1024;

/** How much is read at first of a line that is not in memory any more. */
const STEP_BYTES = 64 << 10;

/** A stretch of an item in memory. */
export class ItemWindow {
  /** Bytes read. */
  bytesRead = 0;
  readonly #reader: ItemReader;
  readonly #scanner: LineScanner;
  /** What makes an address an offset. */
  #origin: number;
  /** The address behind the last byte. */
  #filled: number;
  /** Below this address nothing is where the origin says, since something was cut out behind it. */
  #exact: number;

  /**
   * Makes a window.
   *
   * @param reader The item.
   * @param scanner In whose memory the bytes are, from its base on.
   * @param offset Where to go on reading.
   * @param history So many bytes before that are in memory.
   */
  constructor(reader: ItemReader, scanner: LineScanner, offset: number, history: number) {
    this.#reader = reader;
    this.#scanner = scanner;
    this.#filled = scanner.base + history;
    this.#origin = offset - this.#filled;
    this.#exact = scanner.base;
  }

  /** Whether to go back in the item is to begin it again. */
  get isSequential(): boolean {
    return this.#reader.isSequential ?? false;
  }

  /** What makes an address an offset, where nothing was cut out behind it. */
  get origin(): number {
    return this.#origin;
  }

  /** The address behind the last byte. */
  get filled(): number {
    return this.#filled;
  }

  /** The offset behind the last byte, from which it is read on. */
  get offset(): number {
    return this.#origin + this.#filled;
  }

  /**
   * Reads on.
   *
   * @param most The most bytes that are wanted; there must be room for one.
   * @returns Bytes read, 0 at the end of the item; a promise only if the reader makes one.
   */
  read(most: number): number | Promise<number> {
    const { bytes, limit } = this.#scanner;
    const room = bytes.subarray(this.#filled, Math.min(limit, this.#filled + most));
    const answer = this.#reader.read(room, this.offset);
    return typeof answer === "object" && answer !== null
      ? answer.then((size) => this.#add(size ?? 0))
      : this.#add(answer ?? 0);
  }

  /** Forgets what is before an address. Says by how much what remains has moved down. */
  keepFrom(address: number): number {
    const { base, bytes } = this.#scanner;
    const moved = address - base;
    if (moved <= 0) return 0;
    bytes.copyWithin(base, address, this.#filled);
    this.#origin += moved;
    this.#filled -= moved;
    this.#exact = Math.max(base, this.#exact - moved);
    return moved;
  }

  /** Is told that the bytes now end at an address, since some of them were cut out before it. */
  endAt(address: number): void {
    this.#origin += this.#filled - address;
    this.#filled = this.#exact = address;
  }

  /**
   * Forgets everything and goes on reading somewhat before an offset.
   *
   * @returns The address that the offset will have.
   */
  moveTo(offset: number): number {
    const history = Math.min(offset, HISTORY_BYTES), { base } = this.#scanner;
    this.#filled = this.#exact = base;
    this.#origin = offset - history - base;
    return base + history;
  }

  /**
   * The bytes of a line, without its line break.
   *
   * @param offset Where it starts.
   * @param limit The most bytes that are wanted.
   * @param length How many there are; 0 if that is not known.
   * @returns The bytes, valid until more is read; `undefined` if there are more.
   */
  async lineAt(offset: number, limit: number, length = 0): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const start = offset - this.#origin;
    if (start >= this.#exact) {
      const end = this.#scanner.find(start, this.#filled);
      return end - start > limit ? undefined : this.#scanner.bytes.subarray(start, end);
    }
    if (length > 0) return length > limit ? undefined : await this.#readBehind(offset, length);
    for (let wanted = Math.min(STEP_BYTES, limit + 1);; wanted = Math.min(2 * wanted, limit + 1)) {
      const line = await this.#readAt(offset, wanted);
      const lineBreak = line.indexOf(10);
      if (lineBreak >= 0 || line.length < wanted) return line.subarray(0, lineBreak < 0 ? line.length : lineBreak);
      if (wanted > limit) return undefined;
    }
  }

  /**
   * The bytes at an offset.
   *
   * @param offset Where they start.
   * @param size How many are wanted.
   * @returns The bytes, valid until more is read; fewer where the item, or what was read of it, ends.
   */
  async bytesAt(offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const start = offset - this.#origin;
    if (start < this.#exact) return await this.#readAt(offset, size);
    return this.#scanner.bytes.subarray(start, Math.min(this.#filled, start + size));
  }

  #add(size: number): number {
    this.bytesRead += size;
    this.#filled += size;
    return size;
  }

  /** Reads a line into the memory of the scanner, which can make it shorter there, behind all that is in use. */
  async #readBehind(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const at = this.#filled;
    this.#scanner.reserve(at + length + 1 - this.#scanner.base);
    const read = await readFully(this.#reader, this.#scanner.bytes.subarray(at, at + length), offset);
    this.bytesRead += read;
    return this.#scanner.bytes.subarray(at, at + read);
  }

  async #readAt(offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(size);
    const read = await readFully(this.#reader, bytes, offset);
    this.bytesRead += read;
    return bytes.subarray(0, read);
  }
}
