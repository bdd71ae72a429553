/**
 * A resumable, repeatable backfill of the sessions that Codex CLI records, into a store.
 *
 * ```sh
 * deno run --allow-read --allow-write --allow-env jsr:@rollout/backfill
 * ```
 *
 * As a library: {@linkcode backfillCodex} runs the default plugins over a Codex home; {@linkcode backfill} runs any source,
 * extractor, store and metrics sinks.
 *
 * @example Index a Codex home
 * ```ts
 * import { backfillCodex } from "@rollout/backfill";
 * import { assertEquals } from "@std/assert";
 *
 * const codexHome = Deno.makeTempDirSync();
 * const report = await backfillCodex({ codexHome, db: `${codexHome}/backfill.sqlite` });
 * assertEquals([report.status, report.failed], ["complete", 0]);
 * ```
 *
 * @module
 */
import { codexExtractor } from "./plugins/extractor_codex/mod.ts";
import { consoleMetrics } from "./plugins/metrics_console.ts";
import { rolloutSource } from "./plugins/source_rollouts/mod.ts";
import { sqliteStore } from "./plugins/store_sqlite/mod.ts";
import { backfill } from "./src/backfill.ts";
import { type BackfillOptions, checkedNumbers } from "./src/backfill_options.ts";
import type { Defaults } from "./src/cli/defaults.ts";
import type { StateCommands } from "./src/cli/state_commands.ts";
import type { BackfillReport } from "./src/report.ts";
import type { CodexThread } from "./plugins/codex_thread.ts";
import type { RolloutItem } from "./plugins/rollout_item.ts";
import type { StateThread } from "./plugins/store_codex_state/mod.ts";

export * from "./src/source.ts";
export * from "./src/extractor.ts";
export * from "./src/store.ts";
export * from "./src/metrics.ts";
export {
  ExtractionError,
  LeaseHeldError,
  LeaseLostError,
  SourceError,
  StoreError,
  type StoreStage,
} from "./src/errors.ts";
export * from "./src/events.ts";
export { backfill } from "./src/backfill.ts";
export { type BackfillOptions, DEFAULT_BATCH_SIZE, DEFAULT_LEASE_MS } from "./src/backfill_options.ts";
export type { BackfillReport, BatchSummary } from "./src/report.ts";
export { compareCodePoints } from "./src/order.ts";
export type { CodexThread, DynamicTool, DynamicTools, Integer, SpawnEdge, ThreadMark } from "./plugins/codex_thread.ts";
export type { RolloutItem } from "./plugins/rollout_item.ts";
export { codexExtractor, type CodexExtractorOptions, type ProfileName } from "./plugins/extractor_codex/mod.ts";
export { consoleMetrics } from "./plugins/metrics_console.ts";
export { nullMetrics } from "./plugins/metrics_null.ts";
export { rolloutSource, type RolloutSourceOptions } from "./plugins/source_rollouts/mod.ts";
export { type MemoryStore, memoryStore, type MemoryStoreOptions } from "./plugins/store_memory.ts";
export { sqliteStore, type SqliteStoreOptions } from "./plugins/store_sqlite/mod.ts";
export { VERSION } from "./src/version.ts";

/** A version of Codex whose own backfill can be done exactly alike. */
export type CompatVersion = "0.99.0" | "0.169.0";

const COMPAT_VERSIONS: readonly CompatVersion[] = ["0.99.0", "0.169.0"];

/** The version of Codex whose own database is known. */
const STATE_COMPAT = "0.169.0";

/** What {@linkcode backfillCodex} is given. */
export interface BackfillCodexOptions
  extends Omit<BackfillOptions<RolloutItem, CodexThread>, "source" | "extractor" | "store"> {
  /** The Codex home, e.g. `/home/me/.codex`. */
  readonly codexHome: string;
  /** The path of the SQLite database. Created if it does not exist. */
  readonly db: string;
  /** The key of this home's state and ledger in the database. Default: the resolved path of the home. */
  readonly source?: string;
  /** The model provider of rollouts that name none. Default: `openai`. */
  readonly defaultProvider?: string;
  /** Do exactly what this version of Codex does, its losses of data included. Default: do better. */
  readonly compat?: CompatVersion;
  /** Parse every line, so that every malformed one is counted. Default: look at lines that no column needs from outside. */
  readonly strict?: boolean;
  /** Have a batch on the disk when it is committed. Default: false, which a loss of power may cost the last batches. */
  readonly durable?: boolean;
}

