/**
 * What `backfill repair` says.
 *
 * @module
 */
import type { Answer } from "../../src/cli/state_commands.ts";
import { count } from "../../src/cli/wording.ts";
import { isEqual } from "./findings.ts";
import { backfillJson, findingsJson, targetJson } from "./findings_json.ts";
import { databaseLines, equalText, findingLines, headLines } from "./findings_lines.ts";
import type { Repair, RepairOptions } from "./repair.ts";
import { planOf, removableOf, type RepairPlan, takesStale, whyNothingIsGone } from "./repair_plan.ts";
import type { Verification } from "./verify.ts";

/** Says what a repair did, or would do. */
export function answerRepair(repair: Repair, options: RepairOptions): Answer {
  const { before, plan, status, written, busy, pruned, snapshot, howToRestore, after } = repair;
  const { interrupted } = before.gathered;
  // What was not asked for is no reason for another exit code.
  const left = after ? planOf(after, options) : null;
  const isLeft = left !== null && left.changes.length + left.prune.length > 0 || keepsGone(after ?? before, options);
  return {
    lines: interrupted
      ? [...databaseLines(before), "", "interrupted before every rollout was read: nothing was written"]
      : [
        ...headLines(before),
        "",
        ...withBlankBehind(findingLines(before.findings, before.target.codexHome)),
        ...planLines(plan, repair, options, isLeft),
        ...(after ? ["", ...afterLines(repair, isLeft)] : []),
      ],
    json: {
      ...targetJson(before.target),
      backfill: backfillJson(before),
      status,
      applied: after !== null || status === "applied",
      // What was read until then says nothing of the rest.
      ...(interrupted ? {} : {
        ...findingsJson(before.findings),
        plan: {
          insert: inserts(plan),
          update: updates(plan),
          prune: plan.prune.length,
          completes: plan.completes,
          clears: plan.clears,
        },
        not_pruned_because: whyNothingIsGone(before),
      }),
      written,
      busy,
      pruned,
      snapshot,
      how_to_restore: howToRestore,
      after: after &&
        { backfill: backfillJson(after), ...findingsJson(after.findings), equal: isEqual(after.findings) },
    },
    exitCode: isLeft && status !== "interrupted" ? 3 : 0,
  };
}

function withBlankBehind(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? lines : [...lines, ""];
}

function planLines(
  plan: RepairPlan,
  { before, after, busy, status }: Repair,
  options: RepairOptions,
  isLeft: boolean,
): string[] {
  const mergesAll = before.target.compat !== undefined && options.only === undefined;
  const lines = stepLines(plan, mergesAll, before.backfill?.status === "complete"),
    keeps = keptLines(before, plan, options);
  if (lines.length === 0) return [nothingLine(before, options), ...keeps];
  const done = isLeft || busy > 0 ? "Done, but for what is said below:" : "Done:";
  return [
    after && status !== "interrupted" ? done : "Plan:",
    ...lines,
    ...keeps,
    ...(options.apply
      ? []
      : ["", "Nothing was written. The same command with --apply saves a copy of the database, and does it."]),
  ];
}

function nothingLine({ findings: { changes } }: Verification, { only }: RepairOptions): string {
  if (only === undefined || changes.length === 0) return "There is nothing to repair; nothing was written.";
  return `There is nothing to repair of what --only names, and nothing was written; without --only ` +
    `${count(changes.length, "thread")} would be repaired.`;
}

/** Whether rows stay that were to be removed. */
function keepsGone(found: Verification, { apply = false, prune = false, only }: RepairOptions): boolean {
  return apply && prune && takesStale(only) && found.findings.gone.length > 0 && whyNothingIsGone(found) !== null;
}

/** Rows that stay although their file is gone, and why. */
function keptLines(found: Verification, plan: RepairPlan, options: RepairOptions): string[] {
  const { length } = found.findings.gone, why = whyNothingIsGone(found);
  const keep = (amount: number, is = "is") => `  keep ${count(amount, "row")} whose file ${is} gone`;
  if (length === 0 || !takesStale(options.only)) return [];
  if (why !== null) return [`${keep(length, "seems")}: ${why}`];
  const removable = (options.prune ? plan.prune : removableOf(found)).length, outside = length - removable;
  return [
    ...(removable > 0 && !options.prune
      ? [`${keep(removable)}; --prune removes ${removable === 1 ? "it" : "them"}`]
      : []),
    ...(outside > 0 ? [`${keep(outside)}: it lies outside of this home, or where no rollout is left at all`] : []),
  ];
}

function stepLines(plan: RepairPlan, mergesAll: boolean, isComplete: boolean): string[] {
  const made = inserts(plan), changed = updates(plan);
  return [
    ...(made > 0 ? [`  make the rows of ${count(made, "thread")}`] : []),
    ...(changed > 0
      ? [`  change the rows of ${count(changed, "thread")}${mergesAll ? "" : "; what the user set stays"}`]
      : []),
    ...(mergesAll && made + changed > 0
      ? ["  merge the other rollouts again as well, as Codex does, which may move times apart"]
      : []),
    ...(plan.prune.length > 0 ? [`  remove ${count(plan.prune.length, "row")} whose file is gone`] : []),
    ...(plan.completes
      ? [
        isComplete
          ? "  record how far Codex's own backfill has come"
          : "  record Codex's own backfill as complete, so that Codex starts without waiting for it",
      ]
      : []),
    ...(plan.clears ? ["  clear the mark of Codex's own backfill, which was killed, so that it begins anew"] : []),
  ];
}

function afterLines(repair: Repair, isLeft: boolean): string[] {
  const { status, written, busy, pruned, snapshot, howToRestore, after } = repair;
  return [
    `${count(written, "row")} written, ${count(pruned, "row")} removed` +
    (status === "interrupted" ? "; interrupted, run the same command again to go on" : ""),
    ...(busy > 0
      ? [
        `${
          count(busy, "row")
        } left alone, because a Codex was writing to it or its rollout, or that is no longer where it was read`,
      ]
      : []),
    ...(snapshot === null ? [] : [`the database as it was before: ${snapshot}`]),
    ...(howToRestore === null ? [] : [`to go back to it, ${howToRestore}`]),
    "",
    ...(after && isEqual(after.findings) ? [`Checked again: the ${equalText(after.findings)}`] : [
      isLeft
        ? "Checked again; this is left to repair:"
        : "Checked again; all is repaired that was asked for. What remains:",
      ...(after ? findingLines(after.findings, after.target.codexHome) : []),
    ]),
  ];
}

function inserts({ changes }: RepairPlan): number {
  return changes.filter(({ kinds }) => kinds.includes("missing")).length;
}

function updates({ changes }: RepairPlan): number {
  return changes.filter(({ kinds }) => !kinds.includes("missing")).length;
}
