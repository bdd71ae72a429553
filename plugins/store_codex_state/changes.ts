/**
 * Counting what is done to a database.
 *
 * @module
 */
import type { CommitPlan } from "./committer.ts";

/** What was done to a database since it was opened. */
export interface CodexStateChanges {
  /** Rows that were made, however many files made them what they are. */
  readonly inserted: number;
  /** Rows that were there before and were changed, or got an edge. */
  readonly updated: number;
  /** Rows that hold a better value than Codex's own backfill would have left, because of how they were merged. */
  readonly kept: number;
  /** Rows that were left to a Codex that was writing to them or to their rollout, or moved or removed it. */
  readonly busy: number;
  /** Files whose thread has a better one. */
  readonly copies: number;
  /** Rows that were removed. */
  readonly pruned: number;
  /**
   * Items that were stored by their batch, which waited for a better file of their thread until the end, and whose row the database
   * did not take then; and why.
   */
  readonly refused: readonly { readonly watermark: string; readonly reason: string }[];
}

/** Counts what is done since a database was opened. */
export class Changes {
  /** The threads that were written, each of which counts once. */
  readonly #written = new Set<string>();
  readonly #refused: { readonly watermark: string; readonly reason: string }[] = [];
  #counts = { inserted: 0, updated: 0, kept: 0, busy: 0, copies: 0, pruned: 0 };

  /** What was done so far. */
  get soFar(): CodexStateChanges {
    return { ...this.#counts, refused: [...this.#refused] };
  }

  /** Whether a row was made or changed. */
  get areAny(): boolean {
    return this.#written.size > 0;
  }

  /**
   * Counts what was committed.
   *
   * @param plan What was planned.
   * @param refused The items of it whose row the database did not take.
   */
  count({ writes, edges, counts }: CommitPlan, refused: ReadonlyMap<string, string>): void {
    for (const { watermark, before, row } of writes) if (!refused.has(watermark)) this.#countThread(row.id, !before);
    for (const { child_thread_id } of edges) this.#countThread(child_thread_id, false);
    this.#counts.kept += counts.kept;
    this.#counts.busy += counts.busy;
    this.#counts.copies += counts.copies;
  }

  /** Notes what was refused when a run was over, and no batch was left that could have told of it. */
  refuse(refused: ReadonlyMap<string, string>): void {
    for (const [watermark, reason] of refused) this.#refused.push({ watermark, reason });
  }

  /** Counts rows that were removed. */
  prune(count: number): void {
    this.#counts.pruned += count;
  }

  #countThread(id: string, isNew: boolean): void {
    if (this.#written.has(id)) return;
    this.#written.add(id);
    if (isNew) this.#counts.inserted++;
    else this.#counts.updated++;
  }
}
