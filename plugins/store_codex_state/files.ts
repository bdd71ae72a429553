/**
 * Which of several files of a thread gives its row. Codex's tables have no place for what the others hold, so it is decided anew
 * in every run, in which every file of a thread comes by.
 *
 * @module
 */
import type { Outcome } from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import { compareCodePoints } from "../../src/order.ts";
import { segmentOfRow } from "../segment.ts";
import { compareClaims } from "../store_choice.ts";
import type { StateThread } from "./columns.ts";

/** What gives a row. */
export interface Giver {
  /** The thread. */
  readonly id: string;
  /** The item. */
  readonly watermark: string;
  /** Where that is listed; what it holds may lie compressed beside it. */
  readonly location: string;
  /** What it holds. */
  readonly thread: CodexThread;
  /** Whether the row that is there was made in this run, by a copy of the file that is not as good. */
  readonly isFresh: boolean;
}

/** What comes of a file. */
export interface Choice {
  /** What gives the row; left out if nothing is to be written for the file now. */
  readonly giver?: Giver;
  /** How many files it shows to be worse than another of their thread. */
  readonly copies: number;
}

/** What decides between two files of a thread. */
interface Claim {
  readonly watermark: string;
  readonly rank: string;
  readonly segment: string;
}

/** The best file so far of a thread. */
interface Best extends Claim {
  /** Whether the thread had no row before this run. */
  readonly isFresh: boolean;
}

/** An outcome that gave a row. */
type Done = Extract<Outcome<CodexThread>, { failure?: undefined }>;

/** What is known of the files of a run. */
export class Files {
  /** The best file of each thread whose row was written or compared. */
  readonly #best = new Map<string, Best>();
  /** The best of the files that wait for the one that the row names. */
  readonly #waiting = new Map<string, Done>();
  /** Files that gave nothing. */
  readonly #failed = new Set<string>();

  /** The files that still wait. */
  heldBack(): Outcome<CodexThread>[] {
    return [...this.#waiting.values()];
  }

  /** Begins a draft, which changes nothing until it is kept. */
  draft(): FilesDraft {
    return new FilesDraft(this.#best, this.#waiting, this.#failed);
  }
}

/** What is known of the files of a run, with those of one batch. */
export class FilesDraft {
  readonly #known: { best: Map<string, Best>; waiting: Map<string, Done>; failed: Set<string> };
  readonly #best = new Map<string, Best>();
  /** `null` where the file that waited was taken. */
  readonly #waiting = new Map<string, Done | null>();
  readonly #failed = new Set<string>();

  /** Begins with what is known. */
  constructor(best: Map<string, Best>, waiting: Map<string, Done>, failed: Set<string>) {
    this.#known = { best, waiting, failed };
  }

  /**
   * Says what gives the row of the thread that an outcome is about.
   *
   * @param outcome The outcome.
   * @param rows The rows that threads have.
   * @param isLast Whether nothing comes that is worth waiting for.
   */
  choose(outcome: Outcome<CodexThread>, rows: ReadonlyMap<string, StateThread>, isLast: boolean): Choice {
    if (outcome.failure) {
      this.#failed.add(outcome.location);
      return { copies: 0 };
    }
    const id = outcome.extraction.row.id.toWellFormed();
    const best = this.#best.get(id) ?? this.#known.best.get(id);
    const again = best?.watermark === outcome.watermark;
    if (best && !again && !isBetter(claimOf(outcome), best)) return { copies: 1 };
    const row = rows.get(id), rival = this.#waitingFor(id);
    if (row && !best && !isLast && this.#mayCome(row.rollout_path, outcome.location)) {
      if (!rival || isBetter(claimOf(outcome), claimOf(rival))) this.#waiting.set(id, outcome);
      return { copies: rival ? 1 : 0 };
    }
    const chosen = rival && !isBetter(claimOf(outcome), claimOf(rival)) ? rival : outcome, claim = claimOf(chosen);
    this.#waiting.set(id, null);
    // A later segment goes on with what an earlier one gave.
    const isFresh = best?.isFresh === true && best.segment === claim.segment;
    this.#best.set(id, { ...claim, isFresh: best ? isFresh : !row });
    const { watermark, location, extraction: { row: thread } } = chosen;
    const giver = { id, watermark, location, thread, isFresh };
    const isBeaten = best ? !again : rival !== undefined && rival.watermark !== outcome.watermark;
    return { giver, copies: isBeaten ? 1 : 0 };
  }

  /** Makes the draft what is known. */
  keep(): void {
    const { best, waiting, failed } = this.#known;
    for (const [id, one] of this.#best) best.set(id, one);
    for (const [id, one] of this.#waiting) one ? waiting.set(id, one) : waiting.delete(id);
    for (const location of this.#failed) failed.add(location);
  }

  #waitingFor(id: string): Done | undefined {
    const waiting = this.#waiting.get(id);
    return waiting === undefined ? this.#known.waiting.get(id) : waiting ?? undefined;
  }

  /** Whether the file that a row names is another one, which is there and was not read yet. */
  #mayCome(path: string, location: string): boolean {
    if (path === location || this.#failed.has(path) || this.#known.failed.has(path)) return false;
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }
}

function claimOf({ watermark, extraction: { rank, row } }: Done): Claim {
  return { watermark, rank, segment: segmentOfRow(row) };
}

/** Whether a file goes before another of the same source: what stands in a segment before the last may have been taken back. */
function isBetter(a: Claim, b: Claim): boolean {
  const bySegment = compareCodePoints(a.segment, b.segment);
  if (bySegment !== 0) return bySegment > 0;
  const there = { source: "", gone: false, failed: false };
  return compareClaims({ ...a, ...there }, { ...b, ...there }) > 0;
}
