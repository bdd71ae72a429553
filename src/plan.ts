/**
 * What a run has to do: what exists, minus what the ledger has done.
 *
 * @module
 */
import { DueItems } from "./due.ts";
import { SourceError } from "./errors.ts";
import { Join } from "./join.ts";
import { compareCodePoints, sortBy } from "./order.ts";
import { Prefixes } from "./prefixes.ts";
import type { Item, Source, SourceProblem } from "./source.ts";
import type { LedgerEntry, Refreshed, SourceState } from "./store.ts";

/** What a run has to do. */
export interface Plan<I extends Item> {
  /** Items to extract, in ascending order of watermark. */
  readonly due: DueItems<I>;
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
  /** Whether items are plain data, of which a copy is as good. Default: false. */
  readonly arePlain?: boolean;
}

/** What a planner tells while it plans. */
export interface PlanListener<I extends Item> {
  /** An item is due. */
  due(item: I): void;
  /** An item has the watermark of one that was listed before, and is left out. */
  again(item: I): void;
}

/**
 * Makes the plan of a run from what the source lists and what the ledger knows, read side by side. Of what is listed only what
 * is due is kept, so that a home in which little changed takes little memory.
 *
 * While the first pass over a source is `pending` or `running`, every item strictly above its last watermark is due. Of the
 * others, and of all once it is `complete`, an item is due if the ledger has no row of it, or one with another fingerprint or
 * extractor version, or a failure that may pass by itself. A first pass of which the ledger knows nothing, as where a
 * watermark was taken over from elsewhere, leaves what is not above it to the next run.
 */
export class Planner<I extends Item> {
  readonly #rules: PlanRules<I>;
  readonly #tell: PlanListener<I>;
  readonly #join: Join<I>;
  /** What is due, as far as it is known. */
  readonly due: DueItems<I>;
  readonly #refreshed: Refreshed[] = [];
  /** What the ledger does not have, and is not due: below the watermark of a first pass. */
  readonly #below: string[] = [];
  #listed = 0;
  #failedBefore = 0;

  /** Begins a plan. */
  constructor(rules: PlanRules<I>, tell: PlanListener<I>) {
    this.#rules = rules;
    this.#tell = tell;
    this.due = new DueItems(rules.arePlain);
    this.#join = new Join({
      pair: (item, entry) => this.#pair(item, entry),
      again: (item) => tell.again(item),
      strangers: () => new Set([...Array.from(this.due, ({ item }) => item.watermark), ...this.#below]),
    });
  }

  /** How many items were listed. */
  get listed(): number {
    return this.#listed;
  }

  /** How many of those that are not due failed before. */
  get failedBefore(): number {
    return this.#failedBefore;
  }

  /**
   * Takes an item that exists.
   *
   * @returns Whether it could; if not, it has to be told the next part of the ledger first.
   * @throws {SourceError} If it is none, or one of a class whose texts a store cannot keep.
   */
  list(item: I): boolean {
    const wrong = whatIsWrong(item);
    if (wrong !== undefined) throw new SourceError(`The source listed what is no item: ${wrong}`);
    return this.#join.list(asStored(item));
  }

  /** Takes the next part of what the ledger knows; an empty one is its end. */
  know(part: readonly LedgerEntry[]): void {
    this.#join.read(part);
  }

  /** Whether the ledger was told to its end. */
  get knowsAll(): boolean {
    return this.#join.hasLedger;
  }

  /** Watermarks that were listed out of order: {@linkcode Planner.settle} has to know which of them the ledger has. */
  get doubtful(): ReadonlySet<string> {
    return this.#join.doubtful;
  }

  /**
   * Takes the end of the listing, after that of the ledger.
   *
   * @param known Those of {@linkcode Planner.doubtful} that the ledger has.
   */
  settle(known: ReadonlySet<string>): void {
    this.#join.finish(known);
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
      due: this.due.sort(),
      refreshed: sortBy(this.#refreshed, ({ watermark }) => watermark),
      gone: this.#gone(problems),
    };
  }

  /** Whether what is not above the watermark is left to the next run. */
  get #leavesBelow(): boolean {
    const { state: { status }, onlyAbove = false } = this.#rules;
    return status !== "complete" && (onlyAbove || this.#join.isEmpty);
  }

  #pair(item: I, entry: LedgerEntry | undefined): void {
    this.#listed++;
    const { version } = this.#rules, { watermark, fingerprint, location } = item;
    if (this.#isDue(item, entry)) {
      this.due.push({ item, continues: entry?.outcome === "done" && entry.version === version });
      this.#tell.due(item);
      return;
    }
    if (entry?.outcome === "failed") this.#failedBefore++;
    if (!entry) this.#below.push(watermark);
    else if (!this.#leavesBelow && (entry.gone || entry.fingerprint !== fingerprint)) {
      this.#refreshed.push({ watermark, fingerprint, location });
    }
  }

  #isDue(item: I, entry: LedgerEntry | undefined): boolean {
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
    const hidden = new Prefixes(problems.flatMap((problem) => problem.hides?.toWellFormed() ?? []));
    const gone: string[] = [];
    for (const [watermark, entry] of this.#join.unlisted) {
      if (entry.gone || hidden.begins(watermark)) continue;
      gone.push(watermark);
    }
    return gone;
  }

  #refuseSuddenlyEmpty(): void {
    let present = 0;
    for (const { gone } of this.#join.unlisted.values()) if (!gone) present++;
    if (present > 0) {
      throw new SourceError(
        `"${this.#rules.state.source}" lists nothing, but the ledger has ${present} items of it: nothing was changed. ` +
          `Check that it is the right place and fully mounted; if it is empty on purpose, say so with --allow-empty (allowEmpty in a program)`,
      );
    }
  }
}

/** The item with the texts that a store compares as one has them. */
function asStored<I extends Item>(item: I): I {
  const { watermark, fingerprint, location } = item;
  if (watermark.isWellFormed() && fingerprint.isWellFormed()) return item;
  const prototype: unknown = Object.getPrototypeOf(item);
  // A copy of another object would lose its getters and whatever it keeps to itself.
  if (prototype !== Object.prototype && prototype !== null) {
    throw new SourceError(
      `The watermark or fingerprint of "${location.toWellFormed()}" has half of a surrogate pair, which no store can keep: ` +
        `list it as a plain object, or with text that was made well formed (toWellFormed())`,
    );
  }
  return { ...item, watermark: watermark.toWellFormed(), fingerprint: fingerprint.toWellFormed() };
}

/** What is wrong with an item; not every author has a compiler to tell them. */
function whatIsWrong(item: Partial<Record<keyof Item, unknown>> | null | undefined): string | undefined {
  if (typeof item !== "object" || item === null) return `${item}`;
  const { watermark, fingerprint, location, size, contentSize = size } = item;
  if (typeof watermark === "string" && typeof fingerprint === "string" && typeof location === "string") {
    if (!isSize(size)) return `the size of "${location}" has to be a number of bytes`;
    return isSize(contentSize) ? undefined : `the contentSize of "${location}" has to be a number of bytes`;
  }
  return `the watermark, fingerprint and location of "${String(location ?? watermark)}" have to be text`;
}

function isSize(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
