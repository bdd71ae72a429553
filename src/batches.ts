/**
 * From items that are due to outcomes that can be committed, batch by batch.
 *
 * @module
 */
import type { DueItem, DueItems } from "./due.ts";
import type { ExtractTask } from "./extract.ts";
import { extractTasks } from "./extract_tasks.ts";
import type { Extractor } from "./extractor.ts";
import { HELD_LENGTH, TAKEN_LENGTH } from "./length.ts";
import type { Extracted } from "./pool/extracted.ts";
import type { Pool } from "./pool/pool.ts";
import { shares } from "./pool/share.ts";
import type { Item, Source } from "./source.ts";
import type { Outcome } from "./store.ts";
import type { Turns } from "./turns.ts";

/** Items for each worker thread that are begun while those before them wait to be committed; at least one batch. */
const ITEMS_AHEAD = 200;

/** So many are begun if a thread has nothing to do otherwise, as while another one reads a huge item. */
const MOST_ITEMS_AHEAD = 600;

/** How {@linkcode extractBatches} works. */
export interface BatchOptions<I extends Item, R> {
  /** Opens the items. */
  readonly source: Source<I>;
  /** Reads them. */
  readonly extractor: Extractor<I, R>;
  /** Items in a batch. */
  readonly batchSize: number;
  /** The worker threads, if there are any. */
  readonly pool: Pool<I, R> | undefined;
  /** Finds the snapshots of items whose extraction may go on where it ended. */
  readonly snapshots: (watermarks: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** Gives others their turn. */
  readonly turns: Turns;
}

/**
 * Extracts what is due, and yields the outcomes in the order of watermarks. While one batch is extracted and committed, worker
 * threads go on with those after it. Cancellation ends with what was extracted so far, in a shorter batch if need be; and so does
 * a batch that takes much memory.
 *
 * @param due The items that are due, in ascending order of watermark.
 * @param options How.
 */
export async function* extractBatches<I extends Item, R>(
  due: DueItems<I>,
  options: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const { pool, batchSize, signal } = options;
  let from = 0;
  if (pool) {
    for await (const outcomes of extractAhead(due, pool, options)) {
      from += outcomes.length;
      yield outcomes;
      due.release(from);
    }
  }
  while (from < due.length && !signal.aborted) {
    const outcomes = await extractHere(due.slice(from, from + batchSize), options);
    from += outcomes.length;
    if (outcomes.length > 0) yield outcomes;
    due.release(from);
  }
}

/** Extracts on several threads, until all is done, the run is cancelled, or a thread broke. */
async function* extractAhead<I extends Item, R>(
  due: DueItems<I>,
  pool: Pool<I, R>,
  { batchSize, snapshots }: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const ahead = Math.max(1, Math.ceil(ITEMS_AHEAD * pool.workers / batchSize));
  const mostAhead = Math.max(ahead, Math.ceil(MOST_ITEMS_AHEAD / batchSize));
  const begun: Promise<Promise<Extracted<R> | undefined>[]>[] = [];
  let from = 0, done = 0;
  const begin = (most: number): boolean => {
    if (from >= due.length || begun.length > most) return false;
    const at = from;
    const batch = tasksOf(due.slice(from, from += batchSize), snapshots).then((tasks) =>
      pool.extract(shares(tasks), at)
    );
    // If a commit fails, nobody waits for what was begun.
    batch.catch(() => {});
    begun.push(batch);
    return true;
  };
  pool.onIdle = () => void begin(mostAhead);
  try {
    for (;;) {
      while (begin(ahead));
      const batch = begun.shift();
      if (!batch) return;
      // Unpacked only when they are committed, so that they live no longer.
      const arrived: Extracted<R>[] = [];
      let length = 0, isWhole = true;
      const take = (): Outcome<R>[] => {
        pool.release(length);
        length = 0;
        return arrived.splice(0).flatMap((one) => one.take());
      };
      for (const share of await batch) {
        pool.await(done);
        const extracted = await share;
        if (extracted) arrived.push(extracted);
        done += extracted?.tasks ?? 0;
        length += extracted?.length ?? 0;
        isWhole = extracted?.isWhole ?? false;
        if (!isWhole) break;
        if (length > TAKEN_LENGTH) yield take();
      }
      const rest = take();
      if (rest.length > 0) yield rest;
      if (!isWhole) return;
    }
  } finally {
    await pool.end();
  }
}

async function extractHere<I extends Item, R>(
  due: readonly DueItem<I>[],
  { source, extractor, signal, snapshots, turns }: BatchOptions<I, R>,
): Promise<Outcome<R>[]> {
  const tasks = await tasksOf(due, snapshots);
  // Items may be read without ever waiting.
  await turns.next();
  const goesOn = () => turns.isOver ? turns.next().then(() => true) : true;
  return (await extractTasks(source, extractor, tasks, { signal, length: HELD_LENGTH, goesOn })).outcomes;
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
