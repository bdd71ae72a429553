/**
 * Decoding the frames of a zstd archive, a piece at a time.
 *
 * @module
 */
import type { ZstdDecompress } from "node:zlib";
import { reasonOf } from "../../src/errors.ts";
import { corrupt, type FramePiece } from "./zstd_frames.ts";

/** The runtime's decoders. */
export type Zlib = Pick<typeof import("node:zlib"), "createZstdDecompress" | "zstdDecompressSync">;

/** Room for what one block gives, so that it is decoded without a pause for somebody to read. */
const STREAM_ROOM = { chunkSize: 256 << 10, highWaterMark: 1 << 20 };

/** What a decoder needs at least for its output. */
const LEAST_ROOM = 64;

/**
 * So many frames may be damaged before none is decoded as a whole any more: of such a one the runtime keeps the memory until
 * garbage is collected, where a stream is closed.
 */
const MOST_DAMAGED = 20;

/** Frames of this thread that were damaged and decoded as a whole. */
let damaged = 0;

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

  /** Whether small frames are to come as a whole. */
  get takesWhole(): boolean {
    return damaged < MOST_DAMAGED;
  }

  /**
   * Decodes a piece.
   *
   * @param piece The next piece of the archive.
   * @returns What it gives, a megabyte at most, until the next piece is decoded.
   * @throws {ExtractionError} If the archive is corrupt.
   */
  async decode({ bytes, header, isLast, mostBytes }: FramePiece): Promise<Uint8Array[]> {
    this.#free();
    if (header) this.#missing = header.contentBytes;
    const decoded = mostBytes === undefined ? await this.#goOn(bytes) : [this.#frame(bytes, mostBytes)];
    if (this.#missing !== undefined) this.#missing -= decoded.reduce((sum, { length }) => sum + length, 0);
    if (isLast) this.#end();
    return decoded.filter(({ length }) => length > 0);
  }

  /** Ends the frame at hand, also in the middle, and frees what was given. */
  close(): void {
    this.#decoder?.destroy();
    this.#decoder = undefined;
    this.#filling = undefined;
    this.#missing = undefined;
    this.#free();
  }

  #end(): void {
    const missing = this.#missing;
    this.#leaveFilled();
    this.#decoder?.destroy();
    this.#decoder = undefined;
    this.#missing = undefined;
    if (missing) throw corrupt("a frame does not hold as much as it says");
  }

  /** Decodes a frame that is there as a whole: a stream costs several times as much. */
  #frame(bytes: Uint8Array, mostBytes: number): Uint8Array {
    // Room that was filled to its end would be followed by more.
    const chunkSize = Math.max(LEAST_ROOM, mostBytes + 1);
    try {
      const decoded = this.#zlib.zstdDecompressSync(bytes, { chunkSize, maxOutputLength: chunkSize });
      // Smaller ones may be part of memory that the runtime shares out.
      if (decoded.buffer.byteLength === chunkSize) this.#given.push(decoded.buffer);
      return decoded;
    } catch (error) {
      damaged++;
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
      this.#leaveFilled();
      this.#filling = chunk.buffer;
    }
    return decoded;
  }

  /** What the decoder filled last can go once it is read. */
  #leaveFilled(): void {
    if (this.#filling?.byteLength === STREAM_ROOM.chunkSize) this.#given.push(this.#filling);
    this.#filling = undefined;
  }

  /** Frees what was given, now and not when its garbage is collected: that would be after hundreds of megabytes. */
  #free(): void {
    for (const buffer of this.#given.splice(0)) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
  }
}

/**
 * Writes a block, or less. With more, whatever is wrong behind the first output would be an error that nobody can catch: the
 * runtime decodes the rest in a turn of its own.
 */
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
