/**
 * Codex's own state database, `state_5.sqlite`: looked into without changing a byte, and kept up to date with the rollouts.
 *
 * Codex indexes its sessions there once and never looks again, so what is restored, copied or synchronised later is missing from
 * its lists. This store adds what is missing and refreshes what differs; names, pins, sections and what else is the user's is
 * never touched, and nothing is removed unless asked for. It can be used while Codex runs.
 *
 * Needs permission to read and write the database and its folder.
 *
 * @example Index what Codex missed
 * ```ts ignore
 * import { backfill } from "@rollout/backfill";
 * import { codexExtractor } from "@rollout/backfill/extractor-codex";
 * import { rolloutSource } from "@rollout/backfill/source-rollouts";
 * import { codexStateStore } from "@rollout/backfill/store-codex-state";
 *
 * const codexHome = "/home/me/.codex";
 * await using store = await codexStateStore({ path: `${codexHome}/state_5.sqlite` });
 * await backfill({ source: rolloutSource({ codexHome }), extractor: codexExtractor({ disk: true }), store });
 * console.log(store.changes(), store.howToRestore());
 * ```
 *
 * @module
 */
import type { SqliteDriver } from "../sqlite/driver.ts";
import { type DriverName, findDriver } from "../sqlite/find_driver.ts";
import type { StateThread } from "./columns.ts";
import type { CodexStateCompat } from "./merge.ts";
import { openState } from "./open.ts";
import { markOpen } from "./open_here.ts";
import { type CodexStateStore, StateStore } from "./store.ts";

export type { CodexThread, DynamicTool, DynamicTools, Integer, SpawnEdge, ThreadMark } from "../codex_thread.ts";
export type { DerivedColumn } from "../codex_merge/row.ts";
export type { SqliteDatabase, SqliteDriver, SqliteStatement, SqlRow, SqlValue } from "../sqlite/driver.ts";
export type { DriverName } from "../sqlite/find_driver.ts";
export { CODEX_LEASE_SECONDS, type CodexBackfillState, type CodexLease, codexLease } from "./backfill_state.ts";
export { codexLeaseIn } from "./codex_lease.ts";
export type { CodexStateChanges } from "./changes.ts";
export type { StateThread };
export { type CodexState, inspectCodexState, type InspectOptions } from "./inspect.ts";
export { type CodexStateCompat, type KeptValue, type MergedThread, mergeThread } from "./merge.ts";
export { type CodexMigration, KNOWN_CODEX } from "./migrations.ts";
export type { CodexStateStore } from "./store.ts";

/** How {@linkcode codexStateStore} opens a database. */
export interface CodexStateStoreOptions {
  /** The database, e.g. `/home/me/.codex/state_5.sqlite`. Codex must have made it. */
  readonly path: string;
  /**
   * Do exactly what the backfill of this version does, its losses of data included, and go on after its watermark. Unlike Codex
   * a run begins also where its backfill is complete. Default: keep the better value wherever Codex's rule would lose one.
   */
  readonly compat?: CodexStateCompat;
  /** An existing folder for the copy that is made before the first write. Default: that of the database. */
  readonly snapshots?: string;
  /** Whether to clear a lease that a killed Codex left. Default: false, which refuses to write then. */
  readonly clearsOrphan?: boolean;
  /**
   * Whether to leave a row alone whose rollout, when it is written, is not where it was read: somebody archived or deleted the
   * thread meanwhile. Default: false, for rollouts that need not be on this disk.
   */
  readonly leavesMoved?: boolean;
  /**
   * What the row of a thread was when it was decided what to write: one that is another by now is left to whoever wrote it. Not
   * asked with `compat`. Default: rows are taken as they are.
   */
  readonly seen?: (id: string) => StateThread | undefined;
  /** Whether the end of a run is that of Codex's own backfill too. Default: true; not where something is left to that. */
  readonly completes?: boolean;
  /** The SQLite library. Default: `auto`. */
  readonly driver?: DriverName | SqliteDriver;
}

/**
 * Opens a store on Codex's state database.
 *
 * @param options Which database, and how.
 * @returns The store. Dispose it to close the database.
 * @throws {StoreError} If there is no such database, it is damaged, or it is not that of a Codex that is known. Nothing is written
 * then.
 */
export async function codexStateStore(options: CodexStateStoreOptions): Promise<CodexStateStore> {
  const { path, compat, snapshots, clearsOrphan = false, leavesMoved = false, seen, completes = true } = options;
  const driver = await findDriver(options.driver);
  const connection = openState(driver, path);
  let open: Disposable;
  try {
    open = markOpen(path);
  } catch (error) {
    connection.close();
    throw error;
  }
  const onClose = () => open[Symbol.dispose]();
  return new StateStore(connection, { compat, snapshots, clearsOrphan, leavesMoved, seen, completes, onClose });
}
