/**
 * Which state database is meant.
 *
 * @module
 */
import { resolve } from "@std/path";
import { StoreError } from "../../src/errors.ts";
import type { CodexConfig } from "./codex_config.ts";
import type { StateView } from "./contract.ts";
import { describeCandidate, findCandidates, rivals, type StateCandidate, usedCandidate } from "./state_candidates.ts";
import type { Environment } from "../../src/cli/paths.ts";
import { statePlaces } from "./state_places.ts";

/** A state database, and how it was found. */
export interface Target {
  /** The Codex home, resolved. */
  readonly codexHome: string;
  /** The absolute path of the database. */
  readonly path: string;
  /** Every state database that there is; nothing where one was named. */
  readonly candidates: readonly StateCandidate[];
  /** Those of them that may be meant instead. */
  readonly rivals: readonly StateCandidate[];
  /** The version of Codex that is done exactly alike, if any. */
  readonly compat?: string;
  /** The provider of rollouts that name none, where it was named. */
  readonly defaultProvider?: string;
  /** Why some of Codex's configuration could not be used, and what that means. */
  readonly configProblem: string | null;
  /** Whether a file that Codex is configured by could not be used, so that it may name another database. */
  readonly isGuessed: boolean;
}

/** How a database is found. */
export interface TargetOptions {
  /** The Codex home, e.g. `/home/me/.codex`. It must exist. */
  readonly codexHome: string;
  /** The database, if it is named. Default: the one that Codex 0.169 uses. */
  readonly stateDb?: string;
  /** What Codex is configured with. */
  readonly config: CodexConfig;
  /** The environment. */
  readonly env: Environment;
  /** Opens a database for looking. */
  readonly inspect: (path: string) => Promise<StateView>;
}

/**
 * Finds the database: the named one, else the one that Codex uses.
 *
 * @throws {StoreError} If none is named and there is none where Codex looks.
 */
export async function findTarget({ codexHome, stateDb, config, env, inspect }: TargetOptions): Promise<Target> {
  const home = Deno.realPathSync(codexHome), configProblem = config.problem ?? null;
  if (stateDb !== undefined) {
    return { codexHome: home, path: resolve(stateDb), candidates: [], rivals: [], configProblem, isGuessed: false };
  }
  const places = statePlaces(home, config, env);
  const candidates = await findCandidates(places, inspect);
  const used = usedCandidate(candidates, places, configProblem);
  return {
    codexHome: home,
    path: used.path,
    candidates,
    rivals: rivals(candidates, used),
    configProblem,
    isGuessed: config.isBroken === true,
  };
}

/**
 * Refuses to write where it is not clear to what.
 *
 * @throws {StoreError} If another database may be meant, be it one that is not found for a mistake in the configuration.
 */
export function refuseRivals({ path, candidates, rivals, isGuessed, configProblem }: Target): void {
  if (isGuessed) {
    throw new StoreError(
      `Codex may use another state database than ${path}: ${configProblem}. Correct that, or name the one to repair with --state-db`,
    );
  }
  if (rivals.length === 0) return;
  throw new StoreError(
    `There is more than one state database that Codex may use: ${candidates.map(describeCandidate).join("; ")}. ` +
      `Name the one to repair with --state-db; Codex 0.169 would use ${path}`,
  );
}
