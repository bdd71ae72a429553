/**
 * Telling a planner what there is: the listing and the ledger, read side by side.
 *
 * @module
 */
import { SourceError } from "./errors.ts";
import { forEach, Parts } from "./for_each.ts";
import { Turns } from "./turns.ts";
import type { Planner } from "./plan.ts";
import type { Item, MaybePromise, PromptIterable } from "./source.ts";
import type { LedgerEntry } from "./store.ts";

/** How many entries of the ledger are read at a time. */
const PART = 250;

/** How many items are listed before the clock is looked at. */
const LISTED_AT_ONCE = 16;

/** What a plan is made from. */
export interface PlanInputs<I extends Item> {
  /** Begins the listing. */
  readonly items: () => Iterable<I> | PromptIterable<I>;
  /** Begins to read the ledger. */
  readonly ledger: () => Iterable<LedgerEntry> | AsyncIterable<LedgerEntry>;
  /** Makes a call of the store when no other goes on. */
  readonly exclusive: <T>(call: () => T | Promise<T>) => Promise<T>;
  /** Ends the listing. */
  readonly signal: AbortSignal;
}

/**
 * Reads the ledger along with the listing, a part whenever the planner needs it. It is read a second time only if the items were
 * not listed in ascending order.
 *
 * @param planner The planner. If the run was cancelled, it was not told everything.
 * @param inputs What there is.
 */
export async function readIntoPlan<I extends Item>(
  planner: Planner<I>,
  { items, ledger, exclusive, signal }: PlanInputs<I>,
): Promise<void> {
  await using entries = await exclusive(() => new Parts(ledger()));
  using turns = new Turns();
  let listed = 0;
  const know = async () => {
    planner.know(await exclusive(() => entries.next(PART)));
    if (turns.isOver) await turns.next();
  };
  const list = (item: I): MaybePromise<void | false> => {
    if (!planner.list(item)) return know().then(() => list(item));
    if (planner.due.isFull) return planner.due.squeeze();
    // A listing may never wait for anything, and leases and signals do. To look at the clock takes as long as to list.
    if (++listed % LISTED_AT_ONCE === 0 && turns.isOver) {
      return turns.next().then(() => signal.aborted ? false : undefined);
    }
  };
  try {
    await forEach(listingOf(items()), list, signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
  if (signal.aborted) return;
  while (!planner.knowsAll && !signal.aborted) await know();
  if (signal.aborted) return;
  const { doubtful } = planner;
  planner.settle(doubtful.size === 0 ? new Set() : await recall(doubtful, { ledger, exclusive, turns }));
}

/** What a source answered, if it is a listing; not every author has a compiler to tell them. */
function listingOf<T>(
  answer: Iterable<T> | PromptIterable<T> | null | undefined,
): Iterable<T> | PromptIterable<T> {
  const isThere = typeof answer === "object" && answer !== null;
  if (isThere && (Symbol.iterator in answer || Symbol.asyncIterator in answer)) return answer;
  throw new SourceError(
    "The source answered no listing: items() has to be a generator, or to return an array or the like",
  );
}

/** Which of some watermarks the ledger has. */
async function recall(
  watermarks: ReadonlySet<string>,
  { ledger, exclusive, turns }: Pick<PlanInputs<Item>, "ledger" | "exclusive"> & { readonly turns: Turns },
): Promise<Set<string>> {
  const known = new Set<string>();
  await using entries = await exclusive(() => new Parts(ledger()));
  for (;;) {
    const part = await exclusive(() => entries.next(PART));
    if (part.length === 0) return known;
    for (const { watermark } of part) if (watermarks.has(watermark)) known.add(watermark);
    if (turns.isOver) await turns.next();
  }
}
