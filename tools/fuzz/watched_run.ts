/**
 * Two runs of the default plugins over one home, in a process of their own: it may be brought down, and its memory be measured.
 *
 * @module
 */
import type { ProfileName } from "../../plugins/extractor_codex/mod.ts";
import { rolloutSource } from "../../plugins/source_rollouts/mod.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillReport } from "../../src/report.ts";
import watchedExtractor from "./watched_extractor.ts";

/** What is run. */
export interface WatchedRun {
  /** The home. */
  readonly home: string;
  /** The database, which is new. */
  readonly db: string;
  /** The folder of the files that say where each thread is. */
  readonly watch: string;
  /** By which rules. */
  readonly profile: ProfileName;
  /** Worker threads; 1 for none. */
  readonly workers: number;
}

/** What came of it, as JSON on standard output. */
export interface WatchedResult {
  /** What the first run did. */
  readonly first: BackfillReport;
  /** What the second did: nothing, as nothing changed. */
  readonly second: BackfillReport;
  /** The most memory that the process had, in bytes; 0 where the system does not say. */
  readonly peakBytes: number;
  /** How many worker threads made an extractor. */
  readonly threads: number;
}

async function run({ home, db, watch, profile, workers }: WatchedRun): Promise<BackfillReport> {
  const compat = profile === "default" ? {} : { compat: profile };
  await using store = await sqliteStore({ path: db, ...(profile === "0.99.0" ? { mergeLike: profile } : {}) });
  return await backfill({
    source: rolloutSource({ codexHome: home, ...compat }),
    extractor: watchedExtractor({ extractor: { profile }, watch }),
    store,
    workers,
  });
}

function peakBytes(): number {
  if (Deno.build.os !== "linux") return 0;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

if (import.meta.main) {
  const what: WatchedRun = JSON.parse(Deno.args[0] ?? "");
  const first = await run(what), second = await run(what);
  // Every extractor has its file; one for each run was made on this thread.
  const threads = [...Deno.readDirSync(what.watch)].length - 2;
  const result: WatchedResult = { first, second, peakBytes: peakBytes(), threads };
  console.log(JSON.stringify(result));
}
