/**
 * The third contract: where rows, ledger, failures and watermark are kept, together.
 *
 * @module
 */
import type { Extraction } from "./extractor.ts";
import type { MaybePromise } from "./source.ts";

/** How far the first pass over a source has come. There is no terminal state: `complete` only changes what a run takes. */
export type BackfillStatus = "pending" | "running" | "complete";

/** Who asks for a lease. */
export interface LeaseOwner {
  /** The machine's name, empty where it may not be asked. */
  readonly host: string;
  /** The process id. */
  readonly pid: number;
  /** When the process started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Unique to this run: at most 64 hexadecimal digits and dashes, such as a UUID. */
  readonly token: string;
}

/** Who holds a lease, and when it was last heard of (milliseconds since the epoch). */
export interface LeaseHolder extends LeaseOwner {
  /** When the lease was taken or last renewed. */
  readonly heartbeatAt: number;
  /** When the lease runs out unless it is renewed. */
  readonly expiresAt: number;
  /** Who it is, in words, where the lease names no process. */
  readonly name?: string;
  /** Whether the process is known to be gone, so that the next run takes the lease over at once. Default: not known. */
  readonly isGone?: boolean;
}

/** The right to commit to a source, until it expires or is taken over. */
export interface Lease {
  /** The source it is for. */
  readonly source: string;
  /** The owner's token. */
  readonly token: string;
  /** The fencing token: higher for every lease of the source. Only the highest may commit. */
  readonly fence: number;
}

/** What is asked of {@linkcode Store.claim}. */
export interface ClaimRequest {
  /** The source to backfill. */
  readonly source: string;
  /** Who asks. */
  readonly owner: LeaseOwner;
  /** How long the lease lives without a heartbeat, in milliseconds. */
  readonly leaseMs: number;
  /** Now, in milliseconds since the epoch. */
  readonly at: number;
}

/** The answer to a claim. */
export type Claim =
  | {
    /** The lease is the caller's. */
    readonly granted: true;
    /** The lease. */
    readonly lease: Lease;
    /** The state as it was found. */
    readonly state: SourceState;
    /** The dead or expired owner that it was taken from, if any. */
    readonly takenFrom?: LeaseHolder;
  }
  | {
    /** Somebody else holds the lease and is alive. */
    readonly granted: false;
    /** Who. */
    readonly holder: LeaseHolder;
  };

/** Where a source stands. */
export interface SourceState {
  /** The source's id. */
  readonly source: string;
  /** How far the first pass has come. */
  readonly status: BackfillStatus;
  /** The highest watermark committed, or `null`. */
  readonly lastWatermark: string | null;
  /** When a run last came to its end, in milliseconds since the epoch, or `null`. */
  readonly lastSuccessAt: number | null;
  /** Who holds the lease, or `null`. */
  readonly holder: LeaseHolder | null;
}

/** Where a source stands, with what its ledger holds. */
export interface SourceSummary extends SourceState {
  /** Items that gave a row, or a copy of one, gone ones included. */
  readonly done: number;
  /** Items that failed and stand as failures. */
  readonly failed: number;
  /** Items that the source no longer lists. */
  readonly gone: number;
  /**
   * Items that are not gone and whose row is given by another item with the same key. A store that does not keep them counts them
   * nevertheless.
   */
  readonly copies: number;
}

/** What the ledger knows of one item; enough to decide whether it is due. */
export interface LedgerEntry {
  /** The item's watermark. */
  readonly watermark: string;
  /** The fingerprint that was processed. */
  readonly fingerprint: string;
  /** The version of the extractor that processed it. */
  readonly version: string;
  /** How that ended. */
  readonly outcome: "done" | "failed";
  /** Whether a failure may pass by itself (permissions, a disk), so that the next run tries again unasked. */
  readonly transient: boolean;
  /** Whether the source no longer lists the item. */
  readonly gone: boolean;
}

/** Why an item gave no row. */
export interface Failure {
  /** A short, stable word for the class of failure. */
  readonly kind: string;
  /** What was wrong, for a person to read. Comes from hostile input: escape it before printing. */
  readonly reason: string;
  /** Whether it may pass by itself. */
  readonly transient: boolean;
}

/** A failure as the ledger keeps it. */
export interface FailureRecord extends Failure {
  /** The source that listed the item. */
  readonly source: string;
  /** The item's watermark. */
  readonly watermark: string;
  /** Where a person finds the item, or found it when it was tried. */
  readonly location: string;
  /** How often the item was tried in vain since it last succeeded. */
  readonly attempts: number;
  /** When it was last tried, in milliseconds since the epoch. */
  readonly failedAt: number;
  /** Whether the source no longer lists the item. */
  readonly gone: boolean;
}

/** An item whose row is given by another item with the same key. */
export interface CopyRecord {
  /** The source that listed the item. */
  readonly source: string;
  /** The item's watermark. */
  readonly watermark: string;
  /** The key that both are about. */
  readonly key: string;
  /** The watermark of the item that gives the row; empty if that one is about another key now, and nothing is there instead. */
  readonly givenBy: string;
  /** The source of that item, or empty. Several homes in one store may hold the same threads. */
  readonly givenBySource: string;
  /** Whether the source no longer lists the item. */
  readonly gone: boolean;
}

