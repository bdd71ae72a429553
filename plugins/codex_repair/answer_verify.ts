/**
 * What `backfill verify` says.
 *
 * @module
 */
import type { Answer } from "../../src/cli/state_commands.ts";
import { count } from "../../src/cli/wording.ts";
import { commandFor } from "./command.ts";
import { isEqual } from "./findings.ts";
import { backfillJson, findingsJson, targetJson } from "./findings_json.ts";
import { databaseLines, equalText, findingLines, headLines } from "./findings_lines.ts";
import { completesBackfill, removableOf, whyNothingIsGone, whyRefused } from "./repair_plan.ts";
import type { Verification } from "./verify.ts";

/** Says what a comparison found. */
export function answerVerify(verification: Verification): Answer {
  const { findings, target, gathered } = verification;
  if (gathered.interrupted) return answerInterrupted(verification);
  const equal = isEqual(findings), completes = isUnfinished(verification);
  return {
    lines: [
      ...headLines(verification),
      "",
      ...findingLines(findings, target.codexHome, true),
      "",
      ...adviceLines(verification, completes),
    ],
    json: {
      ...targetJson(target),
      backfill: backfillJson(verification),
      status: "complete",
      equal,
      completes,
      not_pruned_because: whyNothingIsGone(verification),
      rows: verification.threadCount,
      ...findingsJson(findings),
    },
    exitCode: equal && !completes ? 0 : 3,
  };
}

/** What was read until then says nothing of the rest. */
function answerInterrupted(verification: Verification): Answer {
  const { target, threadCount } = verification;
  return {
    lines: [...databaseLines(verification), "", "interrupted before every rollout was read: nothing was compared"],
    json: {
      ...targetJson(target),
      backfill: backfillJson(verification),
      status: "interrupted",
      equal: null,
      rows: threadCount,
    },
    exitCode: 0,
  };
}

/** Whether Codex's own backfill did not come to its end, which a repair records. */
function isUnfinished(verification: Verification): boolean {
  return verification.backfill?.status !== "complete" && completesBackfill(verification);
}

function adviceLines(verification: Verification, completes: boolean): string[] {
  const { findings, target } = verification;
  const equal = `The ${equalText(findings)}`;
  if (isEqual(findings) && !completes) return [findings.inUse.length > 0 ? equal : `${equal} There is nothing to do.`];
  const { changes, gone, duplicates, malformed, unreadable, elsewhere } = findings;
  const missing = new Set(elsewhere.flatMap(({ missingFolder }) => missingFolder ?? []));
  const refused = whyRefused(verification.lease), canPrune = !refused && removableOf(verification).length > 0;
  const would = [
    ...(changes.length > 0 ? [`change ${count(changes.length, "thread")}`] : []),
    ...(completes ? ["record Codex's own backfill as complete"] : []),
  ];
  return [
    ...(isEqual(findings) ? [equal] : []),
    "What to do now:",
    ...(would.length > 0 && refused
      ? [`  ${refused}, and look again: until then, a repair would be refused`]
      : would.length > 0
      ? [
        `  ${commandFor(target, "repair")}`,
        `      shows how it would ${would.join(", and ")}; with --apply, it does it`,
      ]
      : []),
    ...(gone.length > 0
      ? [
        `  restore the ${count(gone.length, "file")} that ${gone.length === 1 ? "is" : "are"} gone` +
        (canPrune ? `, or remove the ${gone.length === 1 ? "row" : "rows"}:` : ""),
        ...(canPrune
          ? [
            `  ${commandFor(target, "repair", "--prune")}`,
            "      shows that and all else that it would do; with --apply, it does it",
          ]
          : []),
      ]
      : []),
    ...(duplicates.length > 0
      ? [
        "  nothing needs to be done about duplicates; Codex shows one of the files, and codex doctor will go on warning",
      ]
      : []),
    ...(malformed.length > 0
      ? ["  restore malformed rollouts from a copy, or leave them: nothing can be read of them"]
      : []),
    ...(unreadable.length > 0 ? ["  make what is unreadable readable, then look again"] : []),
    ...missingLines([...missing]),
    ...(elsewhere.some(({ missingFolder }) => missingFolder === null)
      ? [
        "  leave rows that lead elsewhere: Codex goes on in the files that they name, be they another home's; where the files",
        "  of this home are to count instead, move those away, then look again",
      ]
      : []),
  ];
}

/** What to do about files that may be there again. */
function missingLines(folders: readonly string[]): string[] {
  if (folders.length === 0) return [];
  return [
    "  mount the disk that each of these folders is on, or make it, empty, if it is gone for good; then look again:",
    ...folders.map((folder) => `      ${folder}`),
  ];
}
