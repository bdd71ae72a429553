/**
 * Holding the lease of a source: taken at the start, renewed while the run lasts, given back at the end.
 *
 * @module
 */
import { LeaseHeldError, LeaseLostError } from "./errors.ts";
import type { Claim, Lease, LeaseOwner, Store } from "./store.ts";

/** A granted claim. */
export type GrantedClaim = Extract<Claim, { granted: true }>;

/**
 * Claims a source.
 *
 * @throws {LeaseHeldError} If a living owner holds the lease.
 */
export async function claimLease<R>(
  store: Store<R>,
  request: { source: string; owner: LeaseOwner; leaseMs: number; at: number },
): Promise<GrantedClaim> {
  const claim = await store.claim(request);
  if (!claim.granted) throw new LeaseHeldError(request.source, claim.holder);
  return claim;
}

/** The longest time that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** Renews a lease in the background, and keeps the store's calls for it from overlapping. */
export class LeaseKeeper<R> implements AsyncDisposable {
  readonly #store: Store<R>;
  readonly #lease: Lease;
  readonly #now: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  /** The last call of the store; once one failed, it is rejected for good. */
  #last: Promise<unknown> = Promise.resolve();
  #isBeating = false;

  /** Starts renewing the lease three times in its life. */
  constructor(store: Store<R>, lease: Lease, leaseMs: number, now: () => number) {
    this.#store = store;
    this.#lease = lease;
    this.#now = now;
    this.#timer = setInterval(() => void this.#beat(), Math.min(LONGEST_MS, Math.max(1, Math.floor(leaseMs / 3))));
  }

  /** Runs one call of the store, after those before it. If one of these failed, it fails with the same error and is not made. */
  exclusive<T>(call: (lease: Lease) => T | Promise<T>): Promise<T> {
    const run = this.#last.then(() => call(this.#lease));
    this.#last = run;
    return run;
  }

  async #beat(): Promise<void> {
    // A commit that takes long would find one for every beat behind it.
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      await this.exclusive((lease) => this.#renew(lease));
    } catch {
      // Whoever calls the store next is told.
    } finally {
      this.#isBeating = false;
    }
  }

  async #renew(lease: Lease): Promise<void> {
    try {
      await this.#store.heartbeat(lease, this.#now());
    } catch (error) {
      // A store that is busy now may not be at the next beat; a commit tells for certain.
      if (error instanceof LeaseLostError) throw error;
    }
  }

  /** Stops renewing and gives the lease back. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#last.catch(() => {});
    try {
      await this.#store.release(this.#lease);
    } catch {
      // It expires by itself. What the run came to, or the error that ended it, is what matters now.
    }
  }
}
