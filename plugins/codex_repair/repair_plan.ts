/**
 * What a repair is to do, of what was found.
 *
 * @module
 */
import { SEPARATOR } from "@std/path";
import { isLink } from "../link.ts";
import type { CodexLease, StateRow } from "./contract.ts";
import type { ChangeKind, GoneThread, ThreadChange } from "./findings.ts";
import { inHome } from "./in_home.ts";
import type { Verification } from "./verify.ts";

/** What to repair. */
export interface RepairScope {
  /** Only threads whose rows are wrong in one of these ways. Default: all. */
  readonly only?: readonly ChangeKind[];
  /** Whether to remove rows whose file is gone. Default: false. */
  readonly prune?: boolean;
}

/** What is to be done. */
export interface RepairPlan<Row extends StateRow = StateRow> {
  /** The threads whose rows are made or changed. */
  readonly changes: readonly ThreadChange<Row>[];
  /** The rows that are removed. */
  readonly prune: readonly GoneThread[];
  /** Whether Codex's own backfill, which was killed or did not come to its end, is recorded as complete. */
  readonly completes: boolean;
  /** Whether the mark of a killed one is cleared, so that Codex begins anew where not everything is repaired. */
  readonly clears: boolean;
}

/** What is to be done of what was found. */
export function planOf<Row extends StateRow>(
  verification: Verification<Row>,
  { only, prune = false }: RepairScope,
): RepairPlan<Row> {
  const changes = verification.findings.changes
    .filter(({ kinds }) => !only || kinds.some((kind) => only.includes(kind)));
  const completes = completesBackfill(verification, only);
  return {
    changes,
    prune: prune && takesStale(only) ? removableOf(verification) : [],
    completes,
    clears: verification.lease === "orphaned" && !completes,
  };
}

/**
 * Whether a repair records Codex's own backfill as complete: not one that leaves something to it, or could not read what may be
 * read another time. A file that is damaged is no reason: Codex would lead a row that is left with it back to an older one.
 */
export function completesBackfill(
  { lease, isBehind, findings }: Pick<Verification, "lease" | "isBehind" | "findings">,
  only?: RepairScope["only"],
): boolean {
  if (only !== undefined) return false;
  return isBehind || (lease === "orphaned" || lease === "idle") && findings.unreadable.length === 0;
}

/** What to do where a repair would be refused because of Codex's own backfill; `undefined` where it would not. */
export function whyRefused(lease: CodexLease): string | undefined {
  if (lease === "held") return "wait until Codex's own backfill is done";
  return lease === "unknown" ? "update this program, which does not know the state of Codex's own backfill" : undefined;
}

/** Whether rows are to be looked at whose file is gone. */
export function takesStale(only: RepairScope["only"]): boolean {
  return !only || only.includes("stale");
}

/** The rows that may be removed of those whose file is gone: what lies elsewhere may be of another home. */
export function removableOf(
  verification: Pick<Verification, "findings" | "gathered" | "target">,
): readonly GoneThread[] {
  const whyItStays = whyRowsStay(verification);
  return verification.findings.gone.filter(({ path }) => whyItStays(path) === null);
}

/** Tells of paths why the row whose file is gone is not removed by any repair; `null` if it may be. */
export function whyRowsStay(
  { gathered, target }: Pick<Verification, "gathered" | "target">,
): (path: string) => string | null {
  const why = whyNothingIsGone({ gathered });
  if (why !== null) return () => why;
  const roots = new Set([...gathered.read, ...gathered.failed].map(({ item }) => item.watermark.split("/", 1)[0]));
  return (path) => {
    const [root] = inHome(path, target)?.split(SEPARATOR, 1) ?? [];
    if (root === undefined) return "it named a file outside of this home";
    return roots.has(root) ? null : `"${root}" has no rollout at all, as where a disk is not mounted`;
  };
}

/** Why no row is taken for one whose file is gone for good, whatever is not found; `null` if there is no reason. */
export function whyNothingIsGone({ gathered }: Pick<Verification, "gathered">): string | null {
  const { read, failed, problems, passedOver, after } = gathered;
  if (after !== null) return "the rollouts that Codex's unfinished backfill has passed were not looked at";
  if (problems.some(({ hides }) => hides !== undefined)) return "something cannot be listed, and files may be there";
  if (passedOver.some(({ location }) => isLink(location))) return "a link is not followed, and files may be behind it";
  return read.length + failed.length === 0 ? "the home has no rollout at all, as where a disk is not mounted" : null;
}
