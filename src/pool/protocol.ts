/**
 * What the main thread and a worker thread tell each other.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Item, WorkerModule } from "../source.ts";
import type { Answer } from "./extracted.ts";
import type { Packed } from "./packed.ts";

/** From the main thread to a worker. */
export type ToWorker<I extends Item> =
  | {
    /** Load the plugins. */
    readonly type: "load";
    /** The source, to open items. */
    readonly source: WorkerModule;
    /** The extractor. */
    readonly extractor: WorkerModule;
    /** The version that the extractor must have. */
    readonly version: string;
    /** Room for one number, which is not 0 once no other item is to be begun: no message is seen while items are read. */
    readonly stop: SharedArrayBuffer;
  }
  | {
    /** Extract these, after what was asked for before. */
    readonly type: "extract";
    /** What to extract, in this order. */
    readonly tasks: Packed<readonly ExtractTask<I>[]>;
  }
  | {
    /** Give the item at hand up, if it can be. */
    readonly type: "cancel";
  };

/** From a worker to the main thread. */
export type FromWorker<R> =
  | Answer<R> & {
    /** What came of an `extract`, in the order in which they were asked for: fewer outcomes than tasks only after `cancel`, or where they take too much memory. */
    readonly type: "extracted";
  }
  | {
    /** The worker cannot go on. */
    readonly type: "broken";
    /** Why. */
    readonly reason: string;
  };
