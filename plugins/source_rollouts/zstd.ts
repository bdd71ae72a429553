/**
 * Reading compressed rollouts in order, in bounded memory.
 *
 * @module
 */
import type { ItemReader } from "../../src/source.ts";
import { openFile } from "./reader.ts";
import { FramesDecoder, loadZlib, type Zlib } from "./zstd_decoder.ts";
import { type FramePiece, framePieces } from "./zstd_frames.ts";

/**
 * Opens a zstd archive for reading what is in it.
 *
 * An archive is verified while it is read: its end comes only after every frame is complete, with the size and the checksum
 * that it names. Reading from before the last byte read starts over from the first.
 *
 * @param path The absolute path of the archive.
 * @returns A reader of the decompressed bytes. Its `read` throws an `ExtractionError` of kind `truncated-archive`,
 * `corrupt-archive` or `unsupported-archive` where the archive cannot be read on.
 * @throws The error of the operating system, if the file cannot be opened.
 */
export async function openZstd(path: string): Promise<ItemReader> {
  const zlib = await loadZlib();
  return new ZstdReader(openFile(path), zlib);
}

class ZstdReader implements ItemReader {
  readonly isSequential = true;
  readonly #compressed: ItemReader;
  readonly #decoder: FramesDecoder;
  #pieces: AsyncIterator<FramePiece>;
  /** What was decoded and not read yet, in order. */
  #decoded: Uint8Array[] = [];
  /** The offset of the first byte of that. */
  #position = 0;
  #isOpen = true;
  /** What a read threw, so that the next one does not go on behind it. */
  #failure: { readonly error: unknown } | undefined;

  constructor(compressed: ItemReader, zlib: Zlib) {
    this.#compressed = compressed;
    this.#decoder = new FramesDecoder(zlib);
    this.#pieces = this.#cut();
  }

  async read(into: Uint8Array, offset: number): Promise<number | null> {
    if (this.#failure) throw this.#failure.error;
    if (offset < this.#position) this.#startOver();
    try {
      // Whoever cancels a read closes the archive without waiting for it.
      for (let next = await this.#next(); next && this.#isOpen; next = await this.#next()) {
        if (this.#position === offset) return this.#fill(into);
        this.#consume(Math.min(next.length, offset - this.#position));
      }
      return null;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#decoded = [];
    this.#decoder.close();
    this.#compressed.close();
  }

  #cut(): AsyncIterator<FramePiece> {
    return framePieces(this.#compressed, () => this.#decoder.takesWhole);
  }

  #startOver(): void {
    this.#decoder.close();
    this.#pieces = this.#cut();
    this.#decoded = [];
    this.#position = 0;
  }

  /** What comes next, at least a byte of it; `undefined` at the end. */
  async #next(): Promise<Uint8Array | undefined> {
    while (this.#decoded.length === 0) {
      const { value: piece, done } = await this.#pieces.next();
      if (done || !this.#isOpen) return undefined;
      const decoded = await this.#decoder.decode(piece);
      if (!this.#isOpen) return undefined;
      this.#decoded = decoded;
    }
    return this.#decoded[0];
  }

  /** Gives what is decoded; more is not decoded for it, since what comes next may be damaged. */
  #fill(into: Uint8Array): number {
    let filled = 0;
    for (let [first] = this.#decoded; first && filled < into.length; [first] = this.#decoded) {
      const part = first.subarray(0, into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.#consume(part.length);
    }
    return filled;
  }

  #consume(size: number): void {
    const [first, ...rest] = this.#decoded;
    if (!first) return;
    this.#decoded = first.length > size ? [first.subarray(size), ...rest] : rest;
    this.#position += size;
  }
}
