/**
 * Killing the real command at random moments, again and again, and looking at what the runs after it make of that.
 *
 * @module
 */
import { join } from "@std/path";
import { Random } from "../oracle/random.ts";
import { CommandError, runAndKill, type RunOf, runToEnd } from "./command.ts";
import { differences, readContents } from "./contents.ts";
import { SeededHome } from "./seeded_home.ts";

/** How {@linkcode killLoop} works. */
export interface KillLoopOptions {
  /** How many runs are killed. */
  readonly kills: number;
  /** Decides the homes and what happens to them; when a kill comes depends on the machine as well. */
  readonly seed: number;
  /** Where homes and databases go. */
  readonly folder: string;
  /** Rollouts in a home: at least, and fewer than. */
  readonly rollouts: readonly [from: number, to: number];
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface KillLoopResult {
  /** Runs that were killed. */
  readonly killed: number;
  /** Runs that came to their end. */
  readonly ended: number;
  /** Databases that were compared. */
  readonly compared: number;
  /** What was wrong; the loop ends with the first. */
  readonly wrong: readonly string[];
}

/** Kills before the next home, at most: of every two homes one stays as it is. */
const KILLS_A_HOME = 40;

/** Runs in a row that may still find something to do, after the last kill. */
const CATCH_UP = 3;

/** Kills runs until enough were killed, or something is wrong. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const total = { killed: 0, ended: 0, compared: 0 };
  for (let round = 0; total.killed < options.kills; round++) {
    const lap = new Lap(
      options,
      round,
      Math.min(options.kills - total.killed, Math.ceil(options.kills / 2), KILLS_A_HOME),
    );
    let wrong: string[];
    try {
      wrong = await lap.run();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      wrong = [error.message];
    }
    total.killed += lap.killed;
    total.ended += lap.ended;
    total.compared += lap.compared;
    const about = `round ${round}: ${lap.about}, ${lap.killed} killed, ${lap.ended} ended, ${lap.compared} compared`;
    if (wrong.length > 0) return { ...total, wrong: [`${about}; kept in ${lap.folder}`, ...wrong] };
    options.say(about);
    Deno.removeSync(lap.folder, { recursive: true });
  }
  return { ...total, wrong: [] };
}

/** Kills of runs on one home. */
class Lap {
  killed = 0;
  ended = 0;
  compared = 0;
  readonly folder: string;
  readonly about: string;
  readonly #home: SeededHome;
  readonly #random: Random;
  readonly #kills: number;
  readonly #changes: boolean;
  readonly #db: string;

  constructor({ seed, folder, rollouts: [from, to] }: KillLoopOptions, round: number, kills: number) {
    this.#random = new Random(seed * 1000 + round);
    this.#kills = kills;
    // Half of the homes stay as they are: then the databases must be alike to the last column.
    this.#changes = round % 2 === 1;
    this.folder = join(folder, `round-${round}`);
    this.#home = new SeededHome(join(this.folder, "home"), from + this.#random.below(to - from), this.#random);
    this.about = `${this.#home.size} rollouts, ${this.#changes ? "changing" : "unchanging"}`;
    Deno.mkdirSync(join(this.folder, "db"));
    this.#db = join(this.folder, "db", "killed.sqlite");
  }

  async run(): Promise<string[]> {
    const whole = join(this.folder, "whole.sqlite");
    const startedAt = performance.now();
    await this.#toEnd(whole);
    const wholeMs = performance.now() - startedAt;
    while (this.killed < this.#kills) {
      const flags = ["--batch-size", this.#random.pick(["1", "3", "20", "200"])];
      const { killed } = await runAndKill({ ...this.#run(this.#db), flags }, this.#random.next() * wholeMs);
      if (killed) this.killed++;
      else this.ended++;
      if (this.#changes) this.#change();
      else if (!killed) {
        const wrong = await this.#compare(whole);
        if (wrong.length > 0) return wrong;
        // There is nothing left to do: once more from the beginning.
        Deno.removeSync(this.#db);
      }
    }
    if (!this.#changes) return await this.#compare(whole);
    const fresh = join(this.folder, "fresh.sqlite");
    await this.#toEnd(fresh);
    return await this.#compare(fresh);
  }

  async #compare(whole: string): Promise<string[]> {
    await this.#toEnd(this.#db);
    this.compared++;
    const left = Array.from(Deno.readDirSync(join(this.folder, "db")), ({ name }) => name)
      .filter((name) => name !== "killed.sqlite");
    return [
      ...left.map((name) => `left behind: ${name}`),
      ...differences(readContents(this.#db, this.#changes), readContents(whole, this.#changes)),
    ];
  }

  /** Runs until there is nothing left to do: a pass that was resumed leaves what changed behind it to the next. */
  async #toEnd(db: string): Promise<void> {
    for (let run = 0; run < CATCH_UP; run++) {
      const { scanned, gone, refreshed } = await runToEnd(this.#run(db));
      this.ended++;
      if (scanned + gone + refreshed === 0) return;
    }
    throw new CommandError(`the ${CATCH_UP}rd undisturbed run still finds something to do`);
  }

  #change(): void {
    if (!this.#random.chance(0.4)) return;
    for (let left = 1 + this.#random.below(15); left > 0; left--) this.#home.change();
  }

  #run(db: string): RunOf {
    return { home: this.#home.path, db };
  }
}
