/**
 * What a batch means for the rows of Codex's database: which files give rows, and what has to be written for it.
 *
 * @module
 */
import { UniqueTimes } from "../codex_merge/like_0169.ts";
import type { Outcome } from "../../src/store.ts";
import type { CodexThread, SpawnEdge } from "../codex_thread.ts";
import { hasGrown } from "../grown.ts";
import { isSameFile, isThere } from "../is_there.ts";
import type { StateThread } from "./columns.ts";
import { type CodexStateCompat, type KeptValue, mergeRollout, rolloutRow } from "./merge.ts";
import { type Choice, Files } from "./files.ts";
import type { StateRows } from "./rows.ts";

/** One row to write. */
export interface RowWrite {
  /** The item that gives it. */
  readonly watermark: string;
  /** The row that there is; `undefined` if it is made. */
  readonly before: StateThread | undefined;
  /** Whether it was made by this run, from a file that is not the best. */
  readonly isRemade: boolean;
  /** The row. */
  readonly row: StateThread;
  /** What in it was kept although Codex would not. */
  readonly kept: readonly KeptValue[];
}

/** What a batch comes to. Nothing is changed by making it. */
export interface CommitPlan {
  /** The rows to write. */
  readonly writes: readonly RowWrite[];
  /** The edges to record. */
  readonly edges: readonly SpawnEdge[];
  /** Items whose row cannot be stored, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** How many rows were compared, were changed by Codex meanwhile, hold kept values, or what files are worse than another. */
  readonly counts: { readonly compared: number; readonly busy: number; readonly kept: number; readonly copies: number };
  /** Notes what was planned, once it is committed. */
  readonly done: () => void;
}

/** Plans batches of one run after the other. */
export class StateCommitter {
  readonly #rows: StateRows;
  readonly #compat: CodexStateCompat | undefined;
  readonly #leavesMoved: boolean;
  readonly #seen: ((id: string) => StateThread | undefined) | undefined;
  /** Threads whose row was looked at in this run, and whether somebody else had written it. */
  #isTouched = new Map<string, boolean>();
  #times = new UniqueTimes(-Infinity);
  #files = new Files();

  /** Uses a database. */
  constructor(
    rows: StateRows,
    { compat, leavesMoved, seen }: {
      readonly compat: CodexStateCompat | undefined;
      readonly leavesMoved: boolean;
      readonly seen: ((id: string) => StateThread | undefined) | undefined;
    },
  ) {
    this.#rows = rows;
    this.#compat = compat;
    this.#leavesMoved = leavesMoved;
    this.#seen = compat === undefined ? seen : undefined;
  }

  /** Begins a run. */
  begin(): void {
    this.#times = new UniqueTimes(this.#compat === undefined ? -Infinity : this.#rows.latestUpdate());
    this.#files = new Files();
    this.#isTouched = new Map();
  }

  /** What is left to be decided at the end of a run: files whose thread has a row of another file that did not come. */
  get left(): readonly Outcome<CodexThread>[] {
    return this.#files.heldBack();
  }

  /**
   * Plans a batch. Belongs into the transaction in which it is written.
   *
   * @param outcomes The outcomes.
   * @param isLast Whether nothing comes after them.
   */
  plan(outcomes: readonly Outcome<CodexThread>[], isLast: boolean): CommitPlan {
    const ids = outcomes.flatMap(({ extraction }) => extraction ? [extraction.row.id.toWellFormed()] : []);
    const rows = this.#rows.read([...new Set(ids)]);
    const files = this.#files.draft();
    const times = new UniqueTimes(this.#times.latest);
    const writes: RowWrite[] = [], refused = new Map<string, string>(), edges = new Map<string, SpawnEdge>();
    const counts = { compared: 0, busy: 0, kept: 0, copies: 0 }, isTouched = new Map<string, boolean>();
    for (const outcome of outcomes) {
      const { giver, copies } = this.#compat === undefined ? files.choose(outcome, rows, isLast) : lastWins(outcome);
      counts.copies += copies;
      if (!giver) continue;
      counts.compared++;
      try {
        const { id, watermark, location, thread, isFresh } = giver;
        const before = rows.get(id);
        if (this.#wasTouched(id, before, isTouched)) {
          counts.busy++;
          continue;
        }
        const given = this.#compat === undefined ? rolloutRow(thread) : times.apply(rolloutRow(thread));
        const { row: merged, kept } = mergeRollout(isFresh ? undefined : before, id, given, this.#compat);
        const row = this.#compat === undefined ? withPathOf(before, merged) : merged;
        const isMoved = this.#leavesMoved && !isThere(thread.rollout_path);
        if (thread.spawn_edge && !isMoved) edges.set(id, { ...thread.spawn_edge, child_thread_id: id });
        if (kept.length > 0) counts.kept++;
        if (before && !this.#rows.differ(before, row)) continue;
        const isBusy = before && this.#compat === undefined &&
          hasGrown(thread.rollout_path, Number(given.updated_at_ms), location);
        // Somebody archived or deleted the thread.
        if (isBusy || isMoved) {
          counts.busy++;
          continue;
        }
        writes.push({ watermark, before, isRemade: isFresh, row, kept });
        rows.set(id, row);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        refused.set(giver.watermark, error.message);
      }
    }
    const known = this.#rows.spawned([...edges.keys()]);
    return {
      writes,
      edges: [...edges.values()].filter(({ child_thread_id }) => !known.has(child_thread_id)),
      refused,
      counts,
      done: () => {
        this.#times = times;
        for (const [id, one] of isTouched) this.#isTouched.set(id, one);
        files.keep();
      },
    };
  }

  /** Whether somebody else wrote a row since it was seen. What this run writes itself is no such thing. */
  #wasTouched(id: string, row: StateThread | undefined, inBatch: Map<string, boolean>): boolean {
    if (!this.#seen) return false;
    const known = inBatch.get(id) ?? this.#isTouched.get(id);
    if (known !== undefined) return known;
    const seen = this.#seen(id), isTouched = row && seen ? this.#rows.differ(row, seen) : row !== seen;
    inBatch.set(id, isTouched);
    return isTouched;
  }
}

/** The row with the path that it had, if that leads to the same file: through other links, or compressed. */
function withPathOf(before: StateThread | undefined, row: StateThread): StateThread {
  return before && isSameFile(row.rollout_path, before.rollout_path)
    ? { ...row, rollout_path: before.rollout_path }
    : row;
}

/** Codex knows no choice: whatever comes last gives the row. */
function lastWins({ watermark, location, extraction }: Outcome<CodexThread>): Choice {
  if (!extraction) return { copies: 0 };
  const giver = { id: extraction.row.id.toWellFormed(), watermark, location, thread: extraction.row, isFresh: false };
  return { giver, copies: 0 };
}
