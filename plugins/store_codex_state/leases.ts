/**
 * Claiming, renewing and giving back the lease on a database of Codex's.
 *
 * @module
 */
import { compareCodePoints } from "../../src/order.ts";
import type { ClaimRequest, Lease, LeaseHolder } from "../../src/store.ts";
import type { Connection } from "../sqlite/connection.ts";
import { LockFiles } from "../sqlite/lock_file.ts";
import { checkToken, leaseLost } from "../store_lease.ts";
import { LeaseFile, type LeaseRecord } from "./lease_file.ts";

/** What came of a claim. */
export type LeaseAnswer = { readonly lease: Lease; readonly takenFrom: LeaseRecord | null } | {
  readonly holder: LeaseHolder;
};

/** The lease on one database. Every call but {@linkcode StateLeases.current} takes SQLite's lock for writing, or needs it. */
export class StateLeases {
  readonly #connection: Connection;
  readonly #file: LeaseFile;
  readonly #locks: LockFiles;
  #lastFence = 0;

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#file = new LeaseFile(connection.path);
    this.#locks = new LockFiles(connection.path);
  }

  /** The lease as it stands; `null` if nobody has it. */
  current(): LeaseRecord | null {
    return this.#file.read();
  }

  /** Claims the lease. */
  claim({ source, owner, leaseMs, at }: ClaimRequest): LeaseAnswer {
    const token = checkToken(owner.token);
    return this.#connection.transaction(() => {
      const before = this.#file.read();
      if (before && this.#locks.isAlive(before.holder, owner.host, at)) return { holder: before.holder };
      this.#locks.sweep(new Set(before ? [before.holder.token] : []));
      if (before) this.#locks.remove(before.holder.token);
      // Higher than those that were given back, too: their file is gone.
      const fence = Math.max(at, this.#lastFence + 1, (before?.fence ?? 0) + 1);
      const holder = { ...owner, heartbeatAt: at, expiresAt: at + leaseMs };
      this.#file.write({ source, fence, holder, watermark: null, marksRunning: before?.marksRunning ?? false });
      this.#locks.take(token);
      this.#lastFence = fence;
      return { lease: { source, token, fence }, takenFrom: before };
    });
  }

  /**
   * Renews a lease, and raises its watermark. Belongs into a transaction.
   *
   * @throws {LeaseLostError} If it is no longer the caller's.
   */
  renew(lease: Lease, at: number, change: { watermark?: string | null; marksRunning?: boolean } = {}): LeaseRecord {
    const record = this.#held(lease);
    const { heartbeatAt, expiresAt } = record.holder;
    const next: LeaseRecord = {
      ...record,
      holder: { ...record.holder, heartbeatAt: at, expiresAt: at + expiresAt - heartbeatAt },
      watermark: higher(record.watermark, change.watermark?.toWellFormed() ?? null),
      marksRunning: change.marksRunning ?? record.marksRunning,
    };
    this.#file.write(next);
    return next;
  }

  /**
   * Gives a lease back; does nothing if it is no longer the caller's.
   *
   * @param before Called right before, in the same transaction. Default: nothing is.
   */
  release(lease: Lease, before: (record: LeaseRecord) => void = () => {}): void {
    this.#connection.transaction(() => {
      const record = this.#file.read();
      if (!record || !this.#isHeld(record, lease)) return;
      before(record);
      this.#file.remove();
    });
    this.#locks.drop(lease.token);
  }

  /** Lets go of the lock files. */
  close(): void {
    this.#locks.close();
  }

  #held(lease: Lease): LeaseRecord {
    const record = this.#file.read();
    if (record && this.#isHeld(record, lease)) return record;
    throw leaseLost(lease, record?.holder ?? null);
  }

  #isHeld(record: LeaseRecord | null, { source, token, fence }: Lease): boolean {
    return record?.source === source && record.holder.token === token && record.fence === fence;
  }
}

/**
 * Whether Codex's own backfill is `running` because a run of this program, which was killed, left it so. Writes nothing.
 *
 * @param database The database, by the path that no link leads to.
 * @param host The name of this machine, empty where it may not be asked.
 * @param at Now, in milliseconds since the epoch.
 */
export function wasLeftRunning(database: string, host: string, at: number): boolean {
  const record = new LeaseFile(database).read();
  if (!record?.marksRunning) return false;
  return !new LockFiles(database).isAlive(record.holder, host, at);
}

/** The higher of two watermarks, by code point. */
export function higher(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareCodePoints(a, b) >= 0 ? a : b;
}
