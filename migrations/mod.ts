/**
 * The steps that make the tables of the SQLite store, in order. A step that was published never changes; a change of the
 * tables is another step.
 *
 * @module
 */
import { sql as backfillState } from "./0001_backfill_state.ts";
import { sql as ledger } from "./0002_ledger.ts";
import { sql as threads } from "./0003_threads.ts";
import { sql as threadDynamicTools } from "./0004_thread_dynamic_tools.ts";
import { sql as threadSpawnEdges } from "./0005_thread_spawn_edges.ts";
import { sql as copies } from "./0006_copies.ts";

/** One step. */
export interface Migration {
  /** Its place in the order, beginning with 1. */
  readonly number: number;
  /** What it makes. */
  readonly name: string;
  /** The statements, run in one transaction. */
  readonly sql: string;
}

/** Every step, in order. */
export const migrations: readonly Migration[] = [
  { number: 1, name: "backfill_state", sql: backfillState },
  { number: 2, name: "ledger", sql: ledger },
  { number: 3, name: "threads", sql: threads },
  { number: 4, name: "thread_dynamic_tools", sql: threadDynamicTools },
  { number: 5, name: "thread_spawn_edges", sql: threadSpawnEdges },
  { number: 6, name: "copies", sql: copies },
];
