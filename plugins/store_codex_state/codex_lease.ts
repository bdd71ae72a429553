/**
 * What the state of Codex's own backfill means, by all that lies beside its database.
 *
 * @module
 */
import { thisProcess } from "../../src/owner.ts";
import { resolved } from "../link.ts";
import { type CodexBackfillState, type CodexLease, codexLease } from "./backfill_state.ts";
import { wasLeftRunning } from "./leases.ts";

/**
 * Says what the state means, as {@linkcode codexLease} does, and knows what a run of this program left that was killed: that is
 * `orphaned` at once, and needs no waiting. Writes nothing.
 *
 * @param path The database.
 * @param state Its row, or `null` if there is none.
 * @param at Now, in milliseconds since the epoch.
 * @returns What it means.
 */
export function codexLeaseIn(path: string, state: CodexBackfillState | null, at: number): CodexLease {
  const lease = codexLease(state, at);
  return lease === "held" && wasLeftRunning(resolved(path), thisProcess().host, at) ? "orphaned" : lease;
}
