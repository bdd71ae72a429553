/**
 * Homes that are no longer there, as after one was moved: the rollouts that it had would go on giving rows that lead to nothing,
 * while the same ones in their new place count as copies.
 *
 * @module
 */
import { isAbsolute } from "@std/path";
import { backfill } from "../src/backfill.ts";
import { LeaseHeldError } from "../src/errors.ts";
import type { Extractor } from "../src/extractor.ts";
import type { Store } from "../src/store.ts";
import { leadsNowhere } from "./absent.ts";
import type { RolloutItem } from "./rollout_item.ts";

/** What the homes are marked in, and by what. */
export interface MarkOptions<R> {
  /** The home that is there. */
  readonly source: string;
  /** What reads rollouts; it is not asked for any. */
  readonly extractor: Extractor<RolloutItem, R>;
  /** The store. */
  readonly store: Store<R>;
  /** Cancels. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Marks every rollout of homes that are not there as gone, as a run of them would if they were empty: what is known of them is
 * kept, and comes back with them. A home is known by its path, unless it was given a name.
 *
 * @returns How many there were.
 */
export async function markHomesGone<R>({ source, extractor, store, signal }: MarkOptions<R>): Promise<number> {
  let marked = 0;
  for (const { source: id, done, failed, gone } of await store.states()) {
    if (id === source || gone === done + failed || !isAbsolute(id) || !leadsNowhere(id)) continue;
    const home = { id, items: () => [], open: ({ location }: RolloutItem) => Promise.reject(new Error(location)) };
    try {
      const how = { allowEmpty: true, workers: 1, ...(signal === undefined ? {} : { signal }) };
      marked += (await backfill({ source: home, extractor, store, ...how })).gone;
    } catch (error) {
      // Somebody has it who can tell.
      if (!(error instanceof LeaseHeldError)) throw error;
    }
  }
  return marked;
}
