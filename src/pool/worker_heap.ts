/**
 * Keeping the heap of a worker thread small. Long texts leave so much garbage that V8 lets it grow to several times what is in use,
 * beside that of the main thread.
 *
 * @module
 */
import { findCollector } from "../collector.ts";

/** Where most rollouts leave little, a heap never takes so much. */
const LIMIT_BYTES = 32e6;

/** From where on there may be as much garbage in a heap as there is in use. */
function limitOf(inUse: number): number {
  return Math.max(LIMIT_BYTES, 2 * inUse);
}

/** How a heap is measured and collected. */
export interface WorkerHeapControls {
  /** What it takes. Default: `Deno.memoryUsage`. */
  readonly usage?: () => Pick<Deno.MemoryUsage, "heapTotal">;
  /** Finds what collects garbage; `undefined` where nothing does. Default: {@linkcode findCollector}. */
  readonly find?: () => (() => void) | undefined;
}

/** The heap of this thread. */
export class WorkerHeap {
  readonly #usage: () => Pick<Deno.MemoryUsage, "heapTotal">;
  readonly #find: () => (() => void) | undefined;
  #collect: (() => void) | undefined;
  #limit = LIMIT_BYTES;

  /** @param controls How it is measured and collected. */
  constructor({ usage = Deno.memoryUsage, find = findCollector }: WorkerHeapControls = {}) {
    this.#usage = usage;
    this.#find = find;
  }

  /** Collects its garbage, if it takes much and there may be as much garbage as there is in use. Meant for after each answer. */
  look(): void {
    const { heapTotal } = this.#usage();
    if (heapTotal < this.#limit) {
      // What was in use when it was collected last may be garbage by now.
      if (this.#collect) this.#limit = Math.min(this.#limit, limitOf(heapTotal));
      return;
    }
    this.#collect ??= this.#find();
    this.#collect?.();
    this.#limit = this.#collect ? limitOf(this.#usage().heapTotal) : Infinity;
  }
}
