/**
 * Everything a run has to tell, as it happens. Metrics and progress derive from these.
 *
 * @module
 */
import type { StoreStage } from "./errors.ts";
import type { BackfillReport, BatchSummary } from "./report.ts";
import type { PassedOver, SourceProblem } from "./source.ts";
import type { Failure, LeaseHolder, SourceState } from "./store.ts";

/** One thing that happened in a run. */
export type BackfillEvent =
  | {
    /** The lease was granted. */
    readonly type: "claimed";
    /** The state as it was found. */
    readonly state: SourceState;
    /** The dead or expired owner that the lease was taken from. */
    readonly takenFrom?: LeaseHolder;
  }
  | {
    /** Something could not be listed. */
    readonly type: "problem";
    /** What. */
    readonly problem: SourceProblem;
  }
  | {
    /** Something was left out by the rules of the source. */
    readonly type: "passed_over";
    /** What. */
    readonly passedOver: PassedOver;
  }
  | {
    /** It is clear what there is to do. */
    readonly type: "planned";
    /** Items that the source listed. */
    readonly listed: number;
    /** Items that are due. */
    readonly due: number;
    /** About how many bytes there are to read of the items that are due, after decompression. */
    readonly bytes: number;
    /** Items that the source no longer lists. */
    readonly gone: number;
  }
  | {
    /** An item gave no row. Told after it was recorded. */
    readonly type: "failed";
    /** Its watermark. */
    readonly watermark: string;
    /** Its location. */
    readonly location: string;
    /** Why. */
    readonly failure: Failure;
  }
  | {
    /** A batch was committed. */
    readonly type: "committed";
    /** About how many of the planned bytes that were, whatever was read of them. */
    readonly bytes: number;
    /** What it did. */
    readonly batch: BatchSummary;
  }
  | {
    /** The store failed; the run ends with its error. */
    readonly type: "store_failed";
    /** At which step. */
    readonly stage: StoreStage;
    /** Why. */
    readonly reason: string;
  }
  | {
    /** A worker thread could not work, e.g. because a plugin cannot be loaded there. The main thread goes on alone. */
    readonly type: "worker_failed";
    /** Why. */
    readonly reason: string;
  }
  | {
    /** A metrics sink failed and is not called again. */
    readonly type: "sink_failed";
    /** Why. */
    readonly reason: string;
  }
  | {
    /** The run is over. */
    readonly type: "finished";
    /** What it did. */
    readonly report: BackfillReport;
  };

/** Takes events. Called synchronously, so it should be quick. */
export type BackfillListener = (event: BackfillEvent) => void;
