/**
 * Hostile rollouts before the real Codex: what it makes a row of, we make the same row of.
 *
 * @module
 */
import { join } from "@std/path";
import { installCodex, InstallError } from "../oracle/install.ts";
import { judge } from "../oracle/judge.ts";
import { report } from "../oracle/report.ts";
import { makeHostileHome } from "./hostile_home.ts";
import { originals } from "./originals.ts";

/** The versions that are asked. */
const VERSIONS = ["0.99.0", "0.169.0"] as const;

/** Rollouts in a home: what one costs Codex must not use up the time that it has for all. */
const HOME_SIZE = 1000;

/** How {@linkcode judgeHostileHome} works. */
export interface JudgeOptions {
  /** How many rollouts. */
  readonly count: number;
  /** Decides what they hold. */
  readonly seed: number;
  /** Where homes go; what is wrong is kept there. */
  readonly folder: string;
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/**
 * Lets the real Codex judge.
 *
 * @param options How.
 * @returns Where it differs from us. Nothing where it cannot be installed, which is said.
 */
export async function judgeHostileHome({ count, seed, folder, say }: JudgeOptions): Promise<string[]> {
  for (let done = 0; done < count; done += HOME_SIZE) {
    const home = join(folder, `judged-${seed + done}`);
    const { notes } = makeHostileHome(home, originals(), Math.min(HOME_SIZE, count - done), seed + done);
    const wrong: string[] = [];
    for (const version of VERSIONS) {
      try {
        const verdict = await judge(await installCodex(version), home, "openai");
        const lines = report(version, verdict, notes);
        say(lines[0] ?? "");
        if (verdict.differences.length > 0) wrong.push(...lines);
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
        say(`not judged by Codex ${version}: ${error.message}`);
      }
    }
    if (wrong.length > 0) return [`judged with seed ${seed + done}; kept in ${home}`, ...wrong];
    Deno.removeSync(home, { recursive: true });
  }
  return [];
}
