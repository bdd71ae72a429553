/**
 * Writing what was read before: a backfill whose source and extractor are what {@linkcode gather} read, so that nothing is read
 * twice and what is written is what the plan showed.
 *
 * @module
 */
import { backfill } from "../../src/backfill.ts";
import { ExtractionError } from "../../src/errors.ts";
import type { BackfillListener } from "../../src/events.ts";
import type { BackfillReport } from "../../src/report.ts";
import type { Claim, ClaimRequest, Store } from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import type { FailedRollout, ReadRollout } from "./gather.ts";

/** What to write, and how. */
export interface ReplayOptions {
  /** The id of the source. */
  readonly source: string;
  /** The version of the extractor that read it. */
  readonly version: string;
  /** The rollouts. Those that failed write nothing, but count for how far a backfill has come. */
  readonly rollouts: readonly (ReadRollout | FailedRollout)[];
  /** Where to write. */
  readonly store: Store<CodexThread>;
  /** Rollouts committed together. */
  readonly batchSize?: number;
  /** Cancels between two batches. */
  readonly signal?: AbortSignal;
  /** Is told what happens. */
  readonly onEvent?: BackfillListener;
}

/**
 * Writes rollouts to a store, in the order of watermarks.
 *
 * @param options What and how.
 * @returns What was done.
 * @throws The errors of {@linkcode backfill}.
 */
export async function replay(options: ReplayOptions): Promise<BackfillReport> {
  const { source, version, rollouts, store, batchSize, signal, onEvent } = options;
  const known = new Map(rollouts.map((rollout) => [rollout.item.watermark, rollout]));
  return await backfill<RolloutItem, CodexThread>({
    source: {
      id: source,
      items: () => rollouts.map(({ item }) => item),
      open: ({ location }) => {
        throw new Error(`${location} was read before`);
      },
    },
    extractor: {
      version,
      extract: ({ watermark, location }) => {
        const rollout = known.get(watermark);
        if (rollout && "extraction" in rollout) return rollout.extraction();
        throw new ExtractionError(rollout?.failure.kind ?? "unknown", rollout?.failure.reason ?? location);
      },
    },
    store: takingEverything(store),
    // There is nothing to read, so there is nothing to share.
    workers: 1,
    allowEmpty: true,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}

/** The same store, with no memory of earlier runs: what is to be written was decided before. */
function takingEverything(store: Store<CodexThread>): Store<CodexThread> {
  return {
    claim: async (request: ClaimRequest): Promise<Claim> => {
      const claim = await store.claim(request);
      return claim.granted ? { ...claim, state: { ...claim.state, status: "complete" } } : claim;
    },
    ledger: () => [],
    heartbeat: (lease, at) => store.heartbeat(lease, at),
    snapshots: () => new Map(),
    commit: (lease, batch) => store.commit(lease, batch),
    complete: (lease, at) => store.complete(lease, at),
    release: (lease) => store.release(lease),
    states: () => store.states(),
    failures: (source) => store.failures(source),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
