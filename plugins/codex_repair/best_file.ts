/**
 * Which of the files of a thread gives its row.
 *
 * @module
 */
import type { Extraction } from "../../src/extractor.ts";
import { compareCodePoints } from "../../src/order.ts";
import { continued, withBeginning } from "../codex_merge/continued.ts";
import type { CodexThread } from "../codex_thread.ts";
import { isSameFile } from "../is_there.ts";
import { segmentOf } from "../segment.ts";
import type { StateRow } from "./contract.ts";
import type { ReadRollout } from "./gather.ts";

/** Groups rollouts by thread, in the order of the last rollout of each: that of Codex's own backfill. */
export function byThread(read: readonly ReadRollout[]): Map<string, ReadRollout[]> {
  const threads = new Map<string, ReadRollout[]>();
  for (const rollout of read) {
    const { key } = rollout;
    const before = threads.get(key);
    threads.delete(key);
    threads.set(key, [...before ?? [], rollout]);
  }
  return threads;
}

/** Whether another of the rollouts of a thread is the same file over again, and not another segment of the thread. */
export function isCopy({ item }: ReadRollout, rollouts: readonly ReadRollout[]): boolean {
  return rollouts.some((other) => other.item !== item && segmentOf(other.item.name) === segmentOf(item.name));
}

/**
 * The rollout that gives the row: of the latest segment, for in those before it stands what was taken back; of copies the highest
 * rank; among equals the file that the row names, else the highest watermark.
 */
export function best(rollouts: readonly ReadRollout[], row: StateRow | undefined): ReadRollout {
  return rollouts.reduce((one, other) => {
    const bySegment = compareSegments(one, other);
    if (bySegment !== 0) return bySegment > 0 ? one : other;
    const byRank = compareCodePoints(one.rank, other.rank);
    if (byRank !== 0) return byRank > 0 ? one : other;
    return isSameFile(one.item.location, row?.rollout_path) && one.rank !== "" ? one : other;
  });
}

/**
 * A rollout with what the best one of each segment before it says: all where the row is missing, else what only the beginning of a
 * thread says.
 */
export function withSegmentsBefore(
  chosen: ReadRollout,
  rollouts: readonly ReadRollout[],
  row: StateRow | undefined,
): ReadRollout {
  const before = rollouts.filter((one) => compareSegments(one, chosen) < 0).toSorted(compareSegments);
  if (before.length === 0) return chosen;
  const segments = Map.groupBy(before, ({ segment }) => segment);
  const parts = [...[...segments.values()].map((copies) => best(copies, undefined)), chosen];
  const extraction = (): Extraction<CodexThread> => {
    const last = chosen.extraction(), whole = parts.map((part) => part.extraction().row).reduce(continued);
    return { ...last, row: row ? withBeginning(whole, last.row, row.preview === "") : whole };
  };
  return { ...chosen, extraction };
}

function compareSegments(one: ReadRollout, other: ReadRollout): number {
  return compareCodePoints(one.segment, other.segment);
}
