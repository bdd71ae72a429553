/**
 * What this plugin needs of others, which it does not know: a reader and a store of Codex's state database, and the way in which
 * a thread is merged into a row of it.
 *
 * @module
 */
import type { Extractor } from "../../src/extractor.ts";
import type { Source } from "../../src/source.ts";
import type { Store } from "../../src/store.ts";
import type { CodexThread, Integer, SpawnEdge } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";

/** A row of `threads` in a state database: at least the columns that decide whether and where Codex shows it. */
export interface StateRow {
  /** The thread. */
  readonly id: string;
  /** The absolute path of its rollout. */
  readonly rollout_path: string;
  /** 1 if it is archived. */
  readonly archived: Integer;
  /** What started it. */
  readonly source: string;
  /** Its model provider. */
  readonly model_provider: string;
  /** What a list shows of it. */
  readonly preview: string;
  /** Its working directory. */
  readonly cwd: string;
  /** When it was last changed, in milliseconds. */
  readonly updated_at_ms: Integer | null;
  /** The thread that it is shown under instead of in a list, or `null`. */
  readonly attached_thread_parent_id: string | null;
}

/** How far Codex's own backfill has come; the times in seconds since the epoch. */
export interface CodexBackfill {
  /** `pending`, `running` or `complete`. */
  readonly status: string;
  /** The last path that was processed, or `null`. */
  readonly lastWatermark: string | null;
  /** When the row was last written: a `running` one is a lease for 15 minutes from then. */
  readonly updatedAt: number;
}

/**
 * What Codex's own backfill means for somebody who wants to write: `held` by a Codex that was heard of less than 15 minutes ago,
 * `orphaned` by one that was not, `idle` if it is yet to begin, `complete`, or `unknown`.
 */
export type CodexLease = "idle" | "held" | "orphaned" | "complete" | "unknown";

/** What stands in a state database. Looking leaves every byte as it is. */
export interface StateView<Row extends StateRow = StateRow> extends Disposable {
  /** Why it is not to be written, and what to do; `null` if it may be. Nothing can be read of it otherwise. */
  readonly refusal: string | null;
  /** How far Codex's own backfill has come; `null` if nothing is recorded. */
  readonly backfill: CodexBackfill | null;
  /** How many threads it has. */
  readonly threadCount: number;
  /** Every thread. */
  threads(): Iterable<Row>;
  /** One thread, if it has it. */
  thread(id: string): Row | undefined;
  /** Who spawned whom. */
  edges(): readonly SpawnEdge[];
}

/** A value that is kept although Codex's own backfill would write another. */
export interface KeptValue {
  /** The column. */
  readonly column: string;
  /** What is kept. */
  readonly kept: unknown;
  /** What Codex would write. */
  readonly codexWrites: unknown;
}

/** What comes of a row and a thread. */
export interface MergedRow<Row extends StateRow = StateRow> {
  /** The row to write. */
  readonly row: Row;
  /** What in it is better than Codex's rule. */
  readonly kept: readonly KeptValue[];
}

/** A store on a state database. */
export interface StateStore extends Store<CodexThread> {
  /** The path of the copy from before the first write; `undefined` while nothing was written. */
  snapshot(): string | undefined;
  /** How to go back to that copy, for a person to read; `undefined` while there is none. */
  howToRestore(): string | undefined;
  /**
   * How many rows were made and changed since it was opened, how many were left to a Codex that was at their rollout, and which
   * could not be written at the end of a run, when no failure could be told any more.
   */
  changes(): {
    readonly inserted: number;
    readonly updated: number;
    readonly busy: number;
    readonly refused: readonly { readonly watermark: string; readonly reason: string }[];
  };
  /** Removes the rows of threads, with what hangs on them, if that still holds of them, and says how many there were. */
  prune(ids: readonly string[], holds?: (row: Pick<StateRow, "id" | "rollout_path">) => boolean): Promise<number>;
}

/** What a store is told of what is to be written. */
export interface StateUse<Row extends StateRow = StateRow> {
  /** What the row of a thread was when that was decided: one that is another by now is left to whoever wrote it. */
  readonly seen: (id: string) => Row | undefined;
  /** Whether Codex's own backfill has come to its end with it. */
  readonly completes: boolean;
}

/** The other plugins, as they are wired to this one. */
export interface RepairPlugins<Row extends StateRow = StateRow> {
  /** What the home has. */
  readonly source: Source<RolloutItem>;
  /** Reads it. */
  readonly extractor: Extractor<RolloutItem, CodexThread>;
  /** Whether every file of a thread is merged in turn, as Codex does, rather than the best alone. */
  readonly mergesEveryFile: boolean;
  /** Opens a state database for looking. */
  inspect(path: string): Promise<StateView<Row>>;
  /** Says what the state of Codex's own backfill in a database means now, in milliseconds since the epoch. */
  lease(path: string, backfill: CodexBackfill | null, at: number): CodexLease;
  /** How long Codex's word that it is backfilling counts, in seconds. */
  readonly leaseSeconds: number;
  /**
   * Merges a thread into a row, or makes a row of it. Depends on nothing but these and the row that was found before any other
   * file of the thread was merged.
   */
  merge(row: Row | undefined, thread: CodexThread, found?: Row): MergedRow<Row>;
  /** Opens a state database for writing. */
  open(path: string, use: StateUse<Row>): Promise<StateStore>;
}
