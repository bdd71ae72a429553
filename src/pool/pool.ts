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
import { Density } from "./density.ts";
import { Extracted } from "./extracted.ts";
import { MainThread } from "./main_thread.ts";
import { PoolWorker } from "./pool_worker.ts";
import { isFull, type Share } from "./share.ts";
import { type QueuedShare, ShareQueue } from "./share_queue.ts";

/** More threads than that wait for each other, and each takes the memory of an engine of its own. */
const MOST_THREADS_A_CORE = 4;

/**
 * Extracts shares of items on several threads. While too much waits to be committed, only what the next commit waits for is begun.
 */
export class Pool<I extends Item, R> implements Disposable {
  /** Is called when a thread has nothing to do and nothing is left to begin, unless too much waits to be committed. */
  onIdle: () => void = () => {};
  readonly #main: MainThread<I, R>;
  readonly #workers: readonly PoolWorker<I, R>[];
  readonly #signal: AbortSignal;
  readonly #onBroken: (reason: string) => void;
  readonly #queue = new ShareQueue<I, R>();
  readonly #density = new Density();
  /** How much may wait to be committed while more is begun. */
  readonly #mostHeld: number;
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
    this.#mostHeld = HELD_LENGTH * workers.length;
    signal.addEventListener("abort", this.#end);
    if (signal.aborted) this.#end();
  }

  /**
   * Starts a pool. What its threads cannot do shows when they are asked.
   *
   * @param source Names the module from which workers get a source of their own.
   * @param extractor Names the module from which workers get an extractor of their own.
   * @param size How many threads, the main one included; of more than four a core only so many are started.
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
    const count = Math.min(size, MOST_THREADS_A_CORE * navigator.hardwareConcurrency) - 1;
    if (count < 1 || !source.worker || !extractor.worker) return undefined;
    if (!isLoadable(new URL("./worker.ts", import.meta.url), count)) return undefined;
    const plugins = { source: source.worker, extractor: extractor.worker, version: extractor.version };
    const workers = Array.from({ length: count }, () => new PoolWorker<I, R>(plugins));
    return new Pool(new MainThread(source, extractor, signal), workers, signal, onBroken);
  }

  /** Whether nothing is begun any more: the run was cancelled, or a worker broke. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** How many threads there are beside the main one. */
  get workers(): number {
    return this.#workers.length;
  }

  /**
   * Extracts the shares of a batch.
   *
   * @param shares What to extract.
   * @param batch The number of its first item among all that are due.
   * @returns What came of each, or of some of them together, beside nothing of the others; `undefined` if the run was cancelled
   * before it was begun, or a worker broke.
   */
  extract(shares: readonly Share<ExtractTask<I>>[], batch: number): Promise<Extracted<R> | undefined>[] {
    let at = batch;
    this.#dispatchSoon();
    return shares.map((share) =>
      new Promise((resolve) => {
        this.#queue.add({ share, at, batch, resolve });
        at += share.tasks.length;
      })
    );
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
    if (this.#holdsMuch) this.#dispatch();
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
    if (this.#ended) { for (const { resolve } of this.#queue.clear()) resolve(undefined); }
    for (const thread of [...this.#workers, this.#main]) {
      for (let next; !this.#isBusy(thread) && (next = this.#take(thread));) this.#begin(thread, next);
    }
    if (!this.#ended && !this.#holdsMuch && this.#isIdle) this.onIdle();
  }

  /** Whether so much waits to be committed that only what the next commit waits for is begun. */
  get #holdsMuch(): boolean {
    return this.#held > this.#mostHeld;
  }

  /** Whether a thread has nothing to do, nor anything to begin. */
  get #isIdle(): boolean {
    return this.#queue.isEmpty && (!this.#main.isBusy || this.#workers.some(({ shares }) => shares.length === 0));
  }

  #isBusy(thread: MainThread<I, R> | PoolWorker<I, R>): boolean {
    return thread instanceof PoolWorker ? isFull(thread.shares, this.#density) : thread.isBusy;
  }

  /** The share that a thread is to begin next, or after what it is at; `undefined` if it is to get none. */
  #take(thread: MainThread<I, R> | PoolWorker<I, R>): QueuedShare<I, R> | undefined {
    if (this.#holdsMuch) return this.#queue.takeAt(this.#awaited);
    if (thread instanceof PoolWorker) return this.#queue.takeForWorker(thread.shares.length === 0, this.#density);
    return this.#queue.takeForMain(this.#density);
  }

  async #begin(thread: MainThread<I, R> | PoolWorker<I, R>, { share, resolve }: QueuedShare<I, R>): Promise<void> {
    try {
      const extracted = new Extracted(share.tasks.length, await thread.extract(share));
      this.#density.learn(share.bytes, extracted.length);
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
