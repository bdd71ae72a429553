/**
 * What a run has to do: what exists, minus what the ledger has done.
 *
 * @module
 */
import { SourceError } from "./errors.ts";
import { compareCodePoints, sortBy } from "./order.ts";
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

/** By what a plan is made. */
export interface PlanRules<I extends Item> {
  /** The state as the claim found it. */
  readonly state: SourceState;
  /** The version of the extractor. */
  readonly version: string;
  /** Whether failures are due even if nothing changed. */
  readonly retryFailed: boolean;
  /** Whether a source that lists nothing is believed although the ledger has items. */
  readonly allowEmpty: boolean;
  /** Whether a first pass that was stopped leaves all that is not above its watermark to the next run. */
  readonly onlyAbove?: boolean;
  /** {@linkcode Source.sameBytes}, where the source has it. */
  readonly sameBytes?: Source<I>["sameBytes"];
}

/** What the ledger knows of an item, and whether the source lists it. */
interface Known extends Omit<LedgerEntry, "watermark"> {
  listed: boolean;
}

/** What becomes of an item that is listed: it is due, it is not, or another with its watermark was listed before. */
export type Verdict = "due" | "done" | "again";

/**
 * Makes the plan of a run: first it is told all that the ledger knows, then what the source lists. Of what is listed only what
 * is due is kept, so that a home in which little changed takes little memory.
 *
 * While the first pass over a source is `pending` or `running`, every item strictly above its last watermark is due. Of the
 * others, and of all once it is `complete`, an item is due if the ledger has no row of it, or one with another fingerprint or
 * extractor version, or a failure that may pass by itself. A first pass of which the ledger knows nothing, as where a
 * watermark was taken over from elsewhere, leaves what is not above it to the next run.
 */
export class Planner<I extends Item> {
  readonly #rules: PlanRules<I>;
  readonly #known = new Map<string, Known>();
  readonly #new = new Set<string>();
  readonly #due: DueItem<I>[] = [];
  readonly #refreshed: Refreshed[] = [];
  #listed = 0;

  /** Begins a plan. */
  constructor(rules: PlanRules<I>) {
    this.#rules = rules;
  }

  /** How many items were listed. */
  get listed(): number {
    return this.#listed;
  }

  /** Takes what the ledger knows of an item. */
  know(entry: LedgerEntry): void {
    const { watermark, fingerprint, version, outcome, transient, gone } = entry;
    this.#known.set(watermark, { fingerprint, version, outcome, transient, gone, listed: false });
  }

  /** Takes an item that exists. */
  list(item: I): Verdict {
    const known = this.#known.get(item.watermark);
    if (known ? known.listed : this.#new.has(item.watermark)) return "again";
    if (known) known.listed = true;
    else this.#new.add(item.watermark);
    this.#listed++;
    const { version } = this.#rules;
    if (this.#isDue(item, known)) {
      this.#due.push({ item, continues: known?.outcome === "done" && known.version === version });
      return "due";
    }
    if (known && !this.#leavesBelow && (known.gone || known.fingerprint !== item.fingerprint)) {
      this.#refreshed.push({ watermark: item.watermark, fingerprint: item.fingerprint, location: item.location });
    }
    return "done";
  }

  /**
   * Ends the plan.
   *
   * @param problems What could not be listed.
   * @returns What to do.
   * @throws {SourceError} If the source listed nothing although the ledger has items that are not gone.
   */
  finish(problems: readonly SourceProblem[]): Plan<I> {
    if (this.#listed === 0 && !this.#rules.allowEmpty) this.#refuseSuddenlyEmpty();
    return {
      due: sortBy(this.#due, ({ item }) => item.watermark),
      refreshed: sortBy(this.#refreshed, ({ watermark }) => watermark),
      gone: this.#gone(problems),
    };
  }

  /** Whether what is not above the watermark is left to the next run. */
  get #leavesBelow(): boolean {
    const { state: { status }, onlyAbove = false } = this.#rules;
    return status !== "complete" && (onlyAbove || this.#known.size === 0);
  }

  #isDue(item: I, entry: Known | undefined): boolean {
    const { state: { status, lastWatermark }, retryFailed, version, sameBytes } = this.#rules;
    if (status !== "complete" && (lastWatermark === null || compareCodePoints(item.watermark, lastWatermark) > 0)) {
      return true;
    }
    const retry = entry?.outcome === "failed" && retryFailed;
    if (this.#leavesBelow) return retry;
    if (!entry || retry || entry.version !== version) return true;
    if (entry.outcome === "failed" && entry.transient) return true;
    if (entry.fingerprint === item.fingerprint) return false;
    // A failure may have been about how the bytes were stored, as in a damaged archive.
    return entry.outcome === "failed" || !(sameBytes?.(entry.fingerprint, item) ?? false);
  }

  #gone(problems: readonly SourceProblem[]): string[] {
    const hidden = problems.flatMap((problem) => problem.hides === undefined ? [] : [problem.hides]);
    const gone: string[] = [];
    for (const [watermark, known] of this.#known) {
      if (known.gone || known.listed || hidden.some((prefix) => watermark.startsWith(prefix))) continue;
      gone.push(watermark);
    }
    return gone;
  }

  #refuseSuddenlyEmpty(): void {
    let present = 0;
    for (const { gone } of this.#known.values()) if (!gone) present++;
    if (present > 0) {
      throw new SourceError(
        `"${this.#rules.state.source}" lists nothing, but the ledger has ${present} items of it: nothing was changed. ` +
          `Check that it is the right place and fully mounted; if it is empty on purpose, say so with --allow-empty (allowEmpty in a program)`,
      );
    }
  }
}
