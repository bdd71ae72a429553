/**
 * The state databases that may be Codex's: all that there are, and the one that Codex uses.
 *
 * @module
 */
import { join } from "@std/path";
import { reasonOf, StoreError } from "../../src/errors.ts";
import { isAbsent } from "../absent.ts";
import { isGranted } from "../granted.ts";
import { count } from "../../src/cli/wording.ts";
import { allowRead } from "./command.ts";
import type { StateView } from "./contract.ts";
import type { StatePlace } from "./state_places.ts";

/** The generation of the state database that Codex 0.169 uses: `state_5.sqlite`. */
const GENERATION = 5;

/** A state database. */
export interface StateCandidate {
  /** Its absolute path. */
  readonly path: string;
  /** What names its folder, e.g. `sqlite_home in /etc/codex/config.toml`. */
  readonly because: string;
  /** The number in its name; 0 where there is none. Codex makes a new file with a higher number when its schema changes much. */
  readonly generation: number;
  /** How many threads it has; `null` if that cannot be told. */
  readonly threads: number | null;
  /** Why it cannot be told, or why this program does not write to it; `null` if it does. */
  readonly reason: string | null;
  /** Whether it is the one that Codex 0.169 uses. */
  readonly used: boolean;
}

/**
 * Finds every state database and counts its threads.
 *
 * @param places Where to look, the place that Codex uses first.
 * @param inspect Opens one for looking.
 */
export async function findCandidates(
  places: readonly StatePlace[],
  inspect: (path: string) => Promise<StateView>,
): Promise<StateCandidate[]> {
  const candidates: StateCandidate[] = [];
  for (const [at, { folder, because }] of places.entries()) {
    for (const { name, generation } of stateFiles(folder)) {
      const path = join(folder, name);
      const used = at === 0 && generation === GENERATION;
      candidates.push({ path, because, generation, used, ...await countThreads(path, inspect) });
    }
  }
  return candidates;
}

/**
 * Picks the database that is meant where no flag names one.
 *
 * @param candidates Every one that there is.
 * @param places Where they were looked for.
 * @throws {StoreError} If there is none where Codex looks.
 */
export function usedCandidate(
  candidates: readonly StateCandidate[],
  places: readonly StatePlace[],
  configProblem: string | null,
): StateCandidate {
  const used = candidates.find((candidate) => candidate.used);
  if (used) return used;
  const [place] = places;
  const unsure = configProblem === null ? "" : `; ${configProblem}`;
  const where = place ? `in ${place.folder} (${place.because}${unsure})` : "anywhere";
  if (candidates.length === 0) {
    throw new StoreError(
      `There is no state database of Codex ${where}: start Codex once, which makes it, or name one with --state-db`,
    );
  }
  throw new StoreError(
    `There is no state_${GENERATION}.sqlite ${where}, but there is ${candidates.map(describeCandidate).join("; ")}. ` +
      `Start Codex 0.169 once, or name the database with --state-db`,
  );
}

/**
 * The databases that may be meant instead of the one that Codex uses: of the same generation or a newer one, and not empty.
 * An older generation is left from an update of Codex, and means nothing.
 */
export function rivals(candidates: readonly StateCandidate[], chosen: StateCandidate): StateCandidate[] {
  return candidates.filter((candidate) =>
    candidate !== chosen && candidate.generation >= GENERATION && candidate.threads !== 0
  );
}

/** One line about a database. */
export function describeCandidate({ path, threads, reason, because }: StateCandidate): string {
  return `${path} (${threads === null ? reason ?? "cannot be read" : count(threads, "thread")}, by ${because})`;
}

function stateFiles(folder: string): { name: string; generation: number }[] {
  if (!isGranted("read", folder)) {
    throw new StoreError(
      `Cannot look for a state database in "${folder}": allow reading it with ${
        allowRead(folder)
      }, or name one with --state-db`,
    );
  }
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new StoreError(`Cannot look for a state database in "${folder}": ${reasonOf(error)}`, { cause: error });
  }
  return entries.flatMap(({ name }) => {
    const [, number = null] = /^state(?:_(\d{1,6}))?\.sqlite$/.exec(name) ?? [, null];
    return /^state(?:_\d{1,6})?\.sqlite$/.test(name) ? [{ name, generation: Number(number ?? 0) }] : [];
  }).sort((a, b) => b.generation - a.generation);
}

async function countThreads(
  path: string,
  inspect: (path: string) => Promise<StateView>,
): Promise<{ threads: number | null; reason: string | null }> {
  try {
    using view = await inspect(path);
    return { threads: view.threadCount, reason: view.refusal };
  } catch (error) {
    return { threads: null, reason: reasonOf(error) };
  }
}
