/**
 * Codex's own state database, `state_5.sqlite`: looked into without changing a byte, and kept up to date with the rollouts.
 *
 * @module
 */
export type { CodexThread, DynamicTool, DynamicTools, Integer, SpawnEdge } from "../codex_thread.ts";
export { CODEX_LEASE_SECONDS, type CodexBackfillState, type CodexLease, codexLease } from "./backfill_state.ts";
export type { DerivedColumn } from "../codex_merge/row.ts";
export type { StateThread } from "./columns.ts";
export { type CodexState, inspectCodexState, type InspectOptions } from "./inspect.ts";
export { type CodexStateCompat, type KeptValue, type MergedThread, mergeThread } from "./merge.ts";
export { type CodexMigration, KNOWN_CODEX } from "./migrations.ts";
