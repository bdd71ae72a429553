/**
 * Walking the frames of a zstd archive: where each begins and ends, block by block, as RFC 8878 lays them out.
 *
 * A decoder alone does not tell that an archive was cut off, or that something follows its last frame, and it gives as much
 * output as it can for its input: a bomb becomes terabytes. Who feeds it one block at a time gets 128 KiB at most, and who feeds
 * it a frame of which the blocks are known, no more than they can give.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { ItemReader } from "../../src/source.ts";

/** What is decoded at once: a small frame, or a larger one's header, one of its blocks or its checksum. */
export interface FramePiece {
  /** The bytes, valid until the next piece is asked for. */
  readonly bytes: Uint8Array;
  /** What a frame says of itself where one begins. */
  readonly header?: FrameHeader;
  /** Whether the frame ends with it. */
  readonly isLast: boolean;
  /** The most bytes that it gives, if it is a whole frame. */
  readonly mostBytes?: number;
}

/** What a frame says of itself. */
export interface FrameHeader {
  /** How many bytes it holds, if it says so. */
  readonly contentBytes: number | undefined;
}

/** How far back a frame may refer, in bytes: what a decoder has to keep. The command `zstd` refuses more as well. */
const MAX_WINDOW_BYTES = 128 << 20;

/** The largest block there is, and what the largest gives. */
const MAX_BLOCK_BYTES = 128 << 10;

/** The most blocks of a frame that is decoded as a whole, and the most bytes of it without its checksum. */
const WHOLE_BLOCKS = 8, WHOLE_BYTES = 2 * MAX_BLOCK_BYTES;

const MAGIC = 0xfd2fb528, SKIPPABLE_MAGIC = 0x184d2a50;
const RAW = 0, RLE = 1, COMPRESSED = 2;

/** How many bytes the fields of a header have, by their flags. */
const DICTIONARY_BYTES = [0, 1, 2, 4], SIZE_BYTES = [0, 2, 4, 8];

/**
 * Cuts an archive into pieces for a decoder. Skippable frames are left out.
 *
 * @param compressed The bytes of the archive.
 * @param takesWhole Whether a small frame may be a piece by itself.
 * @throws {ExtractionError} If it ends too early, is not an archive, or asks for what cannot be given.
 */
export async function* framePieces(compressed: ItemReader, takesWhole: () => boolean): AsyncGenerator<FramePiece> {
  const input = new Input(compressed);
  await input.need(1);
  while (await input.has(1)) {
    const skippable = await readMagic(input);
    if (skippable) {
      await input.skip(8 + (await input.need(8)).getUint32(4, true));
      continue;
    }
    const header = await readHeader(input);
    const whole = takesWhole() ? await lookThrough(input, header) : undefined;
    if (whole) yield { bytes: input.take(whole.size), header, isLast: true, mostBytes: whole.mostBytes };
    else yield* partsOfFrame(input, header);
  }
}

/** How long a frame is, and the most that it gives, if it is a small one. */
async function lookThrough(
  input: Input,
  { size, hasChecksum }: ReadHeader,
): Promise<{ size: number; mostBytes: number } | undefined> {
  let mostBytes = 0;
  for (let blocks = 0; blocks < WHOLE_BLOCKS; blocks++) {
    const block = await readBlock(input, size);
    if (size + block.size > WHOLE_BYTES) return undefined;
    await input.need(size += block.size);
    mostBytes += block.mostBytes;
    if (!block.last) continue;
    if (hasChecksum) await input.need(size += 4);
    return { size, mostBytes };
  }
  return undefined;
}

async function* partsOfFrame(input: Input, header: ReadHeader): AsyncGenerator<FramePiece> {
  yield { bytes: input.take(header.size), header, isLast: false };
  for (let last = false; !last;) {
    const block = await readBlock(input, 0);
    await input.need(block.size);
    last = block.last;
    yield { bytes: input.take(block.size), isLast: last && !header.hasChecksum };
  }
  if (!header.hasChecksum) return;
  await input.need(4);
  yield { bytes: input.take(4), isLast: true };
}

/** Says whether the frame is one to be skipped. */
async function readMagic(input: Input): Promise<boolean> {
  const whole = await input.has(4);
  const [magic, mask] = input.peek(4);
  const skippable = (magic & 0xfffffff0) >>> 0 === (SKIPPABLE_MAGIC & mask) >>> 0;
  if (!skippable && magic !== (MAGIC & mask) >>> 0) throw noFrame(input.offset);
  if (!whole) throw truncated();
  return skippable;
}

interface ReadHeader extends FrameHeader {
  readonly size: number;
  readonly hasChecksum: boolean;
}

