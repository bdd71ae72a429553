/**
 * What the cases of the store suite work with: a store, a clock, and short ways to say what came of an item.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { MaybePromise } from "../source.ts";
import type { Batch, Claim, CommitResult, Failure, Lease, LeaseOwner, LedgerEntry, Outcome, Store } from "../store.ts";

/** What a store may keep beside rows, state and leases. */
export interface StoreKeeps {
  /** The ledger: what came of each item, failures, snapshots of growth, and the counts of them. */
  readonly ledger: boolean;
  /** What items hold that do not give the row of their key, so that they can give it later. */
  readonly copies: boolean;
  /** Several sources. */
  readonly sources: boolean;
}

/** How the suite gets at a store and its rows. */
export interface StoreAccess<R> {
  /** Opens an empty store. The suite disposes it. */
  open(): MaybePromise<Store<R>>;
  /** Opens a second time what a store keeps, as another process would. Left out where that cannot be done. */
  again?(store: Store<R>): MaybePromise<Store<R>>;
  /** Makes the row of a key. Another `n` makes another row. */
  row(key: string, n: number): R;
  /** Reads the row of a key as {@linkcode StoreAccess.row} made it; `undefined` if there is none. */
  read(store: Store<R>, key: string): MaybePromise<R | undefined>;
  /** Makes a row that the store cannot take. Left out where it takes every row. */
  badRow?(key: string): R;
  /** What the store does not keep; the cases about that are left out. Default: it keeps everything. */
  readonly keeps?: Partial<StoreKeeps>;
  /** The least difference that the store sees between the times of two ends of a run, in milliseconds. Default: 1. */
  readonly resolutionMs?: number;
}

/** One case: a sentence that holds for every store, and the code that tries to break it. */
export interface StoreCase {
  /** The sentence. */
  readonly name: string;
  /** What of {@linkcode StoreAccess} the case cannot do without. */
  readonly needs?: "again" | "badRow";
  /** What it is about, of what a store may keep. */
  readonly about?: readonly (keyof StoreKeeps)[];
  /** Throws if the sentence does not hold. */
  run(fixture: StoreFixture<unknown>): Promise<void>;
}

/** What an extraction differs in from the usual one. */
export interface DoneOptions {
  /** The row's number. Default: 0. */
  readonly n?: number;
  /** The rank. Default: empty. */
  readonly rank?: string;
  /** The fingerprint. Default: `f1`. */
  readonly fingerprint?: string;
  /** The extractor's version. Default: `v1`. */
  readonly version?: string;
  /** The snapshot. Default: none. */
  readonly snapshot?: string;
}

/** A store under test. */
export class StoreFixture<R> implements AsyncDisposable {
  /** The clock, in milliseconds since the epoch. */
  now = 1_750_000_000_000;
  /** How long leases live, in milliseconds. */
  readonly leaseMs = 1000;
  readonly #opened: Store<R>[] = [];

  /** Wraps an open store. */
  constructor(readonly access: StoreAccess<R>, readonly store: Store<R>) {
    this.#opened.push(store);
  }

  /** Opens the store a second time. */
  async again(): Promise<Store<R>> {
    assert(this.access.again, "the case needs a store that can be opened twice");
    const store = await this.access.again(this.store);
    this.#opened.push(store);
    return store;
  }

  /** Somebody who asks for a lease. */
  owner(pid = 1): LeaseOwner {
    return { host: "host", pid, startedAt: this.now - 5, token: crypto.randomUUID() };
  }

  /** Asks for the lease of a source. */
  async claim(source = "source", owner = this.owner(), store: Store<R> = this.store): Promise<Claim> {
    return await store.claim({ source, owner, leaseMs: this.leaseMs, at: this.now });
  }

  /** Takes the lease of a source. */
  async lease(source = "source", store: Store<R> = this.store): Promise<Lease> {
    const claim = await this.claim(source, this.owner(), store);
    assert(claim.granted, `the lease of "${source}" was not granted`);
    return claim.lease;
  }

  /** Commits a part of a batch. The watermark is that of the last outcome, as the engine has it. */
  async commit(lease: Lease, part: Partial<Batch<R>>, store: Store<R> = this.store): Promise<CommitResult> {
    const { outcomes = [], gone = [], refreshed = [], at = this.now } = part;
    const watermark = part.watermark === undefined ? outcomes.at(-1)?.watermark ?? null : part.watermark;
    return await store.commit(lease, { outcomes, gone, refreshed, watermark, at });
  }

  /** An item that gave a row. */
  done(watermark: string, key: string, options: DoneOptions = {}): Outcome<R> {
    const { n = 0, snapshot } = options;
    return this.extracted(watermark, key, this.access.row(key, n), { ...options, ...(snapshot ? { snapshot } : {}) });
  }

  /** An item that gave a row of the caller's. */
  extracted(watermark: string, key: string, row: R, options: DoneOptions = {}): Outcome<R> {
    const { rank = "", fingerprint = "f1", version = "v1", snapshot } = options;
    const counts = { records: 3, malformed: 1, unknown: { odd: 2 }, bytesRead: 100 };
    const extraction = { key, row, rank, ...counts, ...(snapshot === undefined ? {} : { snapshot }) };
    return { watermark, fingerprint, location: `/at/${watermark}`, version, extraction };
  }

  /** An item that failed. */
  failed(watermark: string, failure: Partial<Failure> = {}, fingerprint = "f1"): Outcome<R> {
    const { kind = "empty", reason = "it is empty", transient = false } = failure;
    const base = { watermark, fingerprint, location: `/at/${watermark}`, version: "v1" };
    return { ...base, failure: { kind, reason, transient } };
  }

  /** The row of a key. */
  async read(key: string, store: Store<R> = this.store): Promise<R | undefined> {
    return await this.access.read(store, key);
  }

  /** The ledger of a source, by watermark. */
  async ledger(source = "source", store: Store<R> = this.store): Promise<Record<string, LedgerEntry>> {
    const entries: [string, LedgerEntry][] = [];
    for await (const entry of store.ledger(source)) entries.push([entry.watermark, entry]);
    return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
  }

  /** Everything that a store says of itself, to compare before and after. */
  async everything(keys: readonly string[], store: Store<R> = this.store): Promise<unknown> {
    const rows: (R | undefined)[] = [];
    for (const key of keys) rows.push(await this.read(key, store));
    const ledger = await this.ledger("source", store);
    const snapshots = [...await store.snapshots("source", Object.keys(ledger))];
    return { rows, ledger, snapshots, states: await store.states(), failures: await store.failures() };
  }

  /** Disposes every store that was opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.#opened.reverse()) await store[Symbol.asyncDispose]();
  }
}
