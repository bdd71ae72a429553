/**
 * Decoding the frames of a zstd archive, a piece at a time.
 *
 * @module
 */
import type { ZstdDecompress } from "node:zlib";
import { reasonOf } from "../../src/errors.ts";
import { corrupt, type FramePiece, MOST_BYTES } from "./zstd_frames.ts";

/** The runtime's decoders. */
export type Zlib = Pick<typeof import("node:zlib"), "createZstdDecompress" | "zstdDecompressSync">;

/** Room for what a piece gives, so that it is decoded without a pause for somebody to read. */
const STREAM_ROOM = { chunkSize: 256 << 10, highWaterMark: 2 * MOST_BYTES };

/** Room for what a frame gives that is decoded at once. */
const FRAME_ROOM = { chunkSize: MOST_BYTES, maxOutputLength: MOST_BYTES };

/** Smaller memory may be part of some that the runtime shares out. */
const OWN_BYTES = 64 << 10;

let zlib: Zlib | undefined;

/**
 * Loads the runtime's decoders.
 *
 * @throws {Error} If the runtime is too old to have them.
 */
export async function loadZlib(): Promise<Zlib> {
  // Not a static import: with a runtime that has no zstd it would end the program, compressed rollouts or not.
  zlib ??= await import("node:zlib");
  if (typeof zlib.createZstdDecompress !== "function" || typeof zlib.zstdDecompressSync !== "function") {
    throw new Error("this version of Deno cannot read zstd archives: use a newer one");
  }
  return zlib;
}

/** Decodes the frames of one archive. The runtime's decoder stops at the end of a frame, so each gets one of its own. */
export class FramesDecoder {
  readonly #zlib: Zlib;
  #decoder: ZstdDecompress | undefined;
  /** What is missing of the frame at hand, if it says how much it holds. */
  #missing: number | undefined;
  /** The memory that the decoder may still write to. */
  #filling: ArrayBufferLike | undefined;
  /** Memory that nothing is written to any more, and that is read before the next piece is decoded. */
  readonly #given: ArrayBufferLike[] = [];

  /** Starts before the first frame. */
  constructor(zlib: Zlib) {
    this.#zlib = zlib;
  }

  /**
   * Decodes a piece.
   *
   * @param piece The next piece of the archive.
   * @returns What it gives, {@linkcode MOST_BYTES} at most, until the next piece is decoded.
   * @throws {ExtractionError} If the archive is corrupt.
   */
  async decode({ bytes, header, isLast }: FramePiece): Promise<Uint8Array[]> {
    this.#free();
    if (header) this.#missing = header.contentBytes;
    const decoded = header && isLast ? [this.#frame(bytes)] : await this.#goOn(bytes);
    if (this.#missing !== undefined) this.#missing -= decoded.reduce((sum, { length }) => sum + length, 0);
    if (isLast) this.#end();
    return decoded.filter(({ length }) => length > 0);
  }

  /** Frees all memory, also what was given. */
  close(): void {
    this.#endFrame();
    this.#free();
  }

  #endFrame(): void {
    this.#decoder?.destroy();
    this.#decoder = undefined;
    this.#filling = undefined;
    this.#missing = undefined;
  }

  #end(): void {
    const missing = this.#missing;
    if (this.#filling) this.#given.push(this.#filling);
    this.#endFrame();
    if (missing) throw corrupt("a frame does not hold as much as it says");
  }

  /** Decodes a frame that is there as a whole: a stream costs several times as much. */
  #frame(bytes: Uint8Array): Uint8Array {
    try {
      const decoded = this.#zlib.zstdDecompressSync(bytes, FRAME_ROOM);
      this.#given.push(decoded.buffer);
      return decoded;
    } catch (error) {
      throw corrupt(reasonOf(error));
    }
  }

  async #goOn(bytes: Uint8Array): Promise<Uint8Array[]> {
    const decoder = this.#decoder ??= this.#zlib.createZstdDecompress(STREAM_ROOM);
    await write(decoder, bytes);
    const decoded: Uint8Array[] = [];
    for (let chunk = decoder.read(); chunk !== null; chunk = decoder.read()) {
      decoded.push(chunk);
      if (chunk.buffer === this.#filling) continue;
      if (this.#filling) this.#given.push(this.#filling);
      this.#filling = chunk.buffer;
    }
    return decoded;
  }

  /** Frees what was given, now and not when its garbage is collected: that would be after hundreds of megabytes. */
  #free(): void {
    for (const buffer of this.#given.splice(0)) {
      if (buffer instanceof ArrayBuffer && buffer.byteLength >= OWN_BYTES) buffer.transfer(0);
    }
  }
}

function write(decoder: ZstdDecompress, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(corrupt(reasonOf(error)));
    decoder.once("error", fail);
    decoder.write(bytes, (error) => {
      if (error) return fail(error);
      decoder.off("error", fail);
      resolve();
    });
  });
}
