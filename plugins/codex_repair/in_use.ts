/**
 * Threads that a Codex is at while they are compared: the database is looked at before the rollouts, so that row and rollout may
 * differ although each was right when it was looked at.
 *
 * @module
 */
import { hasGrown } from "../grown.ts";
import type { StateRow, StateView } from "./contract.ts";
import type { Findings, Place, ThreadChange } from "./findings.ts";
import { inTurn } from "./in_turn.ts";

/**
 * Takes what is in use out of what was found to change, or to be gone.
 *
 * @param findings What was found.
 * @param later The database as it is since all rollouts were read; `undefined` if that was what they were compared with.
 * @returns The findings without those of rows that are others by now, and of rollouts that have grown.
 */
export async function apartFromInUse<Row extends StateRow>(
  findings: Findings<Row>,
  later: Pick<StateView<Row>, "threads"> | undefined,
): Promise<Findings<Row>> {
  const { changes, gone, kept } = findings;
  const written = later ? await writtenSince(findings, later) : new Set<string>();
  const isInUse = (change: ThreadChange<Row>) => written.has(change.id) || isGrowing(change);
  const used = changes.filter(isInUse), ids = new Set(used.map(({ id }) => id));
  return {
    ...findings,
    changes: changes.filter(({ id }) => !ids.has(id)),
    gone: gone.filter(({ id }) => !written.has(id)),
    kept: kept.filter(({ id }) => !ids.has(id)),
    inUse: used.map(({ id, path }): Place => ({
      path,
      reason: `a Codex wrote to it or to the row of ${id} meanwhile`,
    })),
  };
}

/** The threads whose rows somebody made, changed or removed. */
async function writtenSince<Row extends StateRow>(
  { changes, gone }: Pick<Findings<Row>, "changes" | "gone">,
  later: Pick<StateView<Row>, "threads">,
): Promise<ReadonlySet<string>> {
  const rows = new Map(changes.map(({ id, before }) => [id, before])),
    paths = new Map(gone.map((one) => [one.id, one.path]));
  const written = new Set([...changes.filter(({ before }) => before), ...gone].map(({ id }) => id));
  await inTurn(later.threads(), (row) => {
    const { id, rollout_path } = row, before = rows.get(id);
    if (before ? isSameRow(before, row) : paths.get(id) === rollout_path) written.delete(id);
    else if (rows.has(id)) written.add(id);
  });
  return written;
}

function isSameRow<Row extends StateRow>(one: Row, other: Row): boolean {
  const values = new Map(Object.entries(other));
  return Object.entries(one).every(([column, value]) => values.get(column) === value);
}

/** A row that is missing is so however its rollout grows. */
function isGrowing({ before, rollouts }: ThreadChange): boolean {
  return before !== undefined && rollouts.some(({ item }) => hasGrown(item.location, item.modifiedMs));
}