/**
 * Brings a SQLite database up to date with a Codex home, by the default plugins.
 *
 * @param options Where the home and the database are, and how to run.
 * @returns What the run did.
 * @throws {TypeError} If `codexHome` or `db` is empty.
 * @throws The errors of {@linkcode backfill}.
 *
 * @example
 * ```ts
 * import { backfillCodex } from "@rollout/backfill";
 * import { assertEquals } from "@std/assert";
 *
 * const home = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${home}/sessions`);
 * Deno.writeTextFileSync(`${home}/sessions/rollout-torn.jsonl`, "");
 * const report = await backfillCodex({ codexHome: home, db: `${home}/backfill.sqlite` });
 * assertEquals([report.upserted, report.failed], [0, 1]);
 * ```
 */
export async function backfillCodex(options: BackfillCodexOptions): Promise<BackfillReport> {
  const { codexHome, db, source: id, defaultProvider, compat, strict = false, durable = false, ...how } = options;
  if (db === "") throw new TypeError("db is empty: name the database");
  checkedNumbers(how);
  // Before the store, so that what is wrong leaves no database behind.
  const source = rolloutSource({
    codexHome,
    ...(id === undefined ? {} : { id }),
    ...(compat === undefined ? {} : { compat }),
    ...(how.workers === undefined ? {} : { workers: how.workers }),
  });
  const extractor = codexExtractor({
    strict,
    ...(compat === undefined ? {} : { profile: compat }),
    ...(defaultProvider === undefined ? {} : { defaultProvider }),
  });
  await using store = await sqliteStore({
    path: db,
    durable,
    ...(compat === undefined ? {} : { mergeLike: compat }),
  });
  return await backfill({ onlyAbove: compat !== undefined, ...how, source, extractor, store });
}

/** The plugins of the commands about Codex's own database, which no other command loads. */
async function loadStateCommands(): Promise<StateCommands> {
  const { stateCommands } = await import("./plugins/codex_repair/mod.ts");
  const state = await import("./plugins/store_codex_state/mod.ts");
  return stateCommands<StateThread>(({ codexHome, compat: name, defaultProvider, workers }) => {
    const compat = name === STATE_COMPAT ? STATE_COMPAT : undefined;
    return {
      source: rolloutSource({
        codexHome,
        ...(compat === undefined ? {} : { compat }),
        ...(workers === undefined ? {} : { workers }),
      }),
      // The rows are those that Codex makes on this machine, so what is on its disk, and in a fork, counts as it does for Codex.
      extractor: codexExtractor({
        defaultProvider,
        disk: true,
        separateForks: false,
        ...(compat === undefined ? {} : { profile: compat }),
      }),
      mergesEveryFile: compat !== undefined,
      inspect: state.inspectCodexState,
      lease: state.codexLeaseIn,
      leaseSeconds: state.CODEX_LEASE_SECONDS,
      merge: (row, thread, found) => state.mergeThread(row, thread, compat, found),
      open: (path, use) =>
        state.codexStateStore({
          ...use,
          path,
          clearsOrphan: true,
          leavesMoved: true,
          ...(compat === undefined ? {} : { compat }),
        }),
    };
  });
}

if (import.meta.main) {
  const { main } = await import("./src/cli/main.ts");
  const defaults: Defaults = {
    compatVersions: COMPAT_VERSIONS,
    run: ({ compat: name, ...request }) => {
      const compat = COMPAT_VERSIONS.find((version) => version === name);
      return backfillCodex({ ...request, ...(compat === undefined ? {} : { compat }) });
    },
    openExisting: async (db) => await sqliteStore({ path: db, readonly: true }),
    stateCompatVersions: [STATE_COMPAT],
    stateCommands: loadStateCommands,
    metrics: { console: () => consoleMetrics(), none: () => undefined },
  };
  Deno.exit(await main(Deno.args, defaults));
}
