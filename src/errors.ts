/**
 * The errors a caller may want to tell apart.
 *
 * @module
 */
import { isoTime } from "./iso_time.ts";
import type { LeaseHolder } from "./store.ts";

/** A source cannot be listed at all: nothing was changed. */
export class SourceError extends Error {
  /** The name of the class. */
  override readonly name = "SourceError";
}

/** An item holds nothing that makes a row. Recorded as a failure; the run goes on. */
export class ExtractionError extends Error {
  /** The name of the class. */
  override readonly name = "ExtractionError";
  /**
   * Makes the error.
   *
   * @param kind A short, stable word for the class of failure, e.g. `empty` or `no-identity`.
   * @param reason What was wrong with the item, for a person to read.
   * @param options An optional cause.
   */
  constructor(readonly kind: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
  }
}

/** Another worker holds the lease of the source. */
export class LeaseHeldError extends Error {
  /** The name of the class. */
  override readonly name = "LeaseHeldError";
  /**
   * Makes the error.
   *
   * @param source The source whose lease is held.
   * @param holder Who holds it.
   */
  constructor(readonly source: string, readonly holder: LeaseHolder) {
    super(
      `another worker is backfilling "${source}": ${describeHolder(holder)}, ` +
        `last heard of ${isoTime(holder.heartbeatAt)}; run again when it is done` +
        (holder.name === undefined ? "" : `, or when its lease has run out, at ${isoTime(holder.expiresAt)}`),
    );
  }
}

function describeHolder({ name, pid, host, startedAt }: LeaseHolder): string {
  return name ?? `process ${pid} on ${host || "this machine"}, started ${isoTime(startedAt)}`;
}

/** The lease was lost to another worker: what came after the last commit was refused, not merged. */
export class LeaseLostError extends Error {
  /** The name of the class. */
  override readonly name = "LeaseLostError";
}

/** The step of a backfill at which a store failed, by the stage names of the `codex.db.error` counter. */
export type StoreStage =
  | "backfill_state_read"
  | "backfill_state_mark_running"
  | "backfill_state_checkpoint"
  | "backfill_state_mark_complete"
  | "backfill_dynamic_tools";

/** A store cannot do what it was asked; what was committed before stands. */
export class StoreError extends Error {
  /** The name of the class. */
  override readonly name = "StoreError";
  /** The step at which it failed, where the store knows it better than its caller. */
  readonly stage?: StoreStage;
  /**
   * Makes the error.
   *
   * @param message What happened and what to do now.
   * @param options The cause, and the step at which it failed.
   */
  constructor(message: string, options: ErrorOptions & { stage?: StoreStage } = {}) {
    super(message, options);
    if (options.stage) this.stage = options.stage;
  }
}

/** The text of anything thrown, also of what cannot be made text. */
export function reasonOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "an error that says nothing";
  }
}
