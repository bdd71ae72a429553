/**
 * What a run is given, and what of that makes no sense.
 *
 * @module
 */
import type { BackfillListener } from "./events.ts";
import type { Extractor } from "./extractor.ts";
import type { MetricsSink } from "./metrics.ts";
import type { Item, Source } from "./source.ts";
import type { LeaseOwner, Store } from "./store.ts";

/** How many items a batch has unless told otherwise, as in Codex's own backfill. */
export const DEFAULT_BATCH_SIZE = 200;

/** How long a lease lives without a heartbeat unless told otherwise, in milliseconds. */
export const DEFAULT_LEASE_MS = 60_000;

/** What `backfill()` is given. */
export interface BackfillOptions<I extends Item, R> {
  /** What exists. */
  readonly source: Source<I>;
  /** Makes a row of an item. */
  readonly extractor: Extractor<I, R>;
  /** Keeps rows and ledger. The caller opens and closes it. */
  readonly store: Store<R>;
  /** Where metrics go. Default: nowhere. */
  readonly metrics?: readonly MetricsSink[];
  /** The most items committed together; fewer where that saves memory. Default: 200. */
  readonly batchSize?: number;
  /** How long the lease lives without a heartbeat, in milliseconds. Default: 60,000. */
  readonly leaseMs?: number;
  /**
   * Threads that extract, where source and extractor name modules for them and there is enough to do; with 1 only the main one
   * does. Of more than four a core only so many are started. Default: one a core.
   */
  readonly workers?: number;
  /**
   * Cancels the run: what was extracted so far is committed, and the report says `interrupted`. A source that is waited for is
   * not waited for any longer, a store is. An extractor is given some seconds; if it takes longer, the batch at hand is left to
   * the next run.
   */
  readonly signal?: AbortSignal;
  /** Is told what happens. What it throws is ignored; a promise that it answers by is not waited for. */
  readonly onEvent?: BackfillListener;
  /** Whether to try failed items again even if nothing changed. Default: false. */
  readonly retryFailed?: boolean;
  /** Whether to believe a source that lists nothing although the ledger has items of it. Default: false. */
  readonly allowEmpty?: boolean;
  /**
   * Whether a first pass that was stopped goes on above its watermark and nowhere else, like Codex's own: what came or changed
   * below it meanwhile is left to the next run. Default: false.
   */
  readonly onlyAbove?: boolean;
  /** Who runs. Default: this process. */
  readonly owner?: LeaseOwner;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The options that are numbers. */
export interface BackfillNumbers {
  /** Items committed together. */
  readonly batchSize: number;
  /** How long the lease lives without a heartbeat, in milliseconds. */
  readonly leaseMs: number;
  /** Threads that extract. */
  readonly workers: number;
}

/**
 * Checks options, and fills in numbers that were left out.
 *
 * @throws {TypeError} If a plugin is missing, the source has no id, the extractor no version, or `metrics` is no list.
 * @throws {RangeError} If `batchSize`, `leaseMs` or `workers` is not a positive integer.
 */
export function checked<I extends Item, R>(
  { source, extractor, store, metrics = [], ...numbers }: BackfillOptions<I, R>,
): BackfillNumbers {
  const without = Object.entries({ source, extractor, store }).find(([, plugin]) => !plugin)?.[0];
  if (without !== undefined) throw new TypeError(`Cannot backfill: the ${without} is missing`);
  someText("the source has no id", source.id);
  someText("the extractor has no version", extractor.version);
  if (!Array.isArray(metrics)) throw new TypeError("Cannot backfill: metrics has to be a list of sinks");
  return checkedNumbers(numbers);
}

/**
 * Checks the options that are numbers, and fills in those that were left out.
 *
 * @throws {RangeError} If one is not a positive integer.
 */
export function checkedNumbers({ batchSize, leaseMs, workers }: Partial<BackfillNumbers>): BackfillNumbers {
  return {
    batchSize: positiveInteger("batchSize", batchSize ?? DEFAULT_BATCH_SIZE),
    leaseMs: positiveInteger("leaseMs", leaseMs ?? DEFAULT_LEASE_MS),
    workers: positiveInteger("workers", workers ?? navigator.hardwareConcurrency),
  };
}

function someText(without: string, text: unknown): void {
  if (typeof text !== "string" || text === "") throw new TypeError(`Cannot backfill: ${without}`);
}

function positiveInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot backfill with ${name} ${value}: it must be a positive integer`);
}
