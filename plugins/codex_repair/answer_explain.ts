/**
 * What `backfill explain` says.
 *
 * @module
 */
import type { Answer } from "../../src/cli/state_commands.ts";
import { jsonValue } from "./answer.ts";
import { count } from "../../src/cli/wording.ts";
import type { StateRow } from "./contract.ts";
import type { Explanation } from "./explain.ts";
import type { ExplainedFile } from "./explained_files.ts";
import { columnsJson, targetJson } from "./findings_json.ts";
import { columnLines } from "./findings_lines.ts";

/** Says why Codex shows a thread, or does not. */
export function answerExplain(explanation: Explanation): Answer {
  const { id, target, shown, verdict, obstacles, files, row, change, stays, backfill, problems } = explanation;
  if (explanation.interrupted) {
    return {
      lines: ["interrupted before all was read that may be about the thread: nothing can be said of it"],
      json: { ...targetJson(target), thread_id: id, status: "interrupted", shown: null },
      exitCode: 0,
    };
  }
  return {
    lines: [
      `${verdict}.`,
      ...obstacles.flatMap(({ reason, remedy }, at) => [
        // The verdict gives the first reason.
        ...(at === 0 ? [] : ["", `and      ${reason}`]),
        `do now   ${remedy}`,
      ]),
      "",
      ...(files.length === 0 ? ["files    none"] : files.flatMap((file) => fileLines(file, row !== null))),
      ...rowLines(row),
      ...(stays === null ? [] : [`         left as it is by a repair: ${stays}`]),
      `database ${target.path}; Codex's own backfill: ${backfill?.status ?? "never ran"}`,
      ...(change && row ? ["a repair would change:", ...columnLines(change).map((line) => `  ${line}`)] : []),
      ...(target.configProblem === null ? [] : [`note: ${target.configProblem}`]),
      ...problems.map(({ location, reason, hides }) =>
        `note: ${location}${hides === undefined ? "" : " cannot be listed"}: ${reason}`
      ),
    ],
    json: {
      ...targetJson(target),
      thread_id: id,
      status: "complete",
      shown,
      verdict,
      reasons: obstacles,
      files: files.map((file) => ({
        path: file.path,
        size: file.size,
        archived: file.archived,
        role: file.role,
        reason: file.reason,
        malformed_lines: file.malformedLines,
      })),
      row: row && Object.fromEntries(Object.entries(row).map(([column, value]) => [column, jsonValue(value)])),
      change: change && {
        kinds: change.kinds,
        columns: columnsJson(change.columns),
      },
      stays,
      backfill: backfill && { status: backfill.status, last_watermark: backfill.lastWatermark },
    },
    exitCode: 0,
  };
}

function fileLines(file: ExplainedFile, hasRow: boolean): string[] {
  const { path, size, archived, role, reason, malformedLines } = file;
  const facts = [
    role === "other thread"
      ? `is of the thread ${reason ?? ""}`
      : role === "no row"
      ? `gives no row (${reason ?? ""})`
      : role === "gives the row" && !hasRow
      ? "would give the row"
      : role,
    `${size} bytes`,
    ...(archived ? ["archived"] : []),
    ...(malformedLines > 0 ? [`${count(malformedLines, "malformed line")} passed over`] : []),
  ];
  return [`file     ${path}`, `         ${facts.join(", ")}`];
}

function rowLines(row: StateRow | null): string[] {
  if (row === null) return ["row      none"];
  const flags = [
    Number(row.archived) === 0 ? "not archived" : "archived",
    `source ${row.source}`,
    `model provider ${row.model_provider}`,
    row.preview === "" ? "no preview" : "with a preview",
    ...(row.attached_thread_parent_id === null ? [] : [`attached to ${row.attached_thread_parent_id}`]),
  ];
  return [`row      ${row.rollout_path}`, `         ${flags.join(", ")}, in ${row.cwd || "no folder"}`];
}
