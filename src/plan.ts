/**
 * What a run has to do: what exists, minus what the ledger has done.
 *
 * @module
 */
import { SourceError } from "./errors.ts";
import { compareCodePoints } from "./order.ts";
import type { Item, Source, SourceProblem } from "./source.ts";
import type { LedgerEntry, Refreshed, SourceState } from "./store.ts";

/** An item that is due. */
export interface DueItem<I extends Item> {
  /** The item. */
  readonly item: I;
  /** Whether the ledger may hold a snapshot from which its extraction can go on. */
  readonly continues: boolean;
}

/** What a run has to do. */
export interface Plan<I extends Item> {
  /** Items to extract, in ascending order of watermark. */
  readonly due: readonly DueItem<I>[];
  /** Items that only look different. */
  readonly refreshed: readonly Refreshed[];
  /** Watermarks that are no longer listed. */
  readonly gone: readonly string[];
}

/** What a plan is made from. */
export interface PlanInput<I extends Item> {
  /** Every item that exists, in ascending order of watermark. */
  readonly items: readonly I[];
  /** What could not be listed. */
  readonly problems: readonly SourceProblem[];
  /** The state as the claim found it. */
  readonly state: SourceState;
  /** What the ledger knows, by watermark. */
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  /** The version of the extractor. */
  readonly version: string;
  /** Whether failures are due even if nothing changed. */
  readonly retryFailed: boolean;
  /** Whether a source that lists nothing is believed although the ledger has items. */
  readonly allowEmpty: boolean;
  /** {@linkcode Source.sameBytes}, where the source has it. */
  readonly sameBytes?: Source<I>["sameBytes"];
}

/**
 * Makes the plan of a run.
 *
 * While the first pass over a source is `pending` or `running`, every item strictly above its last watermark is due.
 * Once it is `complete`, an item is due if the ledger has no row of it, or one with another fingerprint or extractor
 * version, or a failure that may pass by itself.
 *
 * @param input What there is and what is known.
 * @returns What to do.
 * @throws {SourceError} If the source lists nothing although the ledger has items that are not gone.
 */
export function plan<I extends Item>(input: PlanInput<I>): Plan<I> {
  const { items, state, ledger } = input;
  if (items.length === 0 && !input.allowEmpty) refuseSuddenlyEmpty(input);

  const due: DueItem<I>[] = [];
  const refreshed: Refreshed[] = [];
  const listed = new Set<string>();
  for (const item of items) {
    const entry = ledger.get(item.watermark);
    if (entry) listed.add(item.watermark);
    if (isDue(item, entry, input)) {
      due.push({ item, continues: entry?.outcome === "done" && entry.version === input.version });
    } else if (entry && (entry.gone || entry.fingerprint !== item.fingerprint) && state.status === "complete") {
      refreshed.push({ watermark: item.watermark, fingerprint: item.fingerprint, location: item.location });
    }
  }
  return { due, refreshed, gone: findGone(input, listed) };
}

/**
 * Whether a first pass has an item still ahead of it: that much can be said without the ledger.
 *
 * @param item The item.
 * @param state The state as the claim found it.
 */
export function isAhead({ watermark }: Item, { status, lastWatermark }: SourceState): boolean {
  return status !== "complete" && (lastWatermark === null || compareCodePoints(watermark, lastWatermark) > 0);
}

function isDue<I extends Item>(item: I, entry: LedgerEntry | undefined, input: PlanInput<I>): boolean {
  const { state } = input;
  const retry = entry?.outcome === "failed" && input.retryFailed;
  if (state.status !== "complete") return retry || isAhead(item, state);
  if (!entry || retry || entry.version !== input.version) return true;
  if (entry.outcome === "failed" && entry.transient) return true;
  if (entry.fingerprint === item.fingerprint) return false;
  // A failure may have been about how the bytes were stored, as in a damaged archive.
  return entry.outcome === "failed" || !(input.sameBytes?.(entry.fingerprint, item) ?? false);
}

function findGone<I extends Item>({ ledger, problems }: PlanInput<I>, listed: ReadonlySet<string>): string[] {
  const hidden = problems.flatMap((problem) => problem.hides === undefined ? [] : [problem.hides]);
  const gone: string[] = [];
  for (const [watermark, entry] of ledger) {
    if (entry.gone || listed.has(watermark)) continue;
    if (hidden.some((prefix) => watermark.startsWith(prefix))) continue;
    gone.push(watermark);
  }
  return gone;
}

function refuseSuddenlyEmpty<I extends Item>({ state, ledger }: PlanInput<I>): void {
  let present = 0;
  for (const entry of ledger.values()) if (!entry.gone) present++;
  if (present > 0) {
    throw new SourceError(
      `"${state.source}" lists nothing, but the ledger has ${present} items of it: nothing was changed. ` +
        `Check that it is the right place and fully mounted; if it is empty on purpose, say so with --allow-empty (allowEmpty in a program)`,
    );
  }
}
