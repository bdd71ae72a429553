/**
 * Findings, for people.
 *
 * @module
 */
import { counted, inside, shown, shownChange } from "./answer.ts";
import { count } from "../../src/cli/wording.ts";
import {
  type ChangeKind,
  type Duplicate,
  type Findings,
  type KeptThread,
  otherColumns,
  type Place,
  type ThreadChange,
  valueBefore,
} from "./findings.ts";
import type { ReadRollout } from "./gather.ts";
import { describeCandidate } from "./state_candidates.ts";
import type { Verification } from "./verify.ts";

/** Where home and database are, and how far Codex's own backfill has come. */
export function headLines(verification: Verification): string[] {
  const { target, findings } = verification;
  return [
    `Codex home  ${target.codexHome}: ${count(findings.rollouts, "rollout")} of ${count(findings.threads, "thread")}`,
    ...databaseLines(verification),
  ];
}

/** Where the database is, and how far Codex's own backfill has come. */
export function databaseLines({ target, threadCount, backfill, lease }: Verification): string[] {
  const status = backfill ? `Codex's own backfill: ${backfill.status}` : "Codex's own backfill never ran";
  return [
    `database    ${target.path}: ${count(threadCount, "thread")}; ${status}`,
    ...(lease === "held" ? ["            a Codex is backfilling it now, so what follows may change at once"] : []),
    ...(lease === "orphaned"
      ? ["            the Codex that ran it was killed: others wait for it in vain until one takes over"]
      : []),
    ...(target.candidates.length > 1
      ? [
        "other databases:",
        ...target.candidates.filter((one) => !one.used).map((one) => `  ${describeCandidate(one)}`),
      ]
      : []),
    ...(target.configProblem === null ? [] : [`note: ${target.configProblem}`]),
  ];
}

/**
 * What was found, kind by kind.
 *
 * @param findings The findings.
 * @param codexHome Paths in it are shortened.
 * @param all Whether to say also what was not found.
 */
export function findingLines(findings: Findings, codexHome: string, all = false): string[] {
  const { changes, gone, duplicates, malformed, malformedLines, unreadable, elsewhere, notes, inUse, kept } = findings;
  const of = (kind: ChangeKind) => changes.filter(({ kinds }) => kinds.includes(kind));
  const path = (path: unknown) => inside(codexHome, String(path));
  const placed = (place: Place) => `${path(place.path)}: ${place.reason}`;
  const kinds: readonly (readonly [name: string, amount: number, says: string, lines: readonly string[]])[] = [
    ["missing", of("missing").length, "threads that have a rollout and no row", of("missing").map(located)],
    [
      "stale",
      of("stale").length + gone.length,
      "rows that name a file that is gone, of another home, or of another thread",
      [
        ...of("stale").map((change) => `${located(change)}, not ${path(valueBefore(change, "rollout_path"))}`),
        ...gone.map((thread) => `${thread.id}: ${path(thread.path)} is gone`),
      ],
    ],
    [
      "archived",
      of("archived").length,
      "rows that say archived where the folder of the file does not, or the reverse",
      of("archived").map((change) =>
        `${located(change)}, row says ${Number(valueBefore(change, "archived")) === 0 ? "not archived" : "archived"}`
      ),
    ],
    [
      "differing",
      of("differing").length,
      "rows with other columns that a repair would change",
      of("differing").flatMap((change) => columnLines({ ...change, columns: otherColumns(change) })),
    ],
    ["duplicate", duplicates.length, "threads with copies of a rollout", duplicates.map(duplicateLine)],
    [
      "malformed",
      malformed.length,
      "rollouts that give no row",
      malformed.map(({ item, failure }) => `${item.watermark}: ${failure.kind}, ${failure.reason}`),
    ],
    [
      "unreadable",
      unreadable.length,
      "files and folders that cannot be read",
      unreadable.map(placed),
    ],
  ];
  const told = kinds.filter(([, amount]) => all || amount > 0).flatMap((kind) => counted(...kind));
  if (elsewhere.length > 0) {
    const says = "rows that name a file which is not among the rollouts of this home, nor known to be gone; they stay";
    told.push(...counted("elsewhere", elsewhere.length, says, elsewhere.map(placed)));
  }
  if (malformedLines > 0) {
    told.push(...counted("lines", malformedLines, "malformed, in other rollouts, and passed over"));
  }
  if (notes.length > 0) {
    told.push(...counted("notes", notes.length, "on what no rollout depends", notes.map(placed)));
  }
  if (inUse.length > 0) {
    told.push(...counted("in use", inUse.length, "threads that a Codex is at, to compare later", inUse.map(placed)));
  }
  if (kept.length === 0) return told;
  const says = "threads with values that Codex's own backfill would overwrite; they stay";
  return [...told, ...counted("kept", kept.length, says, kept.flatMap(keptLines))];
}

function duplicateLine({ id, chosen, others }: Duplicate): string {
  return `${id}: ${chosen.item.watermark} counts, not ${others.map(({ item }) => item.watermark).join(", ")}`;
}

function keptLines({ id, values }: KeptThread): string[] {
  return values.map(({ column, kept, codexWrites }) => `${id} ${column}: ${shown(kept)}, not ${shown(codexWrites)}`);
}

/** A line a changed column. */
export function columnLines({ id, columns }: ThreadChange): string[] {
  return columns.map(({ column, before, after }) => `${id} ${column}: ${shownChange(before, after)}`);
}

/** A thread, and where its rollout is. */
function located({ id, rollouts }: { readonly id: string; readonly rollouts: readonly ReadRollout[] }): string {
  return `${id}: ${rollouts.at(-1)?.item.watermark ?? ""}`;
}

/** What is said where nothing is wrong, without what it begins with. */
export function equalText({ inUse: { length } }: Findings): string {
  const equal = "database says what the rollouts say";
  if (length === 0) return `${equal}.`;
  return `${equal}, but for ${count(length, "thread")} in use: look again when Codex is done with ` +
    `${length === 1 ? "it" : "them"}.`;
}
