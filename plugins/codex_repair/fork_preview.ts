/**
 * The preview of a fork.
 *
 * Codex 0.169 gives a paginated fork the preview of the thread that it was forked from, and keeps it whatever is said in the fork:
 * a list shows it from the beginning. The fork's own file tells nothing of it, so that a row made of that alone hides a fork in
 * which nothing was said yet. A legacy fork has a copy of what was said, and one from before the first turn has nothing of it.
 *
 * @module
 */
import type { Extraction } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import { best, withSegmentsBefore } from "./best_file.ts";
import type { StateRow } from "./contract.ts";
import type { ReadRollout } from "./gather.ts";

/** What a thread says to those that are forked from it. */
interface Forebear {
  /** Its own preview. */
  readonly preview: string;
  /** The thread that it was forked from itself. */
  readonly from: string | undefined;
}

/** Gives a thread as a forebear; nothing if it was not read. */
export type Forebears = (id: string) => Forebear | undefined;

/** What all rollouts of a thread say together. */
function wholeOf(rollouts: readonly ReadRollout[]): CodexThread {
  return withSegmentsBefore(best(rollouts, undefined), rollouts, undefined).extraction().row;
}

/**
 * Threads as forebears. Each that is asked for is looked into once, however many forks go back to it.
 *
 * @param threads The rollouts of each.
 */
export function forebearsIn(threads: ReadonlyMap<string, readonly ReadRollout[]>): Forebears {
  const known = new Map<string, Forebear>();
  return (id) => {
    const before = known.get(id), rollouts = threads.get(id);
    if (before || !rollouts) return before;
    const forebear = forebearOf(wholeOf(rollouts));
    known.set(id, forebear);
    return forebear;
  };
}

function forebearOf({ preview, forked_from: from }: CodexThread): Forebear {
  return { preview, from };
}

/**
 * Whether a thread gets the preview of its parent: a fork, unless a list shows it, for then it has one.
 *
 * @param row Its row, if it has one.
 * @param rollouts Its rollouts.
 */
export function takesPreview(row: StateRow | undefined, rollouts: readonly Pick<ReadRollout, "isFork">[]): boolean {
  return (!row || row.preview === "") && rollouts.some(({ isFork }) => isFork);
}

/**
 * A rollout with the preview of the thread that it was forked from, if it is a fork and that was read.
 *
 * @param fork The rollout.
 * @param forebears That thread, and those that it was forked from itself.
 */
export function withPreviewOfParent(fork: ReadRollout, forebears: Forebears): ReadRollout {
  const extraction = (): Extraction<CodexThread> => {
    const own = fork.extraction(), seen = new Set([fork.key]);
    let { preview, forked_from: from } = own.row;
    while (from !== undefined && !seen.has(from)) {
      seen.add(from);
      const parent = forebears(from);
      if (!parent) break;
      preview = parent.preview || preview;
      from = parent.from;
    }
    return { ...own, row: { ...own.row, preview } };
  };
  return { ...fork, extraction };
}

/**
 * Reads the threads that a thread was forked from, each as the one before says.
 *
 * @param rollouts The rollouts of the thread.
 * @param read Reads those of another.
 */
export async function readForebears(
  rollouts: readonly ReadRollout[],
  read: (id: string) => Promise<readonly ReadRollout[]>,
): Promise<Forebears> {
  const known = new Map<string, Forebear>();
  for (let last = rollouts; last.length > 0;) {
    const thread = wholeOf(last), { forked_from: from } = thread;
    known.set(thread.id, forebearOf(thread));
    if (from === undefined || known.has(from)) break;
    last = await read(from);
  }
  return (id) => known.get(id);
}
