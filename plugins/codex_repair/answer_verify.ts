/**
 * What `backfill verify` says.
 *
 * @module
 */
import type { Answer } from "../../src/cli/state_commands.ts";
import { plural } from "./answer.ts";
import { isEqual } from "./findings.ts";
import { backfillJson, findingsJson, targetJson } from "./findings_json.ts";
import { findingLines, headLines } from "./findings_lines.ts";
import type { Verification } from "./verify.ts";

/** Says what a comparison found. */
export function answerVerify(verification: Verification): Answer {
  const { findings, target } = verification;
  const equal = isEqual(findings);
  return {
    lines: [
      ...headLines(verification),
      "",
      ...findingLines(findings, target.codexHome, true),
      "",
      ...adviceLines(verification),
    ],
    json: {
      ...targetJson(target),
      backfill: backfillJson(verification),
      equal,
      rows: verification.threadCount,
      ...findingsJson(findings),
    },
    exitCode: equal ? 0 : 3,
  };
}

function adviceLines({ findings, target }: Verification): string[] {
  if (isEqual(findings)) return ["The database says what the rollouts say. There is nothing to do."];
  const { changes, gone, duplicates, malformed, unreadable } = findings;
  const database = target.candidates.length === 0 ? ` --state-db ${target.path}` : "";
  const command = `backfill repair --codex-home ${target.codexHome}${database}`;
  return [
    "What to do now:",
    ...(changes.length > 0
      ? [
        `  ${command}`,
        `      shows what would change in ${plural(changes.length, "thread")}; with --apply, it does it`,
      ]
      : []),
    ...(gone.length > 0
      ? [
        `  restore the ${plural(gone.length, "file")} that ${gone.length === 1 ? "is" : "are"} gone, ` +
        "or remove the rows by backfill repair --prune --apply",
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
  ];
}
