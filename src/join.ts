/**
 * A listing held against a ledger, both read once and side by side.
 *
 * What comes in the same ascending order on both sides is paired as it comes, and nothing of it is kept. Only what is new, gone or
 * out of order waits until everything is known; the answer is the same for any order.
 *
 * @module
 */
import type { Item } from "./source.ts";
import type { LedgerEntry } from "./store.ts";

/** Takes what a join finds out. */
export interface JoinListener<I extends Item> {
  /** An item, with what the ledger knows of it. */
  pair(item: I, entry: LedgerEntry | undefined): void;
  /** An item whose watermark is that of one that was listed before. */
  again(item: I): void;
  /** The watermarks of the items that were paired with nothing. Asked for once, and only where items were out of order. */
  strangers(): ReadonlySet<string>;
}

/** Pairs items with what the ledger knows of them. */
export class Join<I extends Item> {
  /** What the ledger knows of items that were not listed, or not yet. */
  readonly unlisted = new Map<string, LedgerEntry>();
  readonly #to: JoinListener<I>;
  #part: readonly LedgerEntry[] = [];
  #at = 0;
  #ended = false;
  #isEmpty = true;
  /** The highest watermark listed. Any order would do, as long as it is one and quickly told. */
  #highest: string | undefined;
  /** In order, but not where the ledger is. It may know them further on, if that is out of order. */
  readonly #waiting: I[] = [];
  readonly #late: I[] = [];

  /** Begins a join. */
  constructor(to: JoinListener<I>) {
    this.#to = to;
  }

  /** Whether the ledger was read to its end. */
  get hasLedger(): boolean {
    return this.#ended;
  }

  /** The watermarks that were listed out of order, and of which {@linkcode Join.finish} has to know whether the ledger has them. */
  get doubtful(): ReadonlySet<string> {
    return new Set(this.#isEmpty ? [] : this.#late.map(({ watermark }) => watermark));
  }

  /** Whether the ledger has nothing. Known once its first part was read. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Takes the next part of the ledger; an empty one is its end. Belongs where {@linkcode Join.list} said that it is missing. */
  read(part: readonly LedgerEntry[]): void {
    for (; this.#at < this.#part.length; this.#at++) this.#pass(this.#part[this.#at]);
    this.#part = part;
    this.#at = 0;
    this.#ended = part.length === 0;
    this.#isEmpty &&= this.#ended;
  }

  /**
   * Takes an item.
   *
   * @returns Whether it could; if not, the next part of the ledger has to come first.
   */
  list(item: I): boolean {
    const { watermark } = item;
    if (this.#highest !== undefined && watermark <= this.#highest) {
      this.#late.push(item);
      return true;
    }
    for (;; this.#at++) {
      const entry = this.#part[this.#at];
      if (!entry && !this.#ended) return false;
      if (entry && entry.watermark < watermark) {
        this.#pass(entry);
        continue;
      }
      this.#highest = watermark;
      if (entry?.watermark === watermark) {
        this.#at++;
        this.#to.pair(item, entry);
      } else if (entry) this.#waiting.push(item);
      else this.#to.pair(item, this.#take(watermark));
      return true;
    }
  }

  /**
   * Settles what waited. The ledger has to be read to its end.
   *
   * @param known Those of {@linkcode Join.doubtful} that the ledger has.
   */
  finish(known: ReadonlySet<string>): void {
    for (const item of this.#waiting.splice(0)) this.#to.pair(item, this.#take(item.watermark));
    if (this.#late.length === 0) return;
    const strangers = this.#to.strangers(), seen = new Set<string>();
    for (const item of this.#late.splice(0)) {
      const { watermark } = item;
      const entry = this.#take(watermark);
      if (entry) this.#to.pair(item, entry);
      else if (seen.has(watermark) || strangers.has(watermark) || known.has(watermark)) this.#to.again(item);
      else this.#to.pair(item, undefined);
      seen.add(watermark);
    }
  }

  #pass(entry: LedgerEntry | undefined): void {
    if (entry) this.unlisted.set(entry.watermark, entry);
  }

  #take(watermark: string): LedgerEntry | undefined {
    const entry = this.unlisted.get(watermark);
    if (entry) this.unlisted.delete(watermark);
    return entry;
  }
}
