/**
 * One run of the default plugins that dies at a point: by a signal nobody can catch, or, which is much cheaper, by an error after
 * which no plugin does anything any more.
 *
 * @module
 */
import { codexExtractor } from "../../plugins/extractor_codex/mod.ts";
import { rolloutSource } from "../../plugins/source_rollouts/mod.ts";
import { findDriver } from "../../plugins/sqlite/find_driver.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillReport } from "../../src/report.ts";
import type { FaultyWorker } from "./faulty_worker.ts";
import { FaultPoints, faultyDriver, faultyExtractor, faultySource, faultyStore } from "./fault_points.ts";

/** What a run is about. */
export interface FaultyRun {
  /** The home. */
  readonly home: string;
  /** The database. */
  readonly db: string;
  /** The default provider: another one makes another version of the extractor. */
  readonly provider: string;
  /** The number of the point at which to die; 0 for never. */
  readonly dieAt: number;
  /** Whether worker threads extract; there must be enough for them to do. */
  readonly threads: boolean;
}

/** The end of a run that died without ending the process. */
export class Death extends Error {
  /** The name of the class. */
  override readonly name = "Death";
}

/** The plugins on a worker thread. */
const WORKER = new URL("./faulty_worker.ts", import.meta.url).href;

/** Few enough that a small home has several batches, with and without worker threads. */
const BATCH_SIZE = { alone: 3, threads: 100 } as const;

/** Ends the process as `kill -9` does. */
export function killSelf(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  throw new Error("a process outlived SIGKILL");
}

/** Ends the run only. */
export function throwDeath(point: string): never {
  throw new Death(point);
}

/** What became of a run. */
export interface FaultyResult {
  /** The points that the main thread passed, in order. */
  readonly points: readonly string[];
  /** How many points all threads passed. */
  readonly passed: number;
  /** The report, unless the run died. */
  readonly report: BackfillReport | undefined;
}

/**
 * Runs.
 *
 * @param run What.
 * @param die How to die.
 * @returns What became of it.
 */
export async function faultyRun(
  { home, db, provider, dieAt, threads }: FaultyRun,
  die: (point: string) => never,
): Promise<FaultyResult> {
  const count = new SharedArrayBuffer(4);
  const points = new FaultPoints(dieAt, die, count);
  const options = { defaultProvider: provider };
  const worker = (role: FaultyWorker["role"]) =>
    threads ? { worker: { url: WORKER, options: { role, dieAt, count, options } satisfies FaultyWorker } } : {};
  let report: BackfillReport | undefined;
  try {
    await using store = await sqliteStore({ path: db, driver: faultyDriver(await findDriver("node:sqlite"), points) });
    report = await backfill({
      source: { ...faultySource(rolloutSource({ codexHome: home }), points), ...worker("source") },
      extractor: { ...faultyExtractor(codexExtractor(options), points), ...worker("extractor") },
      store: faultyStore(store, points),
      batchSize: threads ? BATCH_SIZE.threads : BATCH_SIZE.alone,
      workers: threads ? 2 : 1,
    });
  } catch (error) {
    if (!isDeath(error)) throw error;
    report = undefined;
  }
  const passed = Atomics.load(new Int32Array(count), 0);
  return { points: points.passed, passed, report };
}

/** Whether a death is behind an error: stores wrap what their library throws. */
function isDeath(error: unknown): boolean {
  if (error instanceof Death) return true;
  return error instanceof Error && isDeath(error.cause);
}

if (import.meta.main) {
  const run: FaultyRun = JSON.parse(Deno.args[0] ?? "");
  await faultyRun(run, killSelf);
}
