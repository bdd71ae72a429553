/**
 * Decoding the frames of a zstd archive, a piece at a time.
 *
 * @module
 */
import type { ZstdDecompress } from "node:zlib";
import { reasonOf } from "../../src/errors.ts";
import { corrupt, type FramePiece } from "./zstd_frames.ts";

/** Room for what one block gives, so that a piece is decoded without a pause for somebody to read. */
const ROOM = { chunkSize: 256 << 10, highWaterMark: 1 << 20 };

/** Makes the runtime's decoder of one frame. */
export type NewFrameDecoder = () => ZstdDecompress;

/**
 * Loads the runtime's decoder.
 *
 * @throws {Error} If the runtime is too old to have one.
 */
export async function loadFrameDecoder(): Promise<NewFrameDecoder> {
  // Not a static import: with a runtime that has no zstd it would end the program, compressed rollouts or not.
  const { createZstdDecompress } = await import("node:zlib");
  if (typeof createZstdDecompress !== "function") {
    throw new Error("this version of Deno cannot read zstd archives: use a newer one");
  }
  return () => createZstdDecompress(ROOM);
}

/** Decodes the frames of one archive. The runtime's decoder stops at the end of a frame, so each gets one of its own. */
export class FramesDecoder {
  readonly #newDecoder: NewFrameDecoder;
  #decoder: ZstdDecompress | undefined;
  /** What is missing of the frame at hand, if it says how much it holds. */
  #missing: number | undefined;

  /** Starts before the first frame. */
  constructor(newDecoder: NewFrameDecoder) {
    this.#newDecoder = newDecoder;
  }

  /**
   * Decodes a piece.
   *
   * @param piece The next piece of the archive.
   * @returns What it gives: 128 KiB at most.
   * @throws {ExtractionError} If the archive is corrupt.
   */
  async decode({ bytes, header }: FramePiece): Promise<Uint8Array[]> {
    if (header) {
      this.end();
      this.#decoder = this.#newDecoder();
      this.#missing = header.contentBytes;
    }
    const decoder = this.#decoder;
    if (!decoder) return [];
    await write(decoder, bytes);
    const decoded: Uint8Array[] = [];
    for (let chunk = decoder.read(); chunk !== null; chunk = decoder.read()) decoded.push(chunk);
    if (this.#missing !== undefined) this.#missing -= decoded.reduce((sum, { length }) => sum + length, 0);
    return decoded;
  }

  /**
   * Ends the last frame.
   *
   * @throws {ExtractionError} If it holds less or more than it says.
   */
  end(): void {
    const missing = this.#missing;
    this.close();
    if (missing) throw corrupt("a frame does not hold as much as it says");
  }

  /** Frees the memory of the frame at hand. */
  close(): void {
    this.#decoder?.destroy();
    this.#decoder = undefined;
    this.#missing = undefined;
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
