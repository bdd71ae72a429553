/**
 * The second contract: bytes in, one row out.
 *
 * @module
 */
import type { Item, ItemReader, MaybePromise, WorkerModule } from "./source.ts";

/**
 * What {@linkcode Extractor.extract} is given beside the item.
 *
 * @typeParam I The items that the extractor reads.
 */
export interface ExtractContext<I extends Item = Item> {
  /**
   * Opens the item's bytes, or those of another item that its source made to stand in for it. The engine closes the reader
   * after `extract`, whatever happened.
   */
  readonly open: (instead?: I) => MaybePromise<ItemReader>;
  /** Aborted when the run is cancelled, or fails. An extractor may finish or throw `signal.reason`. */
  readonly signal: AbortSignal;
  /**
   * The snapshot that the last extraction of this item returned, by the same extractor version. The
   * extractor decides whether the item only grew since; if in doubt it reads everything again.
   */
  readonly snapshot?: string;
}

/** What an item holds. */
export interface Extraction<R> {
  /** What the row is about: its identity in the store, e.g. a thread id. Several items may share one. */
  readonly key: string;
  /** The row itself: plain data that survives `structuredClone`. */
  readonly row: R;
  /**
   * Decides which of several items with one key gives the row: the one with the highest rank by Unicode
   * code point, and among equals the one with the highest watermark.
   */
  readonly rank: string;
  /** Lines or records that were well formed. */
  readonly records: number;
  /** Lines or records that were malformed and passed over. */
  readonly malformed: number;
  /** Well-formed records of a kind the extractor does not know, counted by kind. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Bytes read from the item, after decompression. */
  readonly bytesRead: number;
  /**
   * Opaque text from which a later call can go on where this one ended, so that growth costs only the
   * growth. Kept in the ledger.
   */
  readonly snapshot?: string;
}

/**
 * Turns one item into one row.
 *
 * The engine may call `extract` for several items at once, but never twice at once for the same one. What it
 * returns must depend on the item's bytes and metadata alone.
 *
 * @typeParam I The items it reads.
 * @typeParam R The rows it makes.
 */
export interface Extractor<I extends Item = Item, R = unknown> {
  /** Changes whenever the same bytes would give another row: items extracted by another version are due again. */
  readonly version: string;
  /**
   * Where worker threads find this extractor, to share the work with the main thread. Without it all of it is done there.
   */
  readonly worker?: WorkerModule;
  /**
   * Reads an item and returns what it holds.
   *
   * @param item The item.
   * @param context How to read it, and what is known of it.
   * @throws {ExtractionError} If the item holds nothing that makes a row. The failure is recorded with its kind and
   * reason, and the run goes on. Any other error is recorded as `unexpected`; an error of the reader as `unreadable`.
   */
  extract(item: I, context: ExtractContext<I>): MaybePromise<Extraction<R>>;
}
