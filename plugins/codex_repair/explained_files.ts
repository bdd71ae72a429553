/**
 * The files of a thread, and what becomes of each.
 *
 * @module
 */
import type { RolloutItem } from "../rollout_item.ts";
import { isCopy } from "./best_file.ts";
import type { Gathered, ReadRollout } from "./gather.ts";
import { isNamed } from "./named_threads.ts";

/** A rollout that is about a thread, or is named for it. */
export interface ExplainedFile {
  /** Its absolute path. */
  readonly path: string;
  /** Its size in bytes, as stored. */
  readonly size: number;
  /** Whether it lies among the archived ones. */
  readonly archived: boolean;
  /**
   * What becomes of it: it gives the row, it would if the row were not left with the file that it names, it is a copy of another, it
   * is a part from before Codex went back in the thread, it is of another thread, or it gives no row.
   */
  readonly role: "gives the row" | "not taken" | "copy" | "another part" | "other thread" | "no row";
  /** Why it gives none, or the id of the other thread. */
  readonly reason: string | null;
  /** Lines in it that are malformed and passed over. */
  readonly malformedLines: number;
}

/**
 * Says what becomes of each file that is about a thread, or is named for it.
 *
 * @param gathered What was read.
 * @param id The thread.
 * @param chosen The rollout that gives the row, if one does.
 * @param stays Whether the row is left with the file that it names instead.
 */
export function filesOf(
  { read, failed }: Gathered,
  id: string,
  chosen: ReadRollout | undefined,
  stays: boolean,
): ExplainedFile[] {
  const best = stays ? "not taken" : "gives the row";
  const files: ExplainedFile[] = [];
  const ours = read.filter(({ key }) => key === id);
  for (const rollout of read) {
    const { item, key, malformed } = rollout;
    const isOurs = key === id;
    if (!isOurs && !isNamed(item, id)) continue;
    const role = rollout === chosen ? best : isCopy(rollout, ours) ? "copy" : "another part";
    files.push({
      ...factsOf(item),
      role: isOurs ? role : "other thread",
      reason: isOurs ? null : key,
      malformedLines: malformed,
    });
  }
  for (const { item, failure } of failed) {
    if (!isNamed(item, id)) continue;
    files.push({ ...factsOf(item), role: "no row", reason: `${failure.kind}: ${failure.reason}`, malformedLines: 0 });
  }
  return files;
}

function factsOf({ location, size, archived }: RolloutItem): Pick<ExplainedFile, "path" | "size" | "archived"> {
  return { path: location, size, archived };
}
