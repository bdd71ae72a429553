/**
 * Hostile rollouts through the whole of it, home by home, by every set of rules and in every way of reading.
 *
 * @module
 */
import { join } from "@std/path";
import { differences, readContents } from "../crash/contents.ts";
import { makeHostileHome } from "./hostile_home.ts";
import { originals } from "./originals.ts";
import { verdict } from "./verdict.ts";
import { watchRun } from "./watch.ts";

/** How {@linkcode fuzz} works. */
export interface FuzzOptions {
  /** How many rollouts. */
  readonly count: number;
  /** Decides what they hold. */
  readonly seed: number;
  /** Where homes and databases go; what is wrong is kept there. */
  readonly folder: string;
  /** Rollouts in a home. */
  readonly homeSize?: number;
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface FuzzResult {
  /** Rollouts that were made. */
  readonly rollouts: number;
  /** Rows that were made of them by the default rules. */
  readonly rows: number;
  /** Failures that were recorded by the default rules. */
  readonly failures: number;
  /** The most memory that a run had, in bytes. */
  readonly peakBytes: number;
  /** The most worker threads that a run had. */
  readonly threads: number;
  /** What was wrong; it ends with the first home of which something is. */
  readonly wrong: readonly string[];
}

const PROFILES = ["default", "0.99.0", "0.169.0"] as const;

/** With and without worker threads; both must give the same. */
const WAYS = { plain: 1, pooled: 2 } as const;

/** Enough for worker threads to be worth it, and few enough to be kept when something is wrong. */
const HOME_SIZE = 2000;

/** Reads hostile rollouts until there were enough, or something is wrong. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const from = originals();
  let rollouts = 0, rows = 0, failures = 0, peakBytes = 0, threads = 0;
  for (let lap = 0; rollouts < options.count; lap++) {
    const count = Math.min(options.homeSize ?? HOME_SIZE, options.count - rollouts);
    const seed = options.seed + lap;
    const folder = join(options.folder, `home-${seed}`), home = join(folder, "home");
    const { notes } = makeHostileHome(home, from, count, seed);
    const wrong: string[] = [];
    for (const profile of PROFILES) {
      const listed = Array.from(notes.keys()).filter((path) => profile !== "0.99.0" || !path.endsWith(".zst")).length;
      for (const [way, workers] of Object.entries(WAYS)) {
        const db = join(folder, `${profile}-${way}.sqlite`);
        const result = await watchRun({ home, db, watch: join(folder, "watch"), profile, workers });
        const name = `${profile}, ${way}`;
        if ("what" in result) {
          const at = result.at.map((watermark) => `${JSON.stringify(watermark)} (${about(notes, watermark)})`);
          wrong.push(`${name}: ${result.what}; it was at ${at.join(" and ") || "no rollout"}`);
          continue;
        }
        peakBytes = Math.max(peakBytes, result.peakBytes);
        threads = Math.max(threads, result.threads);
        if (profile === "default" && way === "plain") {
          rows += result.first.upserted;
          failures += result.first.failed;
        }
        const lines = verdict(db, result, listed, (watermark) => about(notes, watermark));
        wrong.push(...lines.map((line) => `${name}: ${line}`));
      }
      if (wrong.length === 0) {
        const [plain, pooled] = Object.keys(WAYS).map((way) =>
          readContents(join(folder, `${profile}-${way}.sqlite`), false)
        );
        if (plain && pooled) wrong.push(...differences(pooled, plain).map((line) => `${profile}, on threads: ${line}`));
      }
    }
    rollouts += count;
    if (wrong.length > 0) {
      return { rollouts, rows, failures, peakBytes, threads, wrong: [`seed ${seed}; kept in ${folder}`, ...wrong] };
    }
    options.say(`${rollouts} rollouts: ${rows} rows, ${failures} failures, at most ${Math.round(peakBytes / 1e6)} MB`);
    Deno.removeSync(folder, { recursive: true });
  }
  return { rollouts, rows, failures, peakBytes, threads, wrong: [] };
}

function about(notes: ReadonlyMap<string, string>, watermark: string): string {
  return notes.get(watermark) ?? notes.get(`${watermark}.zst`) ?? "nothing known of it";
}
