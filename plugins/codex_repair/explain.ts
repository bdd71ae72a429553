/**
 * Why Codex shows a thread, or does not.
 *
 * @module
 */
import type { SourceProblem } from "../../src/source.ts";
import { best } from "./best_file.ts";
import { commandFor } from "./command.ts";
import { type ExplainedFile, filesOf } from "./explained_files.ts";
import type { CodexBackfill, RepairPlugins, StateRow } from "./contract.ts";
import type { ThreadChange } from "./findings.ts";
import { readForebears, takesPreview } from "./fork_preview.ts";
import type { Gathered, GatherOptions } from "./gather.ts";
import { FurtherThreads, gatherAbout } from "./gather_about.ts";
import { rowPaths } from "./in_home.ts";
import { judge, type Judgement, rowAfter, surroundings } from "./judge.ts";
import { isOfAnother, type Owners } from "./owners.ts";
import { whyRefused, whyRowsStay } from "./repair_plan.ts";
import type { Target } from "./target.ts";
import { isThere } from "../is_there.ts";
import { inspectKnown } from "./verify.ts";
import { type Obstacle, obstaclesOf } from "./visibility.ts";

/** The answer. */
export interface Explanation<Row extends StateRow = StateRow> {
  /** The thread. */
  readonly id: string;
  /** What was looked into. */
  readonly target: Target;
  /** Whether a list of Codex shows it. */
  readonly shown: boolean;
  /** The answer in a sentence. */
  readonly verdict: string;
  /** What hides it. */
  readonly obstacles: readonly Obstacle[];
  /** Its files. */
  readonly files: readonly ExplainedFile[];
  /** Its row; `null` if there is none. */
  readonly row: Row | null;
  /** What a repair would do; `null` if nothing. */
  readonly change: ThreadChange<Row> | null;
  /** Why a repair leaves the row with the file that it names, though the home has another; `null` if it does not. */
  readonly stays: string | null;
  /** How far Codex's own backfill has come. */
  readonly backfill: CodexBackfill | null;
  /** What could not be listed, so that files may be unknown. */
  readonly problems: readonly SourceProblem[];
  /** Whether it was cancelled before all was read that may be about the thread. */
  readonly interrupted: boolean;
}

/** How to explain. */
export interface ExplainOptions extends Omit<GatherOptions, "after"> {
  /** The model provider that Codex is configured with, by which a list is filtered. */
  readonly provider: string;
}

/**
 * Explains.
 *
 * Reads the rollouts that are named for the thread and those whose names name none; only if none of them is about it, all. Of a
 * fork whose row is missing, or hides it, it reads those of the threads that it goes on from, found alike.
 *
 * @param id The thread: a lower-case hyphenated UUID.
 * @param target The home and the database.
 * @param plugins How rollouts and database are read.
 * @param options How.
 * @returns The answer.
 */
export async function explain<Row extends StateRow>(
  id: string,
  target: Target,
  plugins: RepairPlugins<Row>,
  { provider, ...how }: ExplainOptions,
): Promise<Explanation<Row>> {
  using view = await inspectKnown(target.path, plugins);
  const row = view.thread(id);
  const gathered = await gatherAbout(id, row?.rollout_path, plugins, how);
  const ours = gathered.read.filter(({ key }) => key === id);
  const further = new FurtherThreads(gathered, plugins, how);
  const forebears = await readForebears(takesPreview(row, ours) ? ours : [], (id) => further.of(id));
  const around = surroundings({ gathered, view, plugins, forebears, paths: rowPaths(target, view) });
  const judgement: Judgement<Row> = ours.length > 0 ? judge(id, ours, row, around) : {};
  const { change, leftTo } = judgement, stays = leftTo ? `its file ${leftTo.why}` : null;
  const files = filesOf(gathered, id, ours.length > 0 ? best(ours, row) : undefined, stays !== null);
  const refused = whyRefused(plugins.lease(target.path, view.backfill, Date.now()));
  const remedy = refused
    ? `${refused}, and ask again`
    : `put the database right: ${commandFor(target, "repair", "--apply")}`;
  const missing = leftTo?.missingFolder ?? null;
  const fileRemedy = missing &&
    `mount the disk of "${missing}"; if that is gone for good, make it as an empty folder, and ${remedy}`;
  const of = obstaclesWith({ provider, target, gathered, owners: around.owners }, fileRemedy);
  const now = row ? of(row) : [withoutRow(files, view.backfill, remedy)];
  const obstacles = now.length === 0 ? [] : withRepair(now, change ? of(rowAfter(change, plugins)) : undefined, remedy);
  return {
    id,
    target,
    shown: obstacles.length === 0,
    verdict: verdictOf(id, row, obstacles),
    obstacles,
    files,
    row: row ?? null,
    change: change ?? null,
    stays,
    backfill: view.backfill,
    problems: gathered.problems,
    interrupted: how.signal?.aborted ?? false,
  };
}

