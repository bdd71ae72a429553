/**
 * Minding the backfill of Codex's own: its row says how far that came, and keeps others away for a quarter of an hour.
 *
 * Like Codex 0.169.0 the row is `running` while rollouts are read, with the watermark of every batch. Otherwise it is left alone
 * until everything was read, so that no Codex that starts meanwhile has to wait, and none is blocked by a run that was killed.
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import { isoTime } from "../../src/iso_time.ts";
import type { LeaseHolder, SourceState } from "../../src/store.ts";
import type { Connection } from "../sqlite/connection.ts";
import { type CodexBackfillState, codexHolder, codexLease } from "./backfill_state.ts";
import { higher } from "./leases.ts";
import type { CodexStateCompat } from "./merge.ts";
import { readBackfillState } from "./read.ts";
import type { StateRows } from "./rows.ts";

/** What is found before a run. */
export interface FoundBackfill {
  /** A Codex that is backfilling now, if there is one. Nothing is to be written then. */
  readonly heldBy: LeaseHolder | null;
  /** A Codex that was killed, if there was one. */
  readonly orphan: LeaseHolder | null;
  /** Whether the row is to be `running`. */
  readonly marks: boolean;
  /** What the run goes on from. */
  readonly state: Pick<SourceState, "status" | "lastWatermark" | "lastSuccessAt">;
}

/** The row of Codex's own backfill. */
export class CodexBackfill {
  readonly #connection: Connection;
  readonly #rows: StateRows;
  readonly #compat: CodexStateCompat | undefined;
  readonly #clearsOrphan: boolean;
  readonly #completes: boolean;

  /** Uses a database. */
  constructor(
    connection: Connection,
    rows: StateRows,
    { compat, clearsOrphan, completes }: {
      readonly compat: CodexStateCompat | undefined;
      readonly clearsOrphan: boolean;
      readonly completes: boolean;
    },
  ) {
    this.#connection = connection;
    this.#rows = rows;
    this.#compat = compat;
    this.#clearsOrphan = clearsOrphan;
    this.#completes = completes;
  }

  /**
   * Looks at the row before a run.
   *
   * @param at Now, in milliseconds since the epoch.
   * @param isOurs Whether a row that is `running` was made so by a run of this program that was killed.
   * @throws {StoreError} If its status is unknown, or it is an orphan that may not be cleared.
   */
  look(at: number, isOurs: boolean): FoundBackfill {
    const state = readBackfillState(this.#connection);
    const lease = isOurs && state?.status === "running" ? "idle" : codexLease(state, at);
    const { path } = this.#connection;
    if (lease === "unknown") {
      throw new StoreError(
        `Cannot use the database "${path}": the state of Codex's own backfill is ${JSON.stringify(state?.status)}, ` +
          "which is not known. Nothing was changed; update this program",
      );
    }
    const holder = state && codexHolder(state);
    if (lease === "orphaned" && this.#compat === undefined && !this.#clearsOrphan) {
      throw new StoreError(
        `Cannot use the database "${path}": Codex began to backfill it and was killed at ` +
          `${isoTime(holder?.heartbeatAt ?? 0)} or later. Clear that lease by clearsOrphan`,
      );
    }
    const isComplete = state?.status === "complete";
    return {
      heldBy: lease === "held" ? holder : null,
      orphan: lease === "orphaned" ? holder : null,
      marks: this.#compat !== undefined && !isComplete,
      state: {
        status: isComplete ? "complete" : state?.status === "running" ? "running" : "pending",
        // What lies below the watermark of an unfinished backfill was passed, which does not mean that it was indexed.
        lastWatermark: isComplete || this.#compat !== undefined ? state?.lastWatermark ?? null : null,
        lastSuccessAt: inMilliseconds(state),
      },
    };
  }

  /** What to write when a run begins. */
  begin(at: number): (() => void)[] {
    const state = readBackfillState(this.#connection);
    if (state?.status === "complete") return [];
    if (this.#compat !== undefined) return [this.#change(state, { status: "running", updatedAt: seconds(at) })];
    return state?.status === "running" ? [this.#change(state, { status: "pending", updatedAt: seconds(at) })] : [];
  }

  /** What to write when a batch is written. */
  checkpoint(watermark: string | null, at: number): (() => void)[] {
    if (this.#compat === undefined || watermark === null) return [];
    const state = readBackfillState(this.#connection);
    const lastWatermark = higher(state?.lastWatermark ?? null, watermark.toWellFormed());
    return [this.#change(state, { lastWatermark, updatedAt: seconds(at) })];
  }

  /** Writes that a run goes on. Belongs into a transaction. */
  renew(at: number): void {
    const state = readBackfillState(this.#connection);
    if (state?.status === "running") this.#change(state, { updatedAt: seconds(at) })();
  }

  /** What to write when a run came to its end. */
  complete(watermark: string | null, at: number, hasChanged: boolean): (() => void)[] {
    const state = readBackfillState(this.#connection);
    // A Codex began to backfill since: what it wrote is its own.
    if (this.#compat === undefined && state?.status === "running") return [];
    if (!this.#completes) return state?.status === "running" ? [this.#change(state, { status: "pending" })] : [];
    const lastWatermark = higher(state?.lastWatermark ?? null, watermark);
    const isSaid = state?.status === "complete" && lastWatermark === state.lastWatermark;
    if (isSaid && !hasChanged && this.#compat === undefined) return [];
    return [
      this.#change(state, { status: "complete", lastWatermark, lastSuccessAt: seconds(at), updatedAt: seconds(at) }),
    ];
  }

  /** Lets a Codex go on at once where a run was stopped. Belongs into a transaction. */
  interrupt(): void {
    const state = readBackfillState(this.#connection);
    if (state?.status === "running") this.#change(state, { status: "pending" })();
  }

  /** What the row says, as a store says it; `null` if there is none. */
  state(isRunning: boolean): (FoundBackfill["state"] & { readonly holder: LeaseHolder | null }) | null {
    const state = readBackfillState(this.#connection);
    if (!state) return null;
    const { status, lastWatermark } = state;
    const isHeld = isRunning || status === "running";
    return {
      status: status === "complete" ? status : isHeld ? "running" : "pending",
      lastWatermark,
      lastSuccessAt: inMilliseconds(state),
      holder: status === "running" ? codexHolder(state) : null,
    };
  }

  #change(state: CodexBackfillState | null, to: Partial<CodexBackfillState>): () => void {
    const before = state ?? { status: "pending", lastWatermark: null, lastSuccessAt: null, updatedAt: 0 };
    return () => this.#rows.writeState({ ...before, ...to });
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function inMilliseconds(state: CodexBackfillState | null): number | null {
  return state === null || state.lastSuccessAt === null ? null : state.lastSuccessAt * 1000;
}
