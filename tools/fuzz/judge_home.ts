/**
 * Hostile rollouts before the real Codex: what it makes a row of, we make the same row of.
 *
 * @module
 */
import { join } from "@std/path";
import { type Codex, installCodex, InstallError } from "../oracle/install.ts";
import { judge } from "../oracle/judge.ts";
import { report, rolloutOf } from "../oracle/report.ts";
import { shrinkRollout } from "../oracle/shrink.ts";
import { makeHostileHome } from "./hostile_home.ts";
import { originals } from "./originals.ts";

/** The versions that are asked. */
const VERSIONS = ["0.99.0", "0.169.0"] as const;

/** The model provider of rollouts that name none. */
const PROVIDER = "openai";

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

/** How many rollouts of a home that are judged differently are made short. */
const SHRUNK = 3;

/**
 * Lets the real Codex judge.
 *
 * @param options How.
 * @returns Where it differs from us. Nothing where it cannot be installed, which is said.
 */
export async function judgeHostileHome({ count, seed, folder, say }: JudgeOptions): Promise<string[]> {
  const wrong: string[] = [];
  for (let done = 0; done < count; done += HOME_SIZE) {
    const home = join(folder, `judged-${seed + done}`);
    const { notes } = makeHostileHome(home, originals(), Math.min(HOME_SIZE, count - done), seed + done);
    const found: string[] = [];
    for (const version of VERSIONS) {
      try {
        found.push(...await compare(await installCodex(version), home, notes, say));
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
        say(`not judged by Codex ${version}: ${error.message}`);
      }
    }
    if (found.length > 0) wrong.push(`judged with seed ${seed + done}; kept in ${home}`, ...found);
    else Deno.removeSync(home, { recursive: true });
  }
  return wrong;
}

async function compare(
  codex: Codex,
  home: string,
  notes: ReadonlyMap<string, string>,
  say: JudgeOptions["say"],
): Promise<string[]> {
  const verdict = await judge(codex, home, PROVIDER);
  const lines = report(codex.version, verdict, notes);
  say(lines[0] ?? "");
  if (verdict.differences.length === 0) return [];
  const guilty = new Set(verdict.differences.flatMap((difference) => rolloutOf(difference, verdict) ?? []));
  for (const path of [...guilty].slice(0, SHRUNK)) {
    const bytes = await shrinkRollout(codex, home, path, PROVIDER);
    if (bytes) lines.push(`  ${path}, made short: ${JSON.stringify(new TextDecoder().decode(bytes))}`);
  }
  return lines;
}
