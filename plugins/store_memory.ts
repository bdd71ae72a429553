/**
 * A store in memory, for tests, for trying things out and as a reference for other stores: everything is lost with it.
 *
 * @module
 */
import { compareCodePoints } from "../src/order.ts";
import type {
  Batch,
  Claim,
  ClaimRequest,
  CommitResult,
  CopyRecord,
  Failure,
  FailureRecord,
  Lease,
  LedgerEntry,
  Outcome,
  Refreshed,
  SourceSummary,
  Store,
} from "../src/store.ts";
import { chooseClaimant } from "./store_choice.ts";
import { isExpired, leaseLost } from "./store_lease.ts";
import { type Entry, newEntry, newSource, readOutcome, type SourceRecord, stateOf } from "./store_memory_records.ts";

/** A store in memory, with a way to look at its rows. */
export interface MemoryStore<R> extends Store<R> {
  /** Every row, by key. */
  rows(): ReadonlyMap<string, R>;
  /** The row of a key, if it has one. */
  row(key: string): R | undefined;
}

/** How {@linkcode memoryStore} keeps rows. */
export interface MemoryStoreOptions<R> {
  /** Makes the row of an item that was moved; without it a row stays as it was extracted. */
  readonly relocate?: (row: R, location: string) => R;
}

/**
 * Makes an empty store in memory.
 *
 * @typeParam R The rows it keeps: plain data that `structuredClone` can copy.
 * @param options How it keeps rows.
 *
 * @example What a run left
 * ```ts
 * import { backfill, memoryStore } from "@rollout/backfill";
 * import { assertEquals } from "@std/assert";
 *
 * const store = memoryStore<string>();
 * await backfill({
 *   source: { id: "empty", items: () => [], open: () => { throw new Error("nothing to open"); } },
 *   extractor: { version: "1", extract: () => { throw new Error("nothing to extract"); } },
 *   store,
 * });
 * assertEquals(store.rows().size, 0);
 * assertEquals((await store.states())[0]?.status, "complete");
 * ```
 */
export function memoryStore<R>(options: MemoryStoreOptions<R> = {}): MemoryStore<R> {
  return new InMemory(options);
}

class InMemory<R> implements MemoryStore<R> {
  readonly #options: MemoryStoreOptions<R>;
  readonly #sources = new Map<string, SourceRecord<R>>();
  /** Every item with a claim to a key. */
  readonly #claims = new Map<string, Set<Entry<R>>>();
  /** The row of each key, and the item that gives it; nobody, if that one is about another key now. */
  readonly #given = new Map<string, { row: R; by: Entry<R> | undefined }>();

  constructor(options: MemoryStoreOptions<R>) {
    this.#options = options;
  }

