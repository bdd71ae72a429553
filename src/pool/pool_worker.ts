/**
 * One worker thread, seen from the main thread.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Item, WorkerModule } from "../source.ts";
import type { Outcome } from "../store.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** A worker that extracts one share of items at a time. */
export class PoolWorker<I extends Item, R> {
  /** The version of its extractor, or `undefined` if the worker could not start. */
  readonly started: Promise<string | undefined>;
  readonly #worker: Worker;
  #settle: { resolve: (outcomes: readonly Outcome<R>[]) => void; reject: (error: Error) => void } | undefined;

  /**
   * Starts a worker.
   *
   * @param plugins Where it finds its source and its extractor.
   */
  constructor(plugins: { readonly source: WorkerModule; readonly extractor: WorkerModule }) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.started = new Promise((resolve) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromWorker<R>>) => {
        if (data.type === "ready") resolve(data.version);
        else if (data.type === "extracted") this.#settle?.resolve(data.outcomes);
        else {
          resolve(undefined);
          this.#settle?.reject(new Error(`a worker thread broke: ${data.reason}`));
        }
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        resolve(undefined);
        this.#settle?.reject(new Error(`a worker thread broke: ${event.message}`));
      };
    });
    this.#post({ type: "load", ...plugins });
  }

  /** Extracts items, in order; fewer outcomes than tasks come back only after {@linkcode PoolWorker.cancel}. */
  extract(tasks: readonly ExtractTask<I>[]): Promise<readonly Outcome<R>[]> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#post({ type: "extract", tasks });
    });
  }

  /** Makes it stop after the item at hand. */
  cancel(): void {
    this.#post({ type: "cancel" });
  }

  /** Ends the thread. */
  terminate(): void {
    this.#worker.terminate();
  }

  #post(message: ToWorker<I>): void {
    this.#worker.postMessage(message);
  }
}
