/**
 * A pool of threads that extract items; the main thread is one of them, keeps the order and owns the store.
 *
 * @module
 */
import { GRACE_MS } from "../abandon.ts";
import { reasonOf } from "../errors.ts";
import type { ExtractTask } from "../extract.ts";
import type { Extractor } from "../extractor.ts";
import type { Item, Source } from "../source.ts";
import { HELD_LENGTH } from "../length.ts";
import { isLoadable } from "../loadable.ts";
import { Extracted } from "./extracted.ts";
import { MainThread } from "./main_thread.ts";
import { PoolWorker } from "./pool_worker.ts";
import { isHuge, isLarge, type Share } from "./share.ts";

/** A share that waits for a worker. */
interface Waiting<I extends Item, R> {
  readonly share: Share<ExtractTask<I>>;
  readonly at: number;
  readonly resolve: (extracted: Extracted<R> | undefined) => void;
}

/**
 * Extracts shares of items on several threads.
 *
 * Shares are begun in the order in which they come, with two exceptions. Workers begin with the large ones, so that none of
 * these is what everybody waits for in the end; the main thread keeps to what is committed next. And while too much waits to be
 * committed, only what the next commit waits for is begun.
 */
export class Pool<I extends Item, R> implements Disposable {
  readonly #main: MainThread<I, R>;
  readonly #workers: readonly PoolWorker<I, R>[];
  readonly #signal: AbortSignal;
  readonly #onBroken: (reason: string) => void;
  readonly #waiting: Waiting<I, R>[] = [];
  #held = 0;
  #awaited = 0;
  #ended = false;
  #isSoon = false;
  #grace: ReturnType<typeof setTimeout> | undefined;
  readonly #end = (): void => {
    this.#ended = true;
    for (const thread of [this.#main, ...this.#workers]) thread.cancel();
    this.#grace = setTimeout(() => this.#terminate(), GRACE_MS);
    this.#dispatch();
  };

  private constructor(
    main: MainThread<I, R>,
    workers: readonly PoolWorker<I, R>[],
    signal: AbortSignal,
    onBroken: (reason: string) => void,
  ) {
    this.#main = main;
    this.#workers = workers;
    this.#signal = signal;
    this.#onBroken = onBroken;
    signal.addEventListener("abort", this.#end);
    if (signal.aborted) this.#end();
  }

  /**
   * Starts a pool. What its threads cannot do shows when they are asked.
   *
   * @param source Names the module from which workers get a source of their own.
   * @param extractor Names the module from which workers get an extractor of their own.
   * @param size How many threads, the main one included.
   * @param signal Cancels what is being extracted.
   * @param onBroken Is told why a worker cannot work; all are ended then.
   * @returns The pool, or `undefined` where there is none: for want of a module, a permission, or a second thread.
   */
  static start<I extends Item, R>(
    source: Source<I>,
    extractor: Extractor<I, R>,
    size: number,
    signal: AbortSignal,
    onBroken: (reason: string) => void,
  ): Pool<I, R> | undefined {
    if (
      size < 2 || !source.worker || !extractor.worker || !isLoadable(new URL("./worker.ts", import.meta.url), size - 1)
    ) {
      return undefined;
    }
    const plugins = { source: source.worker, extractor: extractor.worker, version: extractor.version };
    const workers = Array.from({ length: size - 1 }, () => new PoolWorker<I, R>(plugins));
    return new Pool(new MainThread(source, extractor, signal), workers, signal, onBroken);
  }

  /**
   * Extracts a share.
   *
   * @param share What to extract.
   * @param at The number of its first item among all that are due.
   * @returns What came of it; `undefined` if the run was cancelled before it was begun, or a worker broke.
   */
  extract(share: Share<ExtractTask<I>>, at: number): Promise<Extracted<R> | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ share, at, resolve });
      this.#dispatchSoon();
    });
  }

  /**
   * Takes note that outcomes were committed, or are about to be, and wait no longer.
   *
   * @param length How much memory they took.
   */
  release(length: number): void {
    this.#held -= length;
    this.#dispatch();
  }

  /**
   * Takes note of which share nothing goes on without.
   *
   * @param at The number of its first item among all that are due.
   */
  await(at: number): void {
    this.#awaited = at;
    if (this.#held > HELD_LENGTH) this.#dispatch();
  }

  /** Once all that comes at the same time is there to choose from. */
  #dispatchSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => {
      this.#isSoon = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    if (this.#ended) { for (const { resolve } of this.#waiting.splice(0)) resolve(undefined); }
    for (const thread of [...this.#workers, this.#main]) {
      for (let next; !thread.isBusy && (next = this.#take(thread));) this.#begin(thread, next);
    }
  }

  /** The share that a thread is to begin next, or after what it is at; `undefined` if it is to get none. */
  #take(thread: MainThread<I, R> | PoolWorker<I, R>): Waiting<I, R> | undefined {
    const at = this.#held > HELD_LENGTH
      ? this.#waiting.findIndex(({ at }) => at === this.#awaited)
      : thread instanceof PoolWorker
      ? this.#largest(thread.isIdle)
      : Math.max(0, this.#waiting.findIndex(({ share }) => !isHuge(share)));
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  /**
   * Where the largest share is, or the first, if none is large; -1 if there is none. A huge one waits for whoever has nothing else
   * to do.
   */
  #largest(orHuge: boolean): number {
    let found = -1;
    for (const [at, { share }] of this.#waiting.entries()) {
      if (isHuge(share) && !orHuge) continue;
      const best = this.#waiting[found]?.share;
      if (!best || isLarge(share) && share.bytes > best.bytes) found = at;
    }
    return found;
  }

  async #begin(thread: MainThread<I, R> | PoolWorker<I, R>, { share, resolve }: Waiting<I, R>): Promise<void> {
    try {
      const extracted = new Extracted(share.tasks.length, await thread.extract(share));
      this.#held += extracted.length;
      resolve(extracted);
      this.#dispatch();
    } catch (error) {
      // The main thread can do it, and all that is left.
      resolve(undefined);
      if (!this.#ended) this.#onBroken(reasonOf(error));
      this.#ended = true;
      this.#terminate();
      this.#dispatch();
    }
  }

  /** Ends the threads. Then none is at an item any more. */
  async end(): Promise<void> {
    this[Symbol.dispose]();
    await this.#main.end();
  }

  /** Ends the workers, and the main thread after the item at hand. */
  [Symbol.dispose](): void {
    this.#ended = true;
    this.#signal.removeEventListener("abort", this.#end);
    clearTimeout(this.#grace);
    this.#main.cancel();
    this.#terminate();
  }

  #terminate(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}
