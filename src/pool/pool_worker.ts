/**
 * One worker thread, seen from the main thread.
 *
 * @module
 */
import { reasonOf } from "../errors.ts";
import type { ExtractTask } from "../extract.ts";
import type { Item, WorkerModule } from "../source.ts";
import type { Answer } from "./extracted.ts";
import { pack, transferred } from "./packed.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import type { Share } from "./share.ts";

/** The plugins of a worker thread. */
export interface WorkerPlugins {
  /** The source, to open items. */
  readonly source: WorkerModule;
  /** The extractor. */
  readonly extractor: WorkerModule;
  /** The version that the extractor must have. */
  readonly version: string;
}

/** What a worker was asked for. */
interface Asked<I extends Item, R> {
  readonly share: Share<ExtractTask<I>>;
  readonly resolve: (answer: Answer<R>) => void;
  readonly reject: (error: Error) => void;
}

/** A worker thread, and what it was asked for. It starts at once; whether it could shows when it is asked. */
export class PoolWorker<I extends Item, R> {
  readonly #worker: Worker;
  readonly #asked: Asked<I, R>[] = [];
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  #broken: Error | undefined;

  /**
   * Starts a worker.
   *
   * @param plugins Where it finds its source and its extractor.
   */
  constructor(plugins: WorkerPlugins) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker<R> | null | undefined>) => {
      // A plugin may post what it likes.
      if (data?.type === "extracted") this.#asked.shift()?.resolve(data);
      else if (data?.type === "broken") this.#break(data.reason);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#break(event.message);
    };
    try {
      this.#post({ type: "load", ...plugins, stop: this.#stop.buffer });
    } catch (error) {
      // Options that are no plain data.
      this.#break(reasonOf(error));
    }
  }

  /** What it was asked for and did not answer yet: the share at hand, and those behind it. */
  get shares(): readonly Share<ExtractTask<I>>[] {
    return this.#asked.map(({ share }) => share);
  }

  /**
   * Extracts a share, after those that it was asked for before. Fewer outcomes than tasks come back only after
   * {@linkcode PoolWorker.cancel}, or where they take too much memory.
   *
   * @throws If the worker broke.
   */
  extract(share: Share<ExtractTask<I>>): Promise<Answer<R>> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#asked.push({ share, resolve, reject });
      const tasks = pack(share.tasks);
      this.#post({ type: "extract", tasks }, transferred(tasks));
    });
  }

  /** Makes it stop after the item at hand. */
  cancel(): void {
    Atomics.store(this.#stop, 0, 1);
    this.#post({ type: "cancel" });
  }

  /** Ends the thread, and with it what it was asked for. */
  terminate(): void {
    this.#worker.terminate();
    this.#break("it was ended");
  }

  #break(reason: string): void {
    this.#broken ??= new Error(`a worker thread broke: ${reason}`);
    for (const { reject } of this.#asked.splice(0)) reject(this.#broken);
  }

  #post(message: ToWorker<I>, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
