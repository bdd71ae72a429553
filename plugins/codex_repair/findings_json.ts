/**
 * Findings, for programs.
 *
 * @module
 */
import { jsonValue, sample } from "./answer.ts";
import type { StateRow } from "./contract.ts";
import {
  type ColumnChange,
  countChanges,
  type Findings,
  otherColumns,
  type ThreadChange,
  valueBefore,
} from "./findings.ts";
import type { Target } from "./target.ts";
import type { Verification } from "./verify.ts";

/** Home and database for programs. */
export function targetJson({ codexHome, path, candidates, configProblem }: Target): Record<string, unknown> {
  return { codex_home: codexHome, state_db: path, candidates, config_problem: configProblem };
}

/** Codex's own backfill for programs. */
export function backfillJson({ backfill, lease }: Verification): Record<string, unknown> | null {
  return backfill && {
    status: backfill.status,
    last_watermark: backfill.lastWatermark,
    updated_at: backfill.updatedAt,
    lease,
  };
}

/** Findings for programs: counts, and samples. */
export function findingsJson(findings: Findings): Record<string, unknown> {
  const { changes, gone, duplicates, malformed, unreadable, elsewhere, notes, inUse, kept } = findings;
  const of = (kind: ThreadChange["kinds"][number]) => changes.filter(({ kinds }) => kinds.includes(kind));
  const path = (change: ThreadChange<StateRow>) => ({ thread_id: change.id, path: change.path });
  return {
    rollouts: findings.rollouts,
    threads: findings.threads,
    repairable: changes.length,
    missing: countChanges(findings, "missing"),
    stale: countChanges(findings, "stale") + gone.length,
    archived: countChanges(findings, "archived"),
    differing: countChanges(findings, "differing"),
    duplicate: duplicates.length,
    malformed: malformed.length,
    malformed_lines: findings.malformedLines,
    unreadable: unreadable.length,
    elsewhere: elsewhere.length,
    notes: notes.length,
    in_use: inUse.length,
    kept: kept.length,
    samples: {
      missing: sample(of("missing"), path),
      stale: sample([
        ...of("stale").map((change) => ({ ...path(change), row_path: jsonValue(valueBefore(change, "rollout_path")) })),
        ...gone.map(({ id, path }) => ({ thread_id: id, path: null, row_path: path })),
      ], (one) => one),
      archived: sample(
        of("archived"),
        (change) => ({ ...path(change), row: jsonValue(valueBefore(change, "archived")) }),
      ),
      differing: sample(of("differing"), (change) => ({
        thread_id: change.id,
        columns: columnsJson(otherColumns(change)),
      })),
      duplicate: sample(duplicates, ({ id, chosen, others }) => ({
        thread_id: id,
        chosen: chosen.item.location,
        others: others.map(({ item }) => item.location),
      })),
      malformed: sample(malformed, ({ item, failure }) => ({
        path: item.location,
        kind: failure.kind,
        reason: failure.reason,
      })),
      unreadable: sample(unreadable, (one) => one),
      elsewhere: sample(elsewhere, ({ path, reason }) => ({ path, reason })),
      notes: sample(notes, (one) => one),
      in_use: sample(inUse, (one) => one),
      kept: sample(kept, ({ id, values }) => ({
        thread_id: id,
        columns: values.map(({ column, kept, codexWrites }) => ({
          column,
          kept: jsonValue(kept),
          codex_writes: jsonValue(codexWrites),
        })),
      })),
    },
  };
}

/** Columns that a repair would change, for programs. */
export function columnsJson(columns: readonly ColumnChange[]): Record<string, unknown>[] {
  return columns.map(({ column, before, after }) => ({ column, before: jsonValue(before), after: jsonValue(after) }));
}
