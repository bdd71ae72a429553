/**
 * Reading every rollout of a home without writing anything: a backfill into a store that only remembers.
 *
 * @module
 */
import { backfill } from "../../src/backfill.ts";
import type { BackfillListener } from "../../src/events.ts";
import type { Extraction } from "../../src/extractor.ts";
import type { PassedOver, Source, SourceProblem } from "../../src/source.ts";
import type { Batch, Failure, Lease, LeaseHolder, Outcome, SourceState, Store } from "../../src/store.ts";
import type { CodexThread, SpawnEdge } from "../codex_thread.ts";
import { READABLE_MS } from "../early_times.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { segmentOfRow } from "../segment.ts";
import type { RepairPlugins } from "./contract.ts";
import type { Spill } from "./spill.ts";

/** A rollout that gives a row: what decides between files, and a way to what it holds. */
export interface ReadRollout {
  /** The file. */
  readonly item: RolloutItem;
  /** The thread that it is about. */
  readonly key: string;
  /** Its rank among the files of that thread. */
  readonly rank: string;
  /** Which segment of the thread it is; empty for the file that the thread begins in. */
  readonly segment: string;
  /** Lines in it that are malformed and passed over. */
  readonly malformed: number;
  /** Who spawned the thread. */
  readonly edge: SpawnEdge | null;
  /** Whether the thread was forked, of whose history its file has no copy. */
  readonly isFork: boolean;
  /** What it holds. Asked for when it is needed: of a long history, memory has no room for all of it. */
  extraction(): Extraction<CodexThread>;
}

/** A rollout that gives none. */
export interface FailedRollout {
  /** The file. */
  readonly item: RolloutItem;
  /** Why. */
  readonly failure: Failure;
}

/** What the rollouts of a home hold. */
export interface Gathered {
  /** The rollouts that give a row, in the order of watermarks. */
  readonly read: readonly ReadRollout[];
  /** The rollouts that give none, in the order of watermarks. */
  readonly failed: readonly FailedRollout[];
  /** Places that could not be listed. */
  readonly problems: readonly SourceProblem[];
  /** What was left out by the rules of the source. */
  readonly passedOver: readonly PassedOver[];
  /** Those up to this watermark were passed over; `null` if none was. */
  readonly after: string | null;
  /** Whether it was cancelled before the end. */
  readonly interrupted: boolean;
}

/** How {@linkcode gather} works. */
export interface GatherOptions {
  /** Where what is read waits until it is asked for. */
  readonly spill: Spill;
  /** Takes the rollouts above this watermark only, as a backfill does that was stopped. */
  readonly after?: string | null;
  /** Threads that extract. Default: one a core. */
  readonly workers?: number;
  /** Cancels. */
  readonly signal?: AbortSignal;
  /** Is told what happens. */
  readonly onEvent?: BackfillListener;
}

/**
 * Reads every rollout.
 *
 * @param plugins What lists and what reads them.
 * @param options How.
 * @returns What they hold.
 * @throws {SourceError} If the home cannot be listed.
 */
export async function gather(
  { source, extractor, mergesEveryFile }: Pick<RepairPlugins, "source" | "extractor" | "mergesEveryFile">,
  { spill, after = null, workers, signal, onEvent }: GatherOptions,
): Promise<Gathered> {
  const listed = new Map<string, RolloutItem>();
  const problems: SourceProblem[] = [], passedOver: PassedOver[] = [];
  const read: ReadRollout[] = [], failed: FailedRollout[] = [];
  const take = ({ watermark, extraction, failure }: Outcome<CodexThread>): void => {
    const item = listed.get(watermark);
    if (!item) return;
    listed.delete(watermark);
    const wrong = extraction && !mergesEveryFile ? farTime(extraction.row) : failure;
    if (wrong) failed.push({ item, failure: wrong });
    else if (extraction) read.push(readRollout(item, extraction, spill));
  };
  const report = await backfill({
    source: {
      id: source.id,
      items: (options) => remember(source.items(options), listed),
      open: (item) => source.open(item),
      ...(source.worker ? { worker: source.worker } : {}),
    },
    extractor,
    store: new Taker(source.id, after, take),
    ...(workers === undefined ? {} : { workers }),
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => {
      if (event.type === "problem") problems.push(event.problem);
      if (event.type === "passed_over") passedOver.push(event.passedOver);
      onEvent?.(event);
    },
  });
  return { read, failed, problems, passedOver, after, interrupted: report.status === "interrupted" };
}

/** Holds of a rollout what is asked for of each. Nothing goes on from here, so that no snapshot is needed. */
function readRollout(
  item: RolloutItem,
  { snapshot: _, ...extraction }: Extraction<CodexThread>,
  spill: GatherOptions["spill"],
): ReadRollout {
  const { key, rank, malformed, row } = extraction;
  const segment = segmentOfRow(row), edge = row.spawn_edge, isFork = row.forked_from !== undefined;
  return { item, key, rank, malformed, segment, edge, isFork, extraction: spill.put(extraction) };
}

/** What is wrong with a thread at a time that Codex cannot read back, unless it is to do what it does. */
function farTime({ created_at_ms, updated_at_ms }: CodexThread): Failure | undefined {
  const far = [created_at_ms, updated_at_ms].find((ms) =>
    ms !== null && (ms < READABLE_MS.least || ms > READABLE_MS.most)
  );
  if (far === undefined) return undefined;
  const reason =
    `it is of a time that Codex cannot hold, ${far} milliseconds since 1970: with a row of it, it lists no thread`;
  return { kind: "far-time", reason, transient: false };
}

async function* remember(
  listing: ReturnType<Source<RolloutItem>["items"]>,
  items: Map<string, RolloutItem>,
): AsyncGenerator<RolloutItem> {
  for await (const item of listing) {
    if (!items.has(item.watermark)) items.set(item.watermark, item);
    yield item;
  }
}

/** A store for one run, which hands the outcomes on, and writes nothing anywhere. */
class Taker implements Store<CodexThread> {
  readonly #state: SourceState;
  readonly #take: (outcome: Outcome<CodexThread>) => void;

  constructor(source: string, after: string | null, take: (outcome: Outcome<CodexThread>) => void) {
    this.#take = take;
    // A first pass that was stopped takes what is above its watermark; any other takes what its ledger lacks: everything.
    const status = after === null ? "complete" : "running";
    this.#state = { source, status, lastWatermark: after, lastSuccessAt: null, holder: null };
  }

  claim(
    { owner, source }: { readonly owner: Pick<LeaseHolder, "token">; readonly source: string },
  ): { granted: true; lease: Lease; state: SourceState } {
    return { granted: true, lease: { source, token: owner.token, fence: 1 }, state: this.#state };
  }

  heartbeat(): void {}

  ledger(): [] {
    return [];
  }

  snapshots(): ReadonlyMap<string, string> {
    return new Map();
  }

  commit(_lease: Lease, { outcomes }: Batch<CodexThread>): { upserted: number; refused: [] } {
    outcomes.forEach(this.#take);
    return { upserted: outcomes.filter(({ extraction }) => extraction).length, refused: [] };
  }

  complete(): void {}

  release(): void {}

  states(): [] {
    return [];
  }

  failures(): [] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
