/**
 * One run of the default plugins that dies at a point: by a signal nobody can catch, or, which is much cheaper, by an error after
 * which no plugin does anything any more.
 *
 * @module
 */
import { codexExtractor } from "../../plugins/extractor_codex/mod.ts";
import { rolloutSource } from "../../plugins/source_rollouts/mod.ts";
import { findDriver } from "../../plugins/store_sqlite/driver.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillReport } from "../../src/report.ts";
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
}

/** The end of a run that died without ending the process. */
export class Death extends Error {
  /** The name of the class. */
  override readonly name = "Death";
}

/** Few enough that a small home has several batches. */
const BATCH_SIZE = 3;

/** Ends the process as `kill -9` does. */
export function killSelf(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  throw new Error("a process outlived SIGKILL");
}

/** Ends the run only. */
export function throwDeath(point: string): never {
  throw new Death(point);
}

/**
 * Runs.
 *
 * @param run What.
 * @param die How to die.
 * @returns The points that were passed, and the report, unless the run died.
 */
export async function faultyRun(
  { home, db, provider, dieAt }: FaultyRun,
  die: (point: string) => never,
): Promise<{ points: readonly string[]; report: BackfillReport | undefined }> {
  const points = new FaultPoints(dieAt, die);
  let report: BackfillReport | undefined;
  try {
    await using store = await sqliteStore({ path: db, driver: faultyDriver(await findDriver("node:sqlite"), points) });
    report = await backfill({
      source: faultySource(rolloutSource({ codexHome: home }), points),
      extractor: faultyExtractor(codexExtractor({ defaultProvider: provider }), points),
      store: faultyStore(store, points),
      batchSize: BATCH_SIZE,
      workers: 1,
    });
  } catch (error) {
    if (!isDeath(error)) throw error;
    report = undefined;
  }
  return { points: points.passed, report };
}

/** Whether a death is behind an error: stores wrap what their library throws. */
function isDeath(error: unknown): boolean {
  if (error instanceof Death) return true;
  return error instanceof Error && isDeath(error.cause);
}

if (import.meta.main) {
  const [home = "", db = "", provider = "", dieAt = ""] = Deno.args;
  await faultyRun({ home, db, provider, dieAt: Number(dieAt) }, killSelf);
}
