/**
 * From items that are due to outcomes that can be committed, batch by batch.
 *
 * @module
 */
import { extractItem, type ExtractTask } from "./extract.ts";
import type { Extractor } from "./extractor.ts";
import type { DueItem } from "./plan.ts";
import { Pool } from "./pool/pool.ts";
import type { Item, Source } from "./source.ts";
import type { Outcome } from "./store.ts";

/** Below these, starting worker threads costs more than they save. */
const POOL_FROM = { bytes: 32 << 20, items: 500 } as const;

/** How {@linkcode extractBatches} works. */
export interface BatchOptions<I extends Item, R> {
  /** Opens the items. */
  readonly source: Source<I>;
  /** Reads them. */
  readonly extractor: Extractor<I, R>;
  /** Items in a batch. */
  readonly batchSize: number;
  /** Worker threads, where there is work for them; 1 for none. */
  readonly workers: number;
  /** Finds the snapshots of items whose extraction may go on where it ended. */
  readonly snapshots: (watermarks: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Cancels. */
  readonly signal: AbortSignal;
}

/**
 * Extracts what is due, and yields the outcomes in the order of watermarks. While one batch is committed, worker threads
 * extract the next. Cancellation ends with a shorter batch of what was extracted so far.
 *
 * @param due The items that are due, in ascending order of watermark.
 * @param options How.
 */
export async function* extractBatches<I extends Item, R>(
  due: readonly DueItem<I>[],
  options: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const { source, extractor, batchSize, signal } = options;
  using pool = isWorthPool(due) ? await Pool.start<I, R>(source, extractor, options.workers, signal) : undefined;
  const extract = async (from: number): Promise<Outcome<R>[]> => {
    if (from >= due.length || signal.aborted) return [];
    const tasks = await tasksOf(due.slice(from, from + batchSize), options.snapshots);
    return (await pool?.extract(tasks)) ?? await extractHere(tasks, options);
  };
  let next = extract(0);
  for (let from = batchSize;; from += batchSize) {
    const outcomes = await next;
    if (outcomes.length === 0) return;
    const ahead = pool ? extract(from) : undefined;
    // If the commit fails, nobody waits for what was begun.
    ahead?.catch(() => {});
    yield outcomes;
    next = ahead ?? extract(from);
  }
}

async function extractHere<I extends Item, R>(
  tasks: readonly ExtractTask<I>[],
  { source, extractor, signal }: BatchOptions<I, R>,
): Promise<Outcome<R>[]> {
  const outcomes: Outcome<R>[] = [];
  // Items may be read without ever waiting: timers and signals get their turn once a batch.
  await new Promise((resolve) => setTimeout(resolve));
  for (const task of tasks) {
    if (signal.aborted) break;
    try {
      outcomes.push(await extractItem(source, extractor, task, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return outcomes;
}

async function tasksOf<I extends Item>(
  due: readonly DueItem<I>[],
  find: BatchOptions<I, never>["snapshots"],
): Promise<ExtractTask<I>[]> {
  const known = due.filter(({ continues }) => continues).map(({ item }) => item.watermark);
  const snapshots = known.length > 0 ? await find(known) : new Map<string, string>();
  return due.map(({ item }) => {
    const snapshot = snapshots.get(item.watermark);
    return snapshot === undefined ? { item } : { item, snapshot };
  });
}

function isWorthPool(due: readonly DueItem<Item>[]): boolean {
  return due.length >= POOL_FROM.items || due.reduce((bytes, { item }) => bytes + item.size, 0) >= POOL_FROM.bytes;
}
