/**
 * The one row in which Codex keeps how far its own backfill has come. It is a lease as well, without an owner.
 *
 * @module
 */

import type { LeaseHolder } from "../../src/store.ts";

/** How long Codex's lease lives after it was last renewed, in seconds. */
export const CODEX_LEASE_SECONDS = 900;

/** The row. */
export interface CodexBackfillState {
  /** `pending`, `running` or `complete`; with another text Codex does nothing. */
  readonly status: string;
  /** The last path that was processed, relative to the home, or `null`. */
  readonly lastWatermark: string | null;
  /** When it came to its end, in seconds since the epoch, or `null`. */
  readonly lastSuccessAt: number | null;
  /** When the row was last written, in seconds since the epoch. */
  readonly updatedAt: number;
}

/**
 * What the row means for somebody who wants to write.
 *
 * - `idle`: nothing is recorded yet, or a backfill is to begin (`pending`).
 * - `held`: a Codex renewed its lease less than 15 minutes ago.
 * - `orphaned`: a Codex began and did not renew its lease for 15 minutes: it was killed.
 * - `complete`: Codex's backfill is over, for ever if Codex has its way.
 * - `unknown`: the status is a word that this program does not know.
 */
export type CodexLease = "idle" | "held" | "orphaned" | "complete" | "unknown";

/**
 * Says what the row means.
 *
 * @param state The row, or `null` if there is none.
 * @param at Now, in milliseconds since the epoch.
 */
export function codexLease(state: CodexBackfillState | null, at: number): CodexLease {
  switch (state?.status) {
    case undefined:
    case "pending":
      return "idle";
    case "complete":
      return "complete";
    case "running":
      return state.updatedAt > Math.floor(at / 1000) - CODEX_LEASE_SECONDS ? "held" : "orphaned";
    default:
      return "unknown";
  }
}

/** Codex, as the holder of a lease in whose row no process is named. */
export function codexHolder({ updatedAt }: CodexBackfillState): LeaseHolder {
  const heartbeatAt = updatedAt * 1000;
  return {
    host: "",
    pid: 0,
    startedAt: heartbeatAt,
    token: "",
    heartbeatAt,
    expiresAt: heartbeatAt + CODEX_LEASE_SECONDS * 1000,
    name: "Codex itself, which does not record its process",
  };
}