  rows(): ReadonlyMap<string, R> {
    return new Map(Array.from(this.#given, ([key, { row }]) => [key, structuredClone(row)]));
  }

  row(key: string): R | undefined {
    return structuredClone(this.#given.get(key.toWellFormed())?.row);
  }

  claim({ source, owner, leaseMs, at }: ClaimRequest): Claim {
    const record = this.#sources.get(source) ?? newSource<R>(source);
    const { holder } = record;
    if (holder && !isExpired(holder, at)) return { granted: false, holder };
    const state = stateOf(record);
    this.#sources.set(source, record);
    if (record.status === "pending") record.status = "running";
    record.holder = { ...owner, heartbeatAt: at, expiresAt: at + leaseMs };
    const lease: Lease = { source, token: owner.token, fence: ++record.fence };
    return { granted: true, lease, state, ...(holder ? { takenFrom: holder } : {}) };
  }

  heartbeat(lease: Lease, at: number): void {
    this.#held(lease, at);
  }

  *ledger(source: string): Generator<LedgerEntry> {
    for (const { watermark, fingerprint, version, failure, gone } of this.#sources.get(source)?.ledger.values() ?? []) {
      yield {
        watermark,
        fingerprint,
        version,
        outcome: failure ? "failed" : "done",
        transient: failure?.transient ?? false,
        gone,
      };
    }
  }

  snapshots(source: string, watermarks: readonly string[]): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const watermark of watermarks) {
      const snapshot = this.#sources.get(source)?.ledger.get(watermark.toWellFormed())?.snapshot;
      if (snapshot !== undefined) found.set(watermark, snapshot);
    }
    return found;
  }

  commit(lease: Lease, { outcomes, gone, refreshed, watermark, at }: Batch<R>): CommitResult {
    const record = this.#held(lease, at);
    // Before anything is changed, for what the caller gave may throw.
    const looks = refreshed.flatMap((one) => this.#look(record, one));
    const went = gone.flatMap((watermark) => record.ledger.get(watermark.toWellFormed()) ?? []);
    for (const entry of went) entry.gone = true;
    for (const { entry, ...look } of looks) Object.assign(entry, { gone: false }, look);
    // Only now, for items that went together give no row to each other.
    for (const { extraction } of [...went, ...looks.map(({ entry }) => entry)]) {
      if (extraction) this.#choose(extraction.key);
    }
    const refused: { watermark: string; failure: Failure }[] = [];
    for (const outcome of outcomes) {
      const failure = this.#settle(record, outcome, at);
      if (failure && !outcome.failure) refused.push({ watermark: outcome.watermark, failure });
    }
    if (watermark !== null && compareCodePoints(watermark, record.lastWatermark ?? "") >= 0) {
      record.lastWatermark = watermark.toWellFormed();
    }
    return { upserted: outcomes.filter((one) => one.extraction).length - refused.length, refused };
  }

  complete(lease: Lease, at: number): void {
    const record = this.#held(lease, at);
    record.status = "complete";
    record.lastSuccessAt = at;
  }

  release(lease: Lease): void {
    const record = this.#sources.get(lease.source);
    if (record && record.fence === lease.fence && record.holder?.token === lease.token) record.holder = null;
  }

  states(): SourceSummary[] {
    const records = [...this.#sources.values()].sort((a, b) => compareCodePoints(a.source, b.source));
    return records.map((record) => {
      const items = [...record.ledger.values()];
      const count = (test: (item: Entry<R>) => boolean) => items.filter(test).length;
      return {
        ...stateOf(record),
        done: count((item) => !item.failure),
        failed: count((item) => item.failure !== undefined),
        gone: count((item) => item.gone),
        copies: count((item) =>
          !item.gone && item.extraction !== undefined && this.#given.get(item.extraction.key)?.by !== item
        ),
      };
    });
  }

  failures(source?: string): FailureRecord[] {
    const records = [...this.#sources.values()].filter((record) => source === undefined || record.source === source);
    return records
      .flatMap((record) => [...record.ledger.values()])
      .flatMap(({ source, watermark, location, failure, attempts, at, gone }) =>
        failure ? [{ source, watermark, location, ...failure, attempts, failedAt: at, gone }] : []
      )
      .sort((a, b) => compareCodePoints(a.source, b.source) || compareCodePoints(a.watermark, b.watermark));
  }

  copies(source?: string): CopyRecord[] {
    const records = [...this.#sources.values()].filter((record) => source === undefined || record.source === source);
    return records
      .flatMap((record) => [...record.ledger.values()])
      .flatMap((item) => {
        const key = item.extraction?.key;
        if (key === undefined) return [];
        const by = this.#given.get(key)?.by;
        if (by === item) return [];
        const { source, watermark, gone } = item;
        return [{ source, watermark, key, givenBy: by?.watermark ?? "", givenBySource: by?.source ?? "", gone }];
      })
      .sort((a, b) => compareCodePoints(a.source, b.source) || compareCodePoints(a.watermark, b.watermark));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #held(lease: Lease, at: number): SourceRecord<R> {
    const record = this.#sources.get(lease.source);
    const holder = record?.holder ?? null;
    if (!record || !holder || holder.token !== lease.token || record.fence !== lease.fence) {
      throw leaseLost(lease, holder);
    }
    record.holder = { ...holder, heartbeatAt: at, expiresAt: at + holder.expiresAt - holder.heartbeatAt };
    return record;
  }

  /** Writes an outcome down. Answers why the item stands as a failure, if it does. */
  #settle(record: SourceRecord<R>, outcome: Outcome<R>, at: number): Failure | undefined {
    const watermark = outcome.watermark.toWellFormed();
    const entry = record.ledger.get(watermark) ?? newEntry<R>(record.source, watermark);
    const { extraction, failure } = readOutcome(outcome);
    this.#change(entry, () => {
      entry.fingerprint = outcome.fingerprint.toWellFormed();
      entry.location = outcome.location.toWellFormed();
      entry.version = outcome.version.toWellFormed();
      entry.gone = false;
      entry.at = at;
      delete entry.snapshot;
      delete entry.failure;
      entry.attempts = failure ? entry.attempts + 1 : 0;
      if (failure) entry.failure = failure;
      if (failure && !failure.transient) entry.failed = true;
      if (!extraction) return;
      entry.failed = false;
      entry.extraction = extraction;
      entry.rank = extraction.rank;
      if (extraction.snapshot !== undefined) entry.snapshot = extraction.snapshot;
    });
    record.ledger.set(watermark, entry);
    return failure;
  }

  /** How an item looks now, with its row as it is there; nothing if the ledger does not know it. */
  #look(record: SourceRecord<R>, refreshed: Refreshed) {
    const entry = record.ledger.get(refreshed.watermark.toWellFormed());
    if (!entry) return [];
    const fingerprint = refreshed.fingerprint.toWellFormed(), location = refreshed.location.toWellFormed();
    const { relocate } = this.#options, { extraction } = entry;
    const moved = extraction && relocate && location !== entry.location
      ? { extraction: { ...extraction, row: relocate(extraction.row, location) } }
      : {};
    return [{ entry, fingerprint, location, ...moved }];
  }

  /** Changes an item, and chooses again who gives the row of the key it had and of the one it has. */
  #change(entry: Entry<R>, change: () => void): void {
    const before = entry.extraction?.key;
    change();
    const after = entry.extraction?.key;
    if (before !== undefined && before !== after) {
      this.#claims.get(before)?.delete(entry);
      const given = this.#given.get(before);
      if (given?.by === entry) given.by = undefined;
      this.#choose(before);
    }
    if (after === undefined) return;
    const claims = this.#claims.get(after) ?? new Set();
    this.#claims.set(after, claims.add(entry));
    this.#choose(after);
  }

  /** A row that no item claims which is there stays. */
  #choose(key: string): void {
    const best = chooseClaimant(this.#claims.get(key) ?? []);
    if (best?.extraction) this.#given.set(key, { row: best.extraction.row, by: best });
  }
}