/** Says what hides a row, and what is to be done about its file if that may be there again. */
function obstaclesWith(
  { provider, target, gathered, owners }: { provider: string; target: Target; gathered: Gathered; owners: Owners },
  fileRemedy: string | null,
): (row: StateRow) => Obstacle[] {
  const whyItStays = whyRowsStay({ gathered, target });
  return (row) => {
    const stays = whyItStays(row.rollout_path);
    const pruning = stays === null ? { command: commandFor(target, "repair", "--prune") } : { stays };
    const fileExists = isThere(row.rollout_path) && !isOfAnother(row, owners);
    const obstacles = obstaclesOf(row, { provider, fileExists, pruning });
    if (fileRemedy === null) return obstacles;
    return obstacles.map((one) => one.code === "file-gone" ? { ...one, remedy: fileRemedy } : one);
  };
}

/** What hides a thread: what a repair would do away with says so, and so does what would still hide it then. */
function withRepair(now: readonly Obstacle[], repaired: readonly Obstacle[] | undefined, remedy: string): Obstacle[] {
  if (!repaired) return [...now];
  const left = new Set(repaired.map(({ code }) => code)), known = new Set(now.map(({ code }) => code));
  return [
    ...now.map((obstacle) => left.has(obstacle.code) ? obstacle : { ...obstacle, remedy }),
    ...repaired.filter(({ code }) => !known.has(code))
      .map((obstacle) => ({ ...obstacle, reason: `once that is done, ${obstacle.reason}` })),
  ];
}

function withoutRow(files: readonly ExplainedFile[], backfill: CodexBackfill | null, remedy: string): Obstacle {
  if (files.some(({ role }) => role === "gives the row")) {
    return {
      code: "no-row",
      reason: backfill?.status === "complete"
        ? "there is a rollout but no row, and Codex's own backfill, once complete, never looks again " +
          "(a list of the app-server that reads rollouts may)"
        : "there is a rollout but no row, because Codex's own backfill has not come to it",
      remedy,
    };
  }
  const [broken] = files.filter(({ role }) => role === "no row");
  if (broken) {
    return {
      code: "unreadable",
      reason: `its rollout gives no row: ${broken.reason}`,
      remedy: `restore ${broken.path} from a copy`,
    };
  }
  return {
    code: "unknown",
    reason: "there is neither a rollout nor a row of it",
    remedy: "check the id and the home; a rollout that was deleted can only be restored from a copy",
  };
}

function verdictOf(id: string, row: StateRow | undefined, obstacles: readonly Obstacle[]): string {
  const [first, ...rest] = obstacles;
  if (!first) {
    const where = row ? `, in ${row.cwd || "no folder"}` : "";
    return `Codex shows ${id}${where}: codex resume lists it in that folder, codex resume --all everywhere`;
  }
  const others = rest.length > 0 ? ` (and ${rest.length} more)` : "";
  return `Codex does not show ${id}: ${first.reason}${others}`;
}
