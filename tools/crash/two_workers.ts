/**
 * Two workers at once on one home and one database, again and again: one of them works, the other is told so, and the rows are
 * those that one alone would have made.
 *
 * @module
 */
import { join } from "@std/path";
import { Random } from "../oracle/random.ts";
import { backfillCommand, CommandError, runToEnd } from "./command.ts";
import { differences, readContents } from "./contents.ts";
import { SeededHome } from "./seeded_home.ts";

/** How {@linkcode twoWorkers} works. */
export interface TwoWorkersOptions {
  /** For how long. */
  readonly seconds: number;
  /** Decides the homes and what happens to them. */
  readonly seed: number;
  /** Where homes and databases go. */
  readonly folder: string;
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface TwoWorkersResult {
  /** Runs that came to their end. */
  readonly ended: number;
  /** Runs that were told that another worker runs. */
  readonly refused: number;
  /** What was wrong. */
  readonly wrong: readonly string[];
}

/** Seconds that two workers share one database before it is looked at. */
const LAP_SECONDS = 5;

/** Lets two workers run for a while. */
export async function twoWorkers(options: TwoWorkersOptions): Promise<TwoWorkersResult> {
  const until = performance.now() + options.seconds * 1000;
  let ended = 0, refused = 0;
  for (let lap = 0; performance.now() < until; lap++) {
    const folder = join(options.folder, `two-${lap}`);
    const random = new Random(options.seed * 1000 + lap);
    const home = new SeededHome(join(folder, "home"), 150, random);
    const db = join(folder, "shared.sqlite"), fresh = join(folder, "fresh.sqlite");
    const lapEnd = Math.min(until, performance.now() + LAP_SECONDS * 1000);
    const wrong: string[] = [];
    const worker = async (): Promise<void> => {
      const flags = ["--batch-size", random.pick(["1", "5", "50"])];
      while (performance.now() < lapEnd && wrong.length === 0) {
        const { code, stderr } = await backfillCommand({ home: home.path, db, flags }).output();
        const text = new TextDecoder().decode(stderr).trim();
        if (code === 0 || code === 3) ended++;
        else if (code === 1 && text.includes("another worker is backfilling")) refused++;
        else wrong.push(`exit code ${code}: ${text}`);
      }
    };
    const changes = async (): Promise<void> => {
      while (performance.now() < lapEnd && wrong.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, random.below(100)));
        home.change();
      }
    };
    await Promise.all([worker(), worker(), changes()]);
    if (wrong.length === 0) wrong.push(...await alike(home.path, db, fresh));
    if (wrong.length > 0) return { ended, refused, wrong: [`lap ${lap}; kept in ${folder}`, ...wrong] };
    options.say(`lap ${lap}: ${home.size} rollouts, ${ended} runs ended so far, ${refused} refused`);
    Deno.removeSync(folder, { recursive: true });
  }
  return { ended, refused, wrong: [] };
}

async function alike(home: string, db: string, fresh: string): Promise<string[]> {
  try {
    // The second takes what changed behind the back of a first pass.
    for (const path of [db, db, fresh]) await runToEnd({ home, db: path });
  } catch (error) {
    if (error instanceof CommandError) return [error.message];
    throw error;
  }
  return differences(readContents(db, true), readContents(fresh, true));
}
