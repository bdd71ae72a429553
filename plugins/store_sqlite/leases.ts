/**
 * The state of each source, and the lease on it.
 *
 * @module
 */
import type {
  BackfillStatus,
  Claim,
  ClaimRequest,
  Lease,
  LeaseHolder,
  SourceState,
  SourceSummary,
} from "../../src/store.ts";
import { thisProcess } from "../../src/owner.ts";
import { checkToken, leaseLost } from "../store_lease.ts";
import type { Connection } from "../sqlite/connection.ts";
import { LockFiles } from "../sqlite/lock_file.ts";

/** The columns of a state, as {@linkcode stateOf} reads them. */
type StateRow = [
  source: string,
  status: BackfillStatus,
  lastWatermark: string | null,
  lastSuccessAt: number | null,
  token: string | null,
  host: string,
  pid: number,
  startedAt: number,
  heartbeatAt: number,
  leaseMs: number,
];

const STATE = `source, status, last_watermark, last_success_at_ms, lease_token, lease_host, lease_pid,
  lease_started_at_ms, lease_heartbeat_at_ms, lease_ms`;

/** What makes a lease the caller's; bound as source, token and fence. */
const HELD = "source = ? AND lease_token = ? AND fence = ?";

/** Claims, renews and gives back the leases of a database. */
export class Leases {
  readonly #connection: Connection;
  readonly #locks: LockFiles;

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#locks = new LockFiles(connection.file);
  }

  /** Implements `Store.claim`. */
  claim(request: ClaimRequest): Claim {
    const token = checkToken(request.owner.token);
    let claim: Claim;
    try {
      claim = this.#connection.transaction(() => this.#decide(request));
    } catch (error) {
      this.#locks.drop(token);
      throw error;
    }
    if (claim.granted && claim.takenFrom) this.#locks.remove(claim.takenFrom.token);
    return claim;
  }

  /**
   * Renews a lease, and raises the watermark of its source. Belongs into a transaction.
   *
   * @returns The id of the source.
   * @throws {LeaseLostError} If the lease is no longer the caller's.
   */
  renew({ source, token, fence }: Lease, at: number, watermark: string | null = null): number {
    // SQLite compares text by its UTF-8 bytes, which is the order of code points.
    const row = this.#connection.get(
      `UPDATE backfill_state SET lease_heartbeat_at_ms = ?, updated_at = ?, last_watermark =
         CASE WHEN ?3 IS NULL OR last_watermark > ?3 THEN last_watermark ELSE ?3 END
       WHERE ${HELD} RETURNING id`,
      at,
      Math.floor(at / 1000),
      watermark,
      source,
      token,
      fence,
    );
    if (!row) throw leaseLost({ source, token, fence }, this.#find(source)?.holder ?? null);
    return Number(row.id);
  }

  /** Records that a run came to its end. Belongs into a transaction. */
  complete(lease: Lease, at: number): void {
    const id = this.renew(lease, at);
    this.#connection.run(
      "UPDATE backfill_state SET status = 'complete', last_success_at = ?, last_success_at_ms = ? WHERE id = ?",
      Math.floor(at / 1000),
      at,
      id,
    );
  }

  /** Implements `Store.release`. */
  release({ source, token, fence }: Lease): void {
    this.#connection.guard(() =>
      this.#connection.run(
        `UPDATE backfill_state SET lease_token = NULL, lease_host = NULL, lease_pid = NULL, lease_started_at_ms = NULL,
           lease_heartbeat_at_ms = NULL, lease_ms = NULL WHERE ${HELD}`,
        source,
        token,
        fence,
      )
    );
    this.#locks.drop(token);
  }

  /** Implements `Store.states`. */
  states(): SourceSummary[] {
    type Row = [...StateRow, done: number, failed: number, gone: number, copies: number];
    const rows = this.#connection.guard(() =>
      this.#connection.arrays<Row>(
        `${STATE}, coalesce(done, 0), coalesce(failed, 0), coalesce(gone, 0), coalesce(copies, 0)`,
        `FROM backfill_state AS s
         LEFT JOIN (
           SELECT source_id, sum(outcome = 'done') AS done, sum(outcome = 'failed') AS failed,
             count(gone_at_ms) AS gone, count(copies.ledger_id) FILTER (WHERE gone_at_ms IS NULL) AS copies
           FROM ledger LEFT JOIN copies ON copies.ledger_id = ledger.id GROUP BY source_id
         ) ON source_id = s.id
         ORDER BY source`,
      )
    );
    const { host } = thisProcess();
    return rows.map((row) => {
      const [done, failed, gone, copies] = row.slice(-4).map(Number);
      const state = stateOf(row), { holder } = state;
      const isGone = holder !== null && this.#locks.isDead(holder, host);
      return {
        ...state,
        holder: isGone ? { ...holder, isGone } : holder,
        done: done ?? 0,
        failed: failed ?? 0,
        gone: gone ?? 0,
        copies: copies ?? 0,
      };
    });
  }

  /** Lets go of the lock files. */
  close(): void {
    this.#locks.close();
  }

  #decide({ source, owner, leaseMs, at }: ClaimRequest): Claim {
    const seconds = Math.floor(at / 1000);
    this.#connection.run(
      "INSERT INTO backfill_state (source, status, updated_at) VALUES (?, 'pending', ?) ON CONFLICT DO NOTHING",
      source,
      seconds,
    );
    const state = this.#find(source);
    if (!state) throw new Error(`the state of "${source}" is missing`);
    const { holder } = state;
    if (holder && this.#locks.isAlive(holder, owner.host, at)) return { granted: false, holder };
    this.#locks.sweep(this.#tokens());
    const row = this.#connection.get(
      `UPDATE backfill_state SET status = CASE status WHEN 'pending' THEN 'running' ELSE status END, updated_at = ?,
         lease_token = ?, lease_host = ?, lease_pid = ?, lease_started_at_ms = ?, lease_heartbeat_at_ms = ?, lease_ms = ?,
         fence = fence + 1
       WHERE source = ? RETURNING fence`,
      seconds,
      owner.token,
      owner.host,
      owner.pid,
      owner.startedAt,
      at,
      leaseMs,
      source,
    );
    this.#locks.take(owner.token);
    const lease: Lease = { source, token: owner.token, fence: Number(row?.fence) };
    return { granted: true, lease, state, ...(holder ? { takenFrom: holder } : {}) };
  }

  #tokens(): Set<string> {
    const rows = this.#connection.arrays<[string]>("lease_token", "FROM backfill_state WHERE lease_token IS NOT NULL");
    return new Set(rows.map(([token]) => token));
  }

  #find(source: string): SourceState | undefined {
    const [row] = this.#connection.arrays<StateRow>(
      STATE,
      "FROM backfill_state WHERE source = ?",
      source,
    );
    return row && stateOf(row);
  }
}

function stateOf(row: readonly [...StateRow, ...number[]]): SourceState {
  const [source, status, lastWatermark, lastSuccessAt, token, host, pid, startedAt, heartbeatAt, leaseMs] = row;
  const holder: LeaseHolder | null = token === null
    ? null
    : { token, host, pid, startedAt, heartbeatAt, expiresAt: heartbeatAt + leaseMs };
  return { source, status, lastWatermark, lastSuccessAt, holder };
}
