/**
 * What the main thread and a worker thread tell each other.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Item, WorkerModule } from "../source.ts";
import type { Outcome } from "../store.ts";

/** From the main thread to a worker. */
export type ToWorker<I extends Item> =
  | {
    /** Load the plugins. */
    readonly type: "load";
    /** The source, to open items. */
    readonly source: WorkerModule;
    /** The extractor. */
    readonly extractor: WorkerModule;
  }
  | {
    /** Extract these. */
    readonly type: "extract";
    /** What to extract, in this order. */
    readonly tasks: readonly ExtractTask<I>[];
  }
  | {
    /** Stop after the item at hand. */
    readonly type: "cancel";
  };

/** From a worker to the main thread. */
export type FromWorker<R> =
  | {
    /** The plugins are loaded. */
    readonly type: "ready";
    /** The version of the extractor that was loaded. */
    readonly version: string;
  }
  | {
    /** What came of the last `extract`: fewer outcomes than tasks only after `cancel`. */
    readonly type: "extracted";
    /** The outcomes, in the order of the tasks. */
    readonly outcomes: readonly Outcome<R>[];
  }
  | {
    /** The worker cannot go on. */
    readonly type: "broken";
    /** Why. */
    readonly reason: string;
  };
