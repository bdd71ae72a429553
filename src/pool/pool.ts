/**
 * A pool of worker threads that extract items; the main thread keeps the order and owns the store.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Extractor } from "../extractor.ts";
import type { Item, Source } from "../source.ts";
import { Extracted } from "./extracted.ts";
import { PoolWorker } from "./pool_worker.ts";
import { isLarge, type Share } from "./share.ts";

/** Outcomes that may wait to be committed, in UTF-16 units of their JSON. */
const HELD_LENGTH = 8 << 20;

/** A share that waits for a worker. */
interface Waiting<I extends Item, R> {
  readonly share: Share<ExtractTask<I>>;
  readonly batch: number;
  readonly resolve: (extracted: Extracted<R> | undefined) => void;
}

/**
 * Extracts shares of items on several threads.
 *
 * Shares are begun in the order in which they come, with two exceptions. All workers but one begin with the large ones, so
 * that none of these is what everybody waits for in the end. And while too much waits to be committed, only what the next commit
 * needs is begun.
 */
export class Pool<I extends Item, R> implements Disposable {
  readonly #workers: readonly PoolWorker<I, R>[];
  readonly #signal: AbortSignal;
  readonly #waiting: Waiting<I, R>[] = [];
  #held = 0;
  #batch = 0;
  #ended = false;
  readonly #end = (): void => {
    this.#ended = true;
    for (const worker of this.#workers) worker.cancel();
    this.#dispatch();
  };

  private constructor(workers: readonly PoolWorker<I, R>[], signal: AbortSignal) {
    this.#workers = workers;
    this.#signal = signal;
    signal.addEventListener("abort", this.#end);
    if (signal.aborted) this.#end();
  }

  /**
   * Starts a pool. What its threads cannot do shows when they are asked.
   *
   * @param source Names the module from which workers get a source of their own.
   * @param extractor Names the module from which workers get an extractor of their own.
   * @param size How many workers.
   * @param signal Cancels what is being extracted.
   * @returns The pool, or `undefined` where there is none: for want of a module, a permission, or a second thread.
   */
  static start<I extends Item, R>(
    source: Source<I>,
    extractor: Extractor<I, R>,
    size: number,
    signal: AbortSignal,
  ): Pool<I, R> | undefined {
    if (size < 2 || !source.worker || !extractor.worker || !mayStart()) return undefined;
    const plugins = { source: source.worker, extractor: extractor.worker, version: extractor.version };
    return new Pool(Array.from({ length: size }, () => new PoolWorker<I, R>(plugins)), signal);
  }

  /**
   * Extracts a share.
   *
   * @param share What to extract.
   * @param batch The number of the batch that it is of, from 0.
   * @returns What came of it; `undefined` if the run was cancelled before it was begun, or a worker broke.
   */
  extract(share: Share<ExtractTask<I>>, batch: number): Promise<Extracted<R> | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ share, batch, resolve });
      this.#dispatch();
    });
  }

  /**
   * Takes note that outcomes were committed, or are about to be, and wait no longer.
   *
   * @param length How much memory they took.
   * @param batch The number of the batch that is next.
   */
  release(length: number, batch: number): void {
    this.#held -= length;
    this.#batch = batch;
    this.#dispatch();
  }

  #dispatch(): void {
    if (this.#ended) { for (const { resolve } of this.#waiting.splice(0)) resolve(undefined); }
    for (const [at, worker] of this.#workers.entries()) {
      while (!worker.isBusy) {
        const next = this.#take(at > 0);
        if (!next) return;
        this.#begin(worker, next);
      }
    }
  }

  /** The share that is to be begun next. */
  #take(largeFirst: boolean): Waiting<I, R> | undefined {
    const { length } = this.#waiting;
    if (this.#held > HELD_LENGTH) return this.#waiting[0]?.batch === this.#batch ? this.#waiting.shift() : undefined;
    let found = 0;
    for (let at = 0; largeFirst && at < length; at++) {
      const share = this.#waiting[at]?.share, best = this.#waiting[found]?.share;
      if (share && best && isLarge(share) && share.bytes > best.bytes) found = at;
    }
    return this.#waiting.splice(found, 1)[0];
  }

  async #begin(worker: PoolWorker<I, R>, { share, resolve }: Waiting<I, R>): Promise<void> {
    try {
      const extracted = new Extracted(share.tasks.length, await worker.extract(share));
      this.#held += extracted.length;
      resolve(extracted);
      this.#dispatch();
    } catch {
      // The main thread can do it, and all that is left; then no other thread may be at the same item.
      resolve(undefined);
      this.#ended = true;
      for (const worker of this.#workers) worker.terminate();
      this.#dispatch();
    }
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#end);
    for (const worker of this.#workers) worker.terminate();
  }
}

/** Where the module of the workers could not be loaded without a question, there are no workers. */
function mayStart(): boolean {
  return Deno.permissions.querySync(permissionFor(new URL("./worker.ts", import.meta.url))).state === "granted";
}

/**
 * The permission that loading a module needs: a worker's is read like any other.
 *
 * @param module Its address.
 */
export function permissionFor(module: URL): Deno.PermissionDescriptor {
  if (module.protocol === "file:") return { name: "read", path: module };
  // Without a port every port would be meant, and that is granted for no host.
  return { name: "import", host: `${module.hostname}:${module.port || "443"}` };
}
