/**
 * Keeping the memory of the command small. Once a run was long enough, V8 lets the heap of a thread take a hundred megabytes of
 * which a tenth is in use, and cannot be told a limit after the start; but it gives back what it is asked for.
 *
 * @module
 */
import { findCollector } from "../collector.ts";

/**
 * From so much memory of the whole process on, the heap is kept small. A run may take no more than 150 MB, and takes a few more
 * before it is looked at again.
 */
const LIMIT_BYTES = 142e6;

/** What each thread beyond the second adds to that. */
const THREAD_BYTES = 25e6;

/** What the heap takes at least; nothing is known of it before it was collected for the first time. */
const LEAST_BYTES = 10e6;

/** So much more than that, and no less than as much again, is worth the collection, which takes some 20 milliseconds. */
const WORTH_BYTES = 10e6;

/** How often the memory is looked at, in milliseconds. */
const INTERVAL_MS = 20;

/** How memory is measured and collected. */
export interface HeapControls {
  /** What the process and the heap of this thread take. Default: `Deno.memoryUsage`. */
  readonly usage?: () => Pick<Deno.MemoryUsage, "rss" | "heapTotal">;
  /** Finds what collects garbage; `undefined` where nothing does. Default: {@linkcode findCollector}. */
  readonly find?: () => (() => void) | undefined;
  /** How many threads extract. Default: one a core. */
  readonly threads?: number;
}

/**
 * Collects garbage whenever it is most of what the heap takes and the process takes much, until disposed.
 *
 * @param controls How.
 */
export function keepHeapSmall(
  { usage = Deno.memoryUsage, find = findCollector, threads = navigator.hardwareConcurrency }: HeapControls = {},
): Disposable {
  const limit = LIMIT_BYTES + THREAD_BYTES * Math.max(0, threads - 2);
  let inUse = LEAST_BYTES;
  let collect: (() => void) | undefined;
  const look = (): void => {
    const { rss, heapTotal } = usage();
    // Much may have been in use when it was collected last, and be garbage by now.
    inUse = Math.min(inUse, Math.max(LEAST_BYTES, heapTotal));
    if (rss < limit || heapTotal < inUse + Math.max(inUse, WORTH_BYTES)) return;
    collect ??= find();
    if (!collect) return clearInterval(timer);
    collect();
    inUse = usage().heapTotal;
  };
  const timer = setInterval(look, INTERVAL_MS);
  Deno.unrefTimer(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
