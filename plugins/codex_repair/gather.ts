/**
 * Reading every rollout of a home without writing anything: a backfill into a store that only remembers.
 *
 * @module
 */
import { backfill } from "../../src/backfill.ts";
import type { BackfillListener } from "../../src/events.ts";
import type { Extraction } from "../../src/extractor.ts";
import type { PassedOver, Source, SourceProblem } from "../../src/source.ts";
import type { Batch, Failure, Lease, LeaseHolder, SourceState, Store } from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import { READABLE_MS } from "../early_times.ts";
import type { RolloutItem } from "../rollout_item.ts";
import type { RepairPlugins } from "./contract.ts";

/** A rollout that gives a row. */
export interface ReadRollout {
  /** The file. */
  readonly item: RolloutItem;
  /** What it holds. */
  readonly extraction: Extraction<CodexThread>;
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
  { after = null, workers, signal, onEvent }: GatherOptions = {},
): Promise<Gathered> {
  const items = new Map<string, RolloutItem>();
  const problems: SourceProblem[] = [], passedOver: PassedOver[] = [];
  const memory = new Memory(source.id, after);
  const report = await backfill({
    source: {
      id: source.id,
      items: (options) => remember(source.items(options), items),
      open: (item) => source.open(item),
      ...(source.worker ? { worker: source.worker } : {}),
    },
    extractor,
    store: memory,
    ...(workers === undefined ? {} : { workers }),
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => {
      if (event.type === "problem") problems.push(event.problem);
      if (event.type === "passed_over") passedOver.push(event.passedOver);
      onEvent?.(event);
    },
  });
  const read: ReadRollout[] = [], failed: FailedRollout[] = [];
  for (const { watermark, extraction, failure } of memory.outcomes) {
    const item = items.get(watermark);
    const unreadable = extraction && !mergesEveryFile ? farTime(extraction.row) : undefined;
    if (item && unreadable) failed.push({ item, failure: unreadable });
    else if (item && extraction) read.push({ item, extraction: withoutSnapshot(extraction) });
    else if (item && failure) failed.push({ item, failure });
  }
  return { read, failed, problems, passedOver, after, interrupted: report.status === "interrupted" };
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

/** Nothing goes on from here, so what growth could be read from need not be held. */
function withoutSnapshot({ snapshot: _, ...extraction }: Extraction<CodexThread>): Extraction<CodexThread> {
  return extraction;
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

/** A store for one run: it remembers the outcomes, and writes nothing anywhere. */
class Memory implements Store<CodexThread> {
  readonly outcomes: Batch<CodexThread>["outcomes"][number][] = [];
  readonly #state: SourceState;

  constructor(source: string, after: string | null) {
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
    this.outcomes.push(...outcomes);
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
