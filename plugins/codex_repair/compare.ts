/**
 * Rollouts against rows: what is wrong in a state database, by what a repair would write.
 *
 * @module
 */
import type { SourceProblem } from "../../src/source.ts";
import { byThread } from "./best_file.ts";
import type { RepairPlugins, StateRow, StateView } from "./contract.ts";
import type { Findings, GoneThread, Place } from "./findings.ts";
import { forebearsIn } from "./fork_preview.ts";
import type { FailedRollout, Gathered } from "./gather.ts";
import type { RowPaths } from "./in_home.ts";
import { inTurn } from "./in_turn.ts";
import { judge, type Judgement, surroundings } from "./judge.ts";
import type { LeftFile } from "./left_file.ts";
import { idsIn } from "./named_threads.ts";
import { isOfAnother } from "./owners.ts";

/** What {@linkcode compare} is given. */
export interface CompareInput<Row extends StateRow> extends RowPaths {
  /** What the rollouts hold. */
  readonly gathered: Gathered;
  /** What the database holds. */
  readonly view: Pick<StateView<Row>, "threads" | "edges">;
  /** How rows are merged. */
  readonly plugins: Pick<RepairPlugins<Row>, "merge" | "mergesEveryFile">;
}

/**
 * Compares. A value that a repair would leave is no difference, whatever the rollout says.
 *
 * @param input What there is.
 * @returns What differs.
 */
export async function compare<Row extends StateRow>(
  { gathered, view, plugins, ...paths }: CompareInput<Row>,
): Promise<Findings<Row>> {
  const { read, failed, problems } = gathered;
  const threads = byThread(read);
  const around = surroundings({ gathered, view, plugins, forebears: forebearsIn(threads), paths });
  const unread = new Set(failed.flatMap(({ item }) => idsIn(item)));
  const withRow = new Set<string>(), found = new Map<string, Judgement<Row>>(), gone: GoneThread[] = [];
  const note = (id: string, judgement: Judgement<Row>): void => {
    if (Object.keys(judgement).length > 0) found.set(id, judgement);
  };
  // One row after the other, and none is held that is as it should be: memory has no room for all of a long history.
  await inTurn(view.threads(), (row) => {
    const { id, rollout_path } = row, rollouts = threads.get(id);
    if (rollouts) {
      withRow.add(id);
      note(id, judge(id, rollouts, row, around));
    }
    if (isGone(row)) gone.push({ id, path: rollout_path });
  });
  await inTurn(threads, ([id, rollouts]) => {
    if (!withRow.has(id)) note(id, judge(id, rollouts, undefined, around));
  });
  const judgements = [...threads.keys()].flatMap((id) => found.get(id) ?? []);
  const left = judgements.flatMap(({ leftTo }) => leftTo ?? []);
  const unreadLeft = Map.groupBy(left.filter(({ isUnread }) => isUnread), ({ failed }) => failed);
  const told = failed.map((one) => withRows(one, unreadLeft.get(one)));
  return {
    rollouts: read.length + failed.length,
    threads: threads.size,
    changes: judgements.flatMap(({ change }) => change ?? []),
    gone,
    duplicates: judgements.flatMap(({ duplicate }) => duplicate ?? []),
    malformed: told.filter(({ failure }) => !failure.transient),
    malformedLines: read.reduce((sum, { malformed }) => sum + malformed, 0),
    unreadable: [
      ...placesOf(problems.filter(({ hides }) => hides !== undefined)),
      ...told.filter(({ failure }) => failure.transient)
        .map(({ item, failure }) => ({ path: item.location, reason: failure.reason })),
      ...(unreadLeft.get(undefined) ?? []).map(leftPlace),
    ],
    elsewhere: left.filter(({ isUnread }) => !isUnread)
      .map((file) => ({ ...leftPlace(file), missingFolder: file.missingFolder })),
    notes: placesOf(problems.filter(({ hides }) => hides === undefined)),
    inUse: [],
    kept: judgements.flatMap(({ kept }) => kept ?? []),
  };

  /** Whether a row has no file: what cannot be read may be a thread's if it is called like it. */
  function isGone(row: Row): boolean {
    const id = row.id.toLowerCase();
    if (threads.has(id) || unread.has(id)) return false;
    return isOfAnother(row, around.owners) || !paths.exists(row.rollout_path);
  }
}

function placesOf(problems: readonly SourceProblem[]): Place[] {
  return problems.map(({ location, reason }) => ({ path: location, reason }));
}

/** A rollout that gives no row, with the rows that are left with it all the same. */
function withRows(rollout: FailedRollout, left: readonly LeftFile[] = []): FailedRollout {
  if (left.length === 0) return rollout;
  const rows = left.map(({ id }) => `; the row of ${id} stays with it`).join("");
  return { ...rollout, failure: { ...rollout.failure, reason: rollout.failure.reason + rows } };
}

function leftPlace({ id, path, why }: LeftFile): Place {
  return { path, reason: `the row of ${id} names it, and it ${why}` };
}