async function readHeader(input: Input): Promise<ReadHeader> {
  const descriptor = (await input.need(5)).getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const sizeAt = dictionaryAt + (DICTIONARY_BYTES[descriptor & 3] ?? 0);
  const sizeBytes = SIZE_BYTES[descriptor >> 6] || (isSingleSegment ? 1 : 0);
  const header = await input.need(sizeAt + sizeBytes);
  if (descriptor & 0x08) throw corrupt("a bit is set that has no meaning");
  for (let at = dictionaryAt; at < sizeAt; at++) {
    if (header.getUint8(at) !== 0) throw unsupported("it needs a dictionary");
  }
  const contentBytes = contentSize(header, sizeAt, sizeBytes);
  const window = isSingleSegment ? contentBytes ?? 0 : windowSize(header.getUint8(5));
  if (window > MAX_WINDOW_BYTES) {
    throw unsupported(`it needs ${Math.ceil(window / 2 ** 20)} MiB of memory; 128 MiB are allowed`);
  }
  return { size: sizeAt + sizeBytes, contentBytes, hasChecksum: (descriptor & 0x04) !== 0 };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7);
}

function contentSize(header: DataView, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined;
  if (bytes === 1) return header.getUint8(at);
  if (bytes === 2) return header.getUint16(at, true) + 256;
  return bytes === 4 ? header.getUint32(at, true) : Number(header.getBigUint64(at, true));
}

/** A block, as its header describes it. */
interface Block {
  /** Its bytes in the archive, those of its header included. */
  readonly size: number;
  /** The most bytes that it gives. */
  readonly mostBytes: number;
  /** Whether it is the last of its frame. */
  readonly last: boolean;
}

/** Reads the header of the block that begins so many bytes from here. */
async function readBlock(input: Input, at: number): Promise<Block> {
  const header = await input.need(at + 3);
  const bits = header.getUint16(at, true) | header.getUint8(at + 2) << 16;
  const type = bits >> 1 & 3, bytes = bits >> 3;
  if (type !== RAW && type !== RLE && type !== COMPRESSED) throw corrupt("a block is of a type that does not exist");
  if (bytes > MAX_BLOCK_BYTES) throw corrupt("a block is larger than a block can be");
  const mostBytes = type === COMPRESSED ? MAX_BLOCK_BYTES : bytes;
  return { size: 3 + (type === RLE ? 1 : bytes), mostBytes, last: (bits & 1) === 1 };
}

/** How often bytes are asked for before timers and signals get their turn: frames and blocks may hold nothing, and be many. */
const LOOKS_A_TURN = 5000;

/** How much is read of an archive at first: most are small. */
const FIRST_BYTES = 16 << 10;

/** The bytes of the archive, in order, a few at a time. */
class Input {
  readonly #reader: ItemReader;
  #buffer = new Uint8Array(FIRST_BYTES);
  #start = 0;
  #end = 0;
  #read = 0;
  #looks = 0;

  constructor(reader: ItemReader) {
    this.#reader = reader;
  }

  /** Where in the archive the next byte is. */
  get offset(): number {
    return this.#read - (this.#end - this.#start);
  }

  /** A little-endian number of up to four of the next bytes, as many as there are, and a mask of the bits that it has. */
  peek(size: number): [value: number, mask: number] {
    const bytes = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + size));
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return [value, bytes.length < 4 ? 2 ** (8 * bytes.length) - 1 : -1];
  }

  /** Whether there are so many bytes more. */
  async has(size: number): Promise<boolean> {
    if (++this.#looks % LOOKS_A_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    while (this.#end - this.#start < size) {
      this.#makeRoom(size);
      const answer = this.#reader.read(this.#buffer.subarray(this.#end), this.#read);
      const got = typeof answer === "object" && answer !== null ? await answer : answer;
      if (got === null || got === 0) return false;
      this.#end += got;
      this.#read += got;
    }
    return true;
  }

  #makeRoom(size: number): void {
    const held = this.#buffer.subarray(this.#start, this.#end);
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(Math.max(size, 2 * this.#buffer.length));
    this.#buffer.set(held);
    this.#end = held.length;
    this.#start = 0;
  }

  /** Looks at the next bytes, which must be there. */
  async need(size: number): Promise<DataView> {
    if (!await this.has(size)) throw truncated();
    return new DataView(this.#buffer.buffer, this.#start, size);
  }

  /** Takes bytes that were needed before. */
  take(size: number): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#start += size);
  }

  /** Passes over bytes, which must be there. */
  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) {
      await this.need(1);
      left -= this.take(Math.min(left, this.#end - this.#start)).length;
    }
  }
}

function truncated(): ExtractionError {
  return new ExtractionError("truncated-archive", "the archive ends before its last frame is complete");
}

function noFrame(offset: number): ExtractionError {
  const reason = offset === 0 ? "it is not a zstd archive" : `what follows byte ${offset} is not a frame`;
  return new ExtractionError("corrupt-archive", reason);
}

/** The archive contradicts itself. */
export function corrupt(reason: string): ExtractionError {
  return new ExtractionError("corrupt-archive", `the archive is damaged: ${reason}`);
}

function unsupported(reason: string): ExtractionError {
  return new ExtractionError("unsupported-archive", `the archive cannot be read: ${reason}`);
}
