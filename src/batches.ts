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

/** Items whose snapshots are held at once, and which threads are asked for at once: a batch, or a stretch of a larger one. */
const STRETCH_ITEMS = 200;

/** Items for each worker thread that are begun while those before them wait to be committed; at least one stretch. */
const ITEMS_AHEAD = 200;

/** So many are begun if a thread has nothing to do otherwise, as while another one reads a huge item. */
const MOST_ITEMS_AHEAD = 600;

/** What is asked of worker threads. */
export type BatchPool<I extends Item, R> = Pick<
  Pool<I, R>,
  "workers" | "isOver" | "onIdle" | "extract" | "release" | "await" | "end"
>;

/** How {@linkcode extractBatches} works. */
export interface BatchOptions<I extends Item, R> {
  /** Opens the items. */
  readonly source: Source<I>;
  /** Reads them. */
  readonly extractor: Extractor<I, R>;
  /** Items in a batch. */
  readonly batchSize: number;
  /** The worker threads, if there are any. */
  readonly pool: BatchPool<I, R> | undefined;
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
  const { pool } = options;
  let from = 0;
  async function* noted(batches: AsyncGenerator<Outcome<R>[]>): AsyncGenerator<Outcome<R>[]> {
    for await (const outcomes of batches) {
      from += outcomes.length;
      yield outcomes;
      due.release(from);
    }
  }
  if (pool) yield* noted(extractAhead(due, pool, options));
  yield* noted(extractHere(due, from, options));
}

/** Extracts on several threads, until all is done, the run is cancelled, or a thread broke. */
async function* extractAhead<I extends Item, R>(
  due: DueItems<I>,
  pool: BatchPool<I, R>,
  { batchSize, snapshots }: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const stretchItems = Math.min(batchSize, STRETCH_ITEMS);
  const ahead = Math.max(1, Math.ceil(ITEMS_AHEAD * pool.workers / stretchItems));
  const mostAhead = Math.max(ahead, Math.ceil(MOST_ITEMS_AHEAD / stretchItems));
  const extract = async (from: number, to: number) =>
    pool.extract(shares(await tasksOf(due.slice(from, to), snapshots)), from);
  const begun: ReturnType<typeof extract>[] = [];
  let from = 0;
  const begin = (most: number): boolean => {
    if (from >= due.length || begun.length > most) return false;
    // A batch begins with a stretch.
    const stretch = extract(from, from += Math.min(stretchItems, batchSize - from % batchSize));
    // If a commit fails, nobody waits for what was begun.
    stretch.catch(() => {});
    begun.push(stretch);
    return true;
  };
  // Unpacked only when they are committed, so that they live no longer.
  const arrived: Extracted<R>[] = [];
  let done = 0, length = 0;
  const take = (): Outcome<R>[] => {
    pool.release(length);
    length = 0;
    return arrived.splice(0).flatMap((one) => one.take());
  };
  pool.onIdle = () => void begin(mostAhead);
  try {
    for (;;) {
      while (begin(ahead));
      const stretch = begun.shift();
      if (!stretch) return;
      const waiting = await stretch;
      for (let share; (share = waiting.shift());) {
        pool.await(done);
        const extracted = await share;
        if (extracted?.count) arrived.push(extracted);
        done += extracted?.count ?? 0;
        length += extracted?.length ?? 0;
        const missing = extracted ? extracted.tasks - extracted.count : 0;
        if (!extracted || missing > 0 && pool.isOver) {
          if (arrived.length > 0) yield take();
          return;
        }
        if (missing > 0 || length > TAKEN_LENGTH) yield take();
        if (missing > 0) waiting.unshift(...await extract(done, done + missing));
      }
      if (arrived.length > 0 && (done % batchSize === 0 || done === due.length)) yield take();
    }
  } finally {
    await pool.end();
  }
}

/** Extracts on this thread alone. What a batch did not come to, since it took too much memory, is kept for the next one. */
async function* extractHere<I extends Item, R>(
  due: DueItems<I>,
  first: number,
  { source, extractor, batchSize, signal, snapshots, turns }: BatchOptions<I, R>,
): AsyncGenerator<Outcome<R>[]> {
  const goesOn = () => turns.isOver ? turns.next().then(() => true) : true;
  let from = first, tasks: readonly ExtractTask<I>[] = [];
  while (!signal.aborted && (tasks.length > 0 || from < due.length)) {
    const batch: Outcome<R>[] = [];
    // Items may be read without ever waiting.
    await turns.next();
    for (let length = HELD_LENGTH; length >= 0 && batch.length < batchSize && !signal.aborted;) {
      if (tasks.length === 0) {
        tasks = await tasksOf(due.slice(from, from += Math.min(batchSize, STRETCH_ITEMS)), snapshots);
      }
      if (tasks.length === 0) break;
      const some = tasks.slice(0, batchSize - batch.length);
      const made = await extractTasks(source, extractor, some, { signal, length, goesOn });
      batch.push(...made.outcomes);
      tasks = tasks.slice(made.outcomes.length);
      length -= made.length;
    }
    if (batch.length > 0) yield batch;
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
