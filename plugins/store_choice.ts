/**
 * Which of several items with one key gives the row. Every store chooses by this.
 *
 * @module
 */
import { compareCodePoints } from "../src/order.ts";

/** An item whose last good extraction was about a key. */
export interface Claimant {
  /** The source that lists the item. */
  readonly source: string;
  /** The item's watermark. */
  readonly watermark: string;
  /** The rank of its extraction. */
  readonly rank: string;
  /** Whether the source no longer lists it. */
  readonly gone: boolean;
  /** Whether it failed for good since. A failure that may pass by itself changes nothing. */
  readonly failed: boolean;
}

/**
 * Compares two claimants: one that could be read goes before one that failed for good, and that before one that is gone; then
 * the higher rank, then the higher watermark, and last the higher source, so that no two items are ever equal.
 *
 * @param a One claimant.
 * @param b The other.
 * @returns A positive number if `a` gives the row rather than `b`.
 */
export function compareClaims(a: Claimant, b: Claimant): number {
  return standing(a) - standing(b) ||
    compareCodePoints(a.rank, b.rank) ||
    compareCodePoints(a.watermark, b.watermark) ||
    compareCodePoints(a.source, b.source);
}

function standing({ gone, failed }: Claimant): number {
  return gone ? 0 : failed ? 1 : 2;
}

/**
 * Chooses the claimant that gives the row, whatever the order in which they came.
 *
 * @param claimants The items with one key.
 * @returns The one that gives the row; `undefined` if all are gone: then the row stays as it is, whoever gave it.
 */
export function chooseClaimant<T extends Claimant>(claimants: Iterable<T>): T | undefined {
  let best: T | undefined;
  for (const one of claimants) {
    if (!one.gone && (!best || compareClaims(one, best) > 0)) best = one;
  }
  return best;
}
