/**
 * Running the extractor over bytes in memory, read in pieces of any size, with the bytes counted.
 */
import { ExtractionError } from "../../../src/errors.ts";
import type { Extraction } from "../../../src/extractor.ts";
import type { ItemReader } from "../../../src/source.ts";
import {
  codexExtractor,
  type CodexExtractorOptions,
  type CodexThread,
  type RolloutItem,
} from "../../../plugins/extractor_codex/mod.ts";
import type { Expected } from "./reference.ts";

/** The name of the rollouts here; what they hold names another thread. */
export const NAME = "rollout-2026-01-27T12-34-56-019c0000-0000-7000-8000-0000000000ff.jsonl";

/** A rollout of some bytes. */
export function itemOf(bytes: Uint8Array, name = NAME): RolloutItem {
  return {
    name,
    watermark: name,
    location: `/home/sessions/${name}`,
    fingerprint: "1",
    size: bytes.length,
    modifiedMs: 1_790_000_000_000,
    archived: false,
  };
}

/** Reads bytes in memory, and counts. */
export class CountingReader implements ItemReader {
  /** Bytes that were read. */
  count = 0;
  readonly #bytes: Uint8Array;
  readonly #piece: () => number;

  /** Reads in pieces. */
  constructor(bytes: Uint8Array, piece: () => number = () => Infinity) {
    this.#bytes = bytes;
    this.#piece = piece;
  }

  /** Reads a piece. */
  read(into: Uint8Array, offset: number): number | null {
    if (offset >= this.#bytes.length) return null;
    const size = Math.min(into.length, this.#piece(), this.#bytes.length - offset);
    into.set(this.#bytes.subarray(offset, offset + size));
    this.count += size;
    return size;
  }

  /** Does nothing. */
  close(): void {}
}

/** How {@linkcode extract} works. */
export interface ExtractOptions extends CodexExtractorOptions {
  /** The size of the next piece. */
  readonly piece?: () => number;
  /** What the extraction before left. */
  readonly snapshot?: string | undefined;
}

/** Extracts; a failure is thrown. */
export async function extract(
  bytes: Uint8Array,
  { piece, snapshot, ...options }: ExtractOptions = {},
): Promise<Extraction<CodexThread> & { readonly counted: number }> {
  const reader = new CountingReader(bytes, piece);
  const extraction = await codexExtractor(options).extract(itemOf(bytes), {
    open: () => reader,
    signal: new AbortController().signal,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  return { ...extraction, counted: reader.count };
}

/** Extracts, and says of it what the reference says. */
export async function actual(bytes: Uint8Array, options: ExtractOptions = {}): Promise<Expected> {
  try {
    const { row, records, malformed, unknown } = await extract(bytes, options);
    return { row, records, malformed, unknown };
  } catch (error) {
    if (error instanceof ExtractionError) return { failure: error.kind };
    throw error;
  }
}

/** What must agree whatever was parsed: the row, and how many lines there are. */
export function comparable(one: Expected): unknown {
  return "failure" in one ? one : { row: one.row, lines: one.records + one.malformed };
}

/** A text as bytes. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
