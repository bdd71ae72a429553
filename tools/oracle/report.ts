/**
 * Says where Codex and we differ, the most frequent kind first.
 *
 * @module
 */
import { describe, type Difference } from "./compare.ts";
import type { Verdict } from "./judge.ts";

/** How many differences of a kind are shown in full. */
const SHOWN = 3;

/**
 * Spells a verdict as lines of text.
 *
 * @param version The version of Codex.
 * @param verdict What came out.
 * @param notes What is known of a rollout, by its path relative to the home.
 * @returns The lines.
 */
export function report(version: string, verdict: Verdict, notes: ReadonlyMap<string, string> = new Map()): string[] {
  const { expected, actual, differences } = verdict;
  const threads = `${expected.threads?.length ?? 0} threads`;
  if (actual === undefined) {
    return [`${version}: ${threads}, not compared: our command does not know --compat ${version}`];
  }
  if (differences.length === 0) return [`${version}: ${threads}, no difference`];
  const kinds = Map.groupBy(differences, kindOf);
  const byFrequency = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  return [
    `${version}: ${threads}, ${differences.length} ${differences.length === 1 ? "difference" : "differences"}`,
    ...byFrequency.flatMap(([kind, some]) => [
      `  ${kind}: ${some.length}`,
      ...some.slice(0, SHOWN).flatMap((difference) => {
        const path = rolloutOf(difference, verdict);
        const note = path === undefined ? undefined : notes.get(path);
        return [
          `    ${describe(difference)}`,
          ...(path === undefined ? [] : [`      ${path}`]),
          ...(note === undefined ? [] : [`      ${note}`]),
        ];
      }),
    ]),
  ];
}

/** The rollout that a difference is about, relative to the home. */
export function rolloutOf(difference: Difference, { expected, actual }: Verdict): string | undefined {
  if (difference.kind === "missing table") return undefined;
  const id = difference.key.split("/")[0];
  const row = [expected, actual].flatMap((tables) => tables?.threads ?? []).find((thread) => thread.id === id);
  return typeof row?.rollout_path === "string" ? row.rollout_path.replace("$HOME_DIR/", "") : undefined;
}

function kindOf(difference: Difference): string {
  const { kind, table } = difference;
  return kind === "column" ? `${table}.${difference.column}` : `${table}, ${kind}`;
}
