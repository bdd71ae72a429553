/**
 * From items that are due to outcomes that can be committed, batch by batch.
 *
 * @module
 */
import { extractItem, type ExtractTask } from "./extract.ts";
import type { Extractor } from "./extractor.ts";
import type { DueItem } from "./plan.ts";
import type { Item, Source } from "./source.ts";
import type { Outcome } from "./store.ts";

/** How {@linkcode extractBatches} works. */
export interface BatchOptions<I extends Item, R> {
  /** Opens the items. */
  readonly source: Pick<Source<I>, "open">;
  /** Reads them. */
  readonly extractor: Extractor<I, R>;
  /** Items in a batch. */
  readonly batchSize: number;
  /** Finds the snapshots of items whose extraction may go on where it ended. */
  readonly snapshots: (watermarks: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Cancels. */
  readonly signal: AbortSignal;
}

/**
 * Extracts what is due, and yields the outcomes in the order of watermarks. Cancellation ends with a shorter batch of what
 * was extracted so far.
 *
 * @param due The items that are due, in ascending order of watermark.
 * @param options How.
 */
export async function* extractBatches<I extends Item, R>(
  due: readonly DueItem<I>[],
  options: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const { source, extractor, batchSize, signal } = options;
  for (let from = 0; from < due.length && !signal.aborted; from += batchSize) {
    const outcomes: Outcome<R>[] = [];
    for (const task of await tasksOf(due.slice(from, from + batchSize), options.snapshots)) {
      if (signal.aborted) break;
      try {
        outcomes.push(await extractItem(source, extractor, task, signal));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
    if (outcomes.length > 0) yield outcomes;
  }
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
