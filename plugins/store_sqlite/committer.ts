/**
 * Committing a batch: which item gives which row, and what has to be written for it.
 *
 * @module
 */
import { reasonOf } from "../../src/errors.ts";
import type { Extraction } from "../../src/extractor.ts";
import type { Batch, CommitResult, Failure, Outcome } from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import { Claims } from "./claims.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { DoneItem, KnownItem, Ledger } from "./ledger.ts";
import { isAboutRow } from "../sqlite/sqlite_error.ts";
import type { ThreadClaim } from "./thread_claims.ts";
import { toJson, valuesOf } from "./thread_values.ts";
import { type MergeLike, Threads } from "./threads.ts";

/** The source that a batch is of. */
export interface CommitSource {
  /** Its id in the database. */
  readonly id: number;
  /** Its id for the engine. */
  readonly name: string;
}

/** Commits batches. Every call belongs into a transaction. */
export class Committer {
  readonly #connection: Connection;
  readonly #ledger: Ledger;
  readonly #threads: Threads;
  readonly #claims: Claims;
  /** Codex knows no choice: whatever comes last gives the row, and nothing takes it back. */
  readonly #lastWins: boolean;
  #items = new Map<string, KnownItem>();
  /** The ids of items that the ledger did not have before the batch. */
  readonly #newIds = new Map<string, number>();

  /** Uses a database. */
  constructor(connection: Connection, ledger: Ledger, like: MergeLike | undefined) {
    this.#connection = connection;
    this.#ledger = ledger;
    this.#threads = new Threads(connection, like);
    this.#claims = new Claims(connection);
    this.#lastWins = like !== undefined;
  }

  /** Begins a run. */
  begin(): void {
    this.#ledger.beginRun();
    this.#threads.begin();
  }

  /**
   * Writes what a batch holds.
   *
   * @param source The source.
   * @param batch The batch, as the engine gave it.
   */
  commit(source: CommitSource, batch: Batch<CodexThread>): CommitResult {
    const outcomes = batch.outcomes.map(wellFormed);
    this.#ledger.begin();
    this.#load(source, batch, outcomes);
    this.#look(batch);
    const refused: { watermark: string; failure: Failure }[] = [];
    const { point } = this.#threads;
    try {
      this.#connection.savepoint(() => this.#settle(source, outcomes, batch.at));
    } catch (error) {
      this.#threads.goBack(point);
      if (!isAboutRow(error)) throw error;
      this.#load(source, batch, outcomes);
      for (const outcome of outcomes) {
        const failure = this.#tryOne(source, outcome, batch.at);
        if (failure) refused.push({ watermark: outcome.watermark, failure });
      }
    }
    return { upserted: outcomes.filter((one) => one.extraction).length - refused.length, refused };
  }

  /** Takes note that the transaction of the last batch was committed. */
  committed(): void {
    this.#claims.committed();
  }