/** What came of one item. */
export type Outcome<R> =
  & {
    /** The item's watermark. */
    readonly watermark: string;
    /** The item's fingerprint. */
    readonly fingerprint: string;
    /** Where a person finds the item. */
    readonly location: string;
    /** The version of the extractor. */
    readonly version: string;
  }
  & ({ readonly extraction: Extraction<R>; readonly failure?: undefined } | {
    readonly failure: Failure;
    readonly extraction?: undefined;
  });

/** An item whose fingerprint or location changed while its bytes did not, or that came back unchanged. */
export interface Refreshed {
  /** The item's watermark. */
  readonly watermark: string;
  /** Its fingerprint now. */
  readonly fingerprint: string;
  /** Its location now. */
  readonly location: string;
}

/** What one transaction takes. */
export interface Batch<R> {
  /** Outcomes in ascending order of watermark. */
  readonly outcomes: readonly Outcome<R>[];
  /** Watermarks that the source no longer lists. Their rows are kept. */
  readonly gone: readonly string[];
  /** Items that are known but looked different; nothing was read. */
  readonly refreshed: readonly Refreshed[];
  /** The watermark to record; the state's never goes down. `null` leaves it. */
  readonly watermark: string | null;
  /** Now, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a commit did. */
export interface CommitResult {
  /** How many outcomes were stored as rows, or as copies of a row that another item gives. */
  readonly upserted: number;
  /** Outcomes that the store could not take (a row too large, a constraint). Recorded as failures like any other. */
  readonly refused: readonly { readonly watermark: string; readonly failure: Failure }[];
}

/**
 * Keeps rows, ledger, failures and watermark.
 *
 * Order of calls in a run: `claim`; then `ledger` once, or twice if the source lists out of order, read to its end with
 * `heartbeat` between its entries; then a `commit` without outcomes if items are gone or only look different; then `commit` for
 * every batch, and `snapshots` for items whose extraction may go on where it ended, some batches ahead; `heartbeat` at any time
 * between; then `complete` if the run came to its end; `release` in any case. Calls for one
 * lease never overlap. `states`, `failures`, `copies` and `countCopies` may be called at any time, without a lease.
 *
 * What a store guarantees: a batch is committed whole or not at all; a call with a lease that is no longer the
 * highest throws {@linkcode LeaseLostError} and changes nothing; of several items with one key that are not gone, the row is
 * that of the highest `(rank, watermark, source)`, those that failed for good after all others, whatever the order in which they
 * came, and the others are remembered; if all are gone, the row stays as it is, for what is gone takes no row over. What a batch
 * says of items that went or look different is so, all at once, before its outcomes are. An item that fails keeps what it gave
 * before, and the row as well if no other can give it or the failure may pass by itself, and loses its snapshot. What a store
 * cannot take is a failure of the kind `refused`. Text is kept as UTF-8 has it: half of a surrogate pair becomes U+FFFD, and a
 * watermark with one is found by either spelling. `@rollout/backfill/testing` checks all of that.
 *
 * @typeParam R The rows it keeps.
 */
export interface Store<R = unknown> extends AsyncDisposable {
  /**
   * Asks for the lease of a source, creating its state if it has none.
   *
   * A lease that ran out, or whose owner is known to be dead, is taken over; so is one that was renewed further in the future than
   * it lives, for the clock was set back then. A granted claim makes `pending` into `running`; `complete` stays.
   *
   * @throws {StoreError} If the store cannot be read or written.
   */
  claim(request: ClaimRequest): MaybePromise<Claim>;
  /**
   * Renews a lease.
   *
   * @throws {LeaseLostError} If it is no longer the caller's.
   */
  heartbeat(lease: Lease, at: number): MaybePromise<void>;
  /**
   * Every item that the source's ledger knows, gone ones included, in any order. In ascending order of watermark the engine has
   * to keep the least of it.
   */
  ledger(source: string): Iterable<LedgerEntry> | AsyncIterable<LedgerEntry>;
  /** The snapshots that the last extractions left, by watermark. Watermarks without one are left out. */
  snapshots(source: string, watermarks: readonly string[]): MaybePromise<ReadonlyMap<string, string>>;
  /**
   * Commits a batch in one transaction and renews the lease.
   *
   * @throws {LeaseLostError} If the lease is no longer the caller's. Nothing is changed then.
   * @throws {StoreError} If the store failed. Nothing is changed then.
   */
  commit(lease: Lease, batch: Batch<R>): MaybePromise<CommitResult>;
  /** Records that a run came to its end: `complete`, with the time. The last watermark stays as the commits left it. */
  complete(lease: Lease, at: number): MaybePromise<void>;
  /** Gives the lease back. Does nothing if it is no longer the caller's. */
  release(lease: Lease): MaybePromise<void>;
  /** Where each source stands, in order of id. */
  states(): MaybePromise<readonly SourceSummary[]>;
  /** The failures that stand, in order of source and watermark; of one source, if given. */
  failures(source?: string): MaybePromise<readonly FailureRecord[]>;
  /**
   * The items whose row another item gives, gone ones included, in order of source and watermark; of one source, if given. A store
   * that can count them but not list them leaves it out.
   */
  copies?(source?: string): MaybePromise<readonly CopyRecord[]>;
  /**
   * How many items of a source that are not gone have their row given by another item: `copies` of its summary, for less than the
   * whole summary costs. Every run ends with the question. Without it the engine asks for `states`.
   */
  countCopies?(source: string): MaybePromise<number>;
  /** Closes the store. */
  [Symbol.asyncDispose](): Promise<void>;
}