  /** Reads at once what the outcomes need to know, rather than a little for each. */
  #load(
    source: CommitSource,
    { gone, refreshed }: Batch<CodexThread>,
    outcomes: readonly Outcome<CodexThread>[],
  ): void {
    const watermarks = [...outcomes, ...refreshed].map((one) => one.watermark.toWellFormed());
    this.#items = this.#ledger.known(source.id, [...watermarks, ...gone.map((one) => one.toWellFormed())]);
    this.#newIds.clear();
    this.#claims.begin([
      ...outcomes.flatMap(({ extraction }) => extraction ? [extraction.key] : []),
      ...Array.from(this.#items.values()).flatMap(({ key }) => key === null ? [] : [key]),
    ]);
  }

  /** Settles one outcome, as a failure if the database refuses its row. */
  #tryOne(source: CommitSource, outcome: Outcome<CodexThread>, at: number): Failure | undefined {
    const { point } = this.#threads;
    try {
      this.#connection.savepoint(() => this.#settle(source, [outcome], at));
      return undefined;
    } catch (error) {
      if (!isAboutRow(error) || !outcome.extraction) throw error;
      this.#threads.goBack(point);
      this.#claims.forget();
      const reason = `the store cannot take the row: ${reasonOf(error)}`;
      const failure: Failure = { kind: "refused", reason, transient: false };
      const { watermark, fingerprint, location, version } = outcome;
      this.#settle(source, [{ watermark, fingerprint, location, version, failure }], at);
      return failure;
    }
  }

  /** Settles outcomes. Nothing refers to an item that is new, so that many of these are recorded by one statement beforehand. */
  #settle(source: CommitSource, outcomes: readonly Outcome<CodexThread>[], at: number): void {
    const found: DoneItem[] = [];
    for (const outcome of outcomes) {
      const { watermark, extraction } = outcome;
      if (this.#items.has(watermark)) continue;
      const id = this.#newId(watermark);
      if (extraction) found.push({ id, outcome, extraction });
    }
    this.#ledger.done(source.id, found, at);
    for (const outcome of outcomes) this.#settleOne(source, outcome, at);
  }

  /** The id that an item gets which the ledger did not have. */
  #newId(watermark: string): number {
    const id = this.#newIds.get(watermark) ?? this.#ledger.newId();
    this.#newIds.set(watermark, id);
    return id;
  }

  #settleOne(source: CommitSource, outcome: Outcome<CodexThread>, at: number): void {
    const { watermark, location, extraction, failure } = outcome;
    const known = this.#items.get(watermark);
    const id = known?.id ?? this.#newId(watermark);
    if (failure) {
      this.#ledger.failed(id, source.id, outcome, failure, at);
      if (known) this.#ledger.dropSnapshot(id);
      if (known?.key != null) {
        this.#claims.of(known.key).change(id, { gone: false, ...(failure.transient ? {} : { failed: true }) });
        this.#choose(known.key);
      }
      this.#items.set(watermark, { id, key: known?.key ?? null, location });
      return;
    }
    const { key } = extraction;
    // Before the ledger says that it is about another thread, for by that is known who claims one.
    if (known?.key != null && known.key !== key) this.#withdraw(known.key, id);
    if (known) this.#ledger.done(source.id, [{ id, outcome, extraction }], at);
    if (extraction.snapshot !== undefined) this.#ledger.keepSnapshot(id, extraction.snapshot);
    else if (known) this.#ledger.dropSnapshot(id);
    this.#claim(
      { ledgerId: id, source: source.name, watermark, rank: extraction.rank, gone: false, failed: false },
      outcome,
      extraction,
    );
    this.#items.set(watermark, { id, key, location });
  }

  /** Gives the row of a thread, or keeps what an item holds as a copy if another has the better claim. */
  #claim(claim: ThreadClaim, { version }: Outcome<CodexThread>, { key, row }: Extraction<CodexThread>): void {
    const values = valuesOf(row);
    const { ledgerId } = claim;
    const thread = this.#claims.of(key), { giver } = thread, isCopy = thread.has(ledgerId) && giver !== ledgerId;
    thread.put(claim);
    const best = this.#lastWins ? claim : thread.best ?? claim;
    if (giver !== undefined && giver !== ledgerId && giver !== best.ledgerId) this.#threads.demote(key);
    if (best === claim) {
      // What belonged to a row that somebody deleted meanwhile may still be there.
      const isNew = !thread.hasRow && this.#items.get(claim.watermark)?.key == null;
      this.#threads.write(key, { ledgerId, version }, values, isNew);
      if (isCopy) this.#threads.dropCopy(ledgerId);
    } else {
      if (giver !== best.ledgerId) this.#promote(key, best.ledgerId);
      this.#threads.keepCopy(key, { ledgerId, version }, toJson(row));
    }
    thread.hasRow = true;
    thread.giver = best.ledgerId;
  }

  /** Takes back the claim of an item that is about another thread now. A row that nobody claims any more stays. */
  #withdraw(key: string, ledgerId: number): void {
    const thread = this.#claims.of(key), gave = thread.giver === ledgerId;
    thread.remove(ledgerId);
    if (!gave) return this.#threads.dropCopy(ledgerId);
    this.#threads.orphan(key);
    this.#choose(key);
  }

  /** Lets another item give the row. Where that fails, what was known of claims is no longer so. */
  #promote(key: string, ledgerId: number): void {
    if (!this.#threads.promote(key, ledgerId)) this.#claims.forget();
  }

  /** Notes what went and what came back, all of it before it is chosen: items that went together give no row to each other. */
  #look({ gone, refreshed, at }: Batch<CodexThread>): void {
    const keys = new Set<string>();
    for (const watermark of gone) {
      const item = this.#items.get(watermark.toWellFormed());
      if (!item) continue;
      this.#ledger.gone(item.id, at);
      if (item.key === null) continue;
      this.#claims.of(item.key).change(item.id, { gone: true });
      keys.add(item.key);
    }
    for (const { watermark, fingerprint, location } of refreshed) {
      const item = this.#items.get(watermark.toWellFormed()), text = location.toWellFormed();
      if (!item) continue;
      this.#ledger.refreshed(item.id, fingerprint, text, at);
      if (item.key === null) continue;
      if (text !== item.location) this.#threads.relocate(item.key, item.id, text);
      this.#claims.of(item.key).change(item.id, { gone: false });
      keys.add(item.key);
    }
    for (const key of keys) this.#choose(key);
  }

  /** Lets the best claim of the items that are there give the row. Where none is, the row stays as it is. */
  #choose(key: string): void {
    const thread = this.#claims.of(key), { best, giver } = thread;
    if (this.#lastWins || !best || best.ledgerId === giver) return;
    if (giver !== undefined) this.#threads.demote(key);
    this.#promote(key, best.ledgerId);
    thread.giver = best.ledgerId;
  }
}

/** Text as the database will have it: it holds UTF-8, in which a lone surrogate cannot be written. */
function wellFormed(outcome: Outcome<CodexThread>): Outcome<CodexThread> {
  const { watermark, location, extraction, failure } = outcome;
  const texts = extraction ? [watermark, location, extraction.key, extraction.rank] : [watermark, location];
  if (texts.every((one) => one.isWellFormed())) return outcome;
  const text = { watermark: watermark.toWellFormed(), location: location.toWellFormed() };
  if (failure) return { ...outcome, ...text };
  const { key, rank } = extraction;
  return {
    ...outcome,
    ...text,
    extraction: { ...extraction, key: key.toWellFormed(), rank: rank.toWellFormed() },
  };
}
