/**
 * The store on Codex's state database.
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import { thisProcess } from "../../src/owner.ts";
import type {
  Batch,
  Claim,
  ClaimRequest,
  CommitResult,
  Failure,
  FailureRecord,
  Lease,
  LedgerEntry,
  SourceSummary,
  Store,
} from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { Connection } from "../sqlite/connection.ts";
import { Changes, type CodexStateChanges } from "./changes.ts";
import { CodexBackfill } from "./codex_backfill.ts";
import { type CommitPlan, StateCommitter } from "./committer.ts";
import { higher, StateLeases } from "./leases.ts";
import type { StateThread } from "./columns.ts";
import type { CodexStateCompat } from "./merge.ts";
import { countThreads } from "./read.ts";
import { StateRows } from "./rows.ts";
import { howToRestore } from "./snapshot.ts";
import { StateWriter } from "./writer.ts";

/** A store on Codex's state database. It keeps no ledger: Codex's tables have no place for one, and every run compares everything. */
export interface CodexStateStore extends Store<CodexThread> {
  /** What was done since it was opened. */
  changes(): CodexStateChanges;
  /** The copy from before the first write; `undefined` while nothing was written. */
  snapshot(): string | undefined;
  /** How to go back to the snapshot, for a person to read; `undefined` while there is none. */
  howToRestore(): string | undefined;
  /**
   * Removes the rows of threads with what hangs on them. Nothing else removes a row.
   *
   * @param ids The threads.
   * @param holds Asked of each right before it is removed, in the same transaction: whether it still is to be. Default: yes.
   * @returns How many there were.
   * @throws {StoreError} If somebody else writes by this program.
   */
  prune(ids: readonly string[], holds?: (row: StateThread) => boolean): Promise<number>;
}

/** How the store works. */
export interface StateStoreSettings {
  /** Merge exactly like this version. */
  readonly compat: CodexStateCompat | undefined;
  /** Where to put the snapshot. */
  readonly snapshots: string | undefined;
  /** Whether a lease that a killed Codex left is cleared. */
  readonly clearsOrphan: boolean;
  /** Whether rows are left alone whose rollout is not where it was read. */
  readonly leavesMoved: boolean;
  /** What the row of a thread was when it was decided what to write, if that counts. */
  readonly seen: ((id: string) => StateThread | undefined) | undefined;
  /** Whether the end of a run is that of Codex's own backfill too. */
  readonly completes: boolean;
  /** Called when it is closed. */
  readonly onClose: () => void;
}

/** How many rows are removed in one transaction. */
const PRUNED_AT_ONCE = 200;

/** How long the lease lives by which rows are removed, in milliseconds: longer than a snapshot takes to make. */
const PRUNING_MS = 600_000;

/** Implements {@linkcode CodexStateStore}. */
export class StateStore implements CodexStateStore {
  readonly #connection: Connection;
  readonly #settings: StateStoreSettings;
  readonly #rows: StateRows;
  readonly #leases: StateLeases;
  readonly #committer: StateCommitter;
  readonly #writer: StateWriter;
  readonly #codex: CodexBackfill;
  readonly #changes = new Changes();
  #source: string | undefined;

  /** Uses an open database. */
  constructor(connection: Connection, settings: StateStoreSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#rows = new StateRows(connection);
    this.#leases = new StateLeases(connection);
    this.#committer = new StateCommitter(this.#rows, settings);
    this.#writer = new StateWriter(connection, settings.snapshots);
    this.#codex = new CodexBackfill(connection, this.#rows, settings);
  }

  async claim(request: ClaimRequest): Promise<Claim> {
    const answer = this.#leases.claim(request);
    if ("holder" in answer) return { granted: false, holder: answer.holder };
    const { lease, takenFrom } = answer;
    try {
      const found = this.#codex.look(request.at, takenFrom?.marksRunning ?? false);
      if (found.heldBy) {
        this.#leases.release(lease);
        return { granted: false, holder: found.heldBy };
      }
      if (found.marks) {
        this.#connection.transaction(() => this.#leases.renew(lease, request.at, { marksRunning: true }));
      }
      await this.#writer.write(request.at, () => ({ writes: this.#codex.begin(request.at), result: undefined }));
      this.#connection.guard(() => this.#committer.begin());
      this.#source = request.source;
      const wasRunning = takenFrom !== null && found.state.status === "pending";
      const status = wasRunning ? "running" : found.state.status;
      const state = { source: request.source, ...found.state, status, holder: takenFrom?.holder ?? null };
      const before = takenFrom?.holder ?? found.orphan;
      return { granted: true, lease, state, ...(before ? { takenFrom: before } : {}) };
    } catch (error) {
      try {
        this.release(lease);
      } catch {
        // It expires by itself. What went wrong first is what matters.
      }
      throw error;
    }
  }

  heartbeat(lease: Lease, at: number): void {
    this.#connection.transaction(() => {
      const { marksRunning } = this.#leases.renew(lease, at);
      if (marksRunning) this.#codex.renew(at);
    });
  }

  ledger(_source: string): Iterable<LedgerEntry> {
    return [];
  }

  snapshots(_source: string, _watermarks: readonly string[]): ReadonlyMap<string, string> {
    return new Map();
  }

  async commit(lease: Lease, { outcomes, watermark, at }: Batch<CodexThread>): Promise<CommitResult> {
    const { plan, refused } = await this.#writer.write(at, () => {
      this.#leases.renew(lease, at, { watermark });
      const plan = this.#committer.plan(outcomes, false);
      const refused = new Map(plan.refused);
      const writes = [...this.#writesOf(plan, refused), ...this.#codex.checkpoint(watermark, at)];
      return { writes, result: { plan, refused } };
    });
    plan.done();
    this.#changes.count(plan, refused);
    return {
      upserted: outcomes.filter((one) => one.extraction).length - refused.size,
      refused: Array.from(refused, ([watermark, reason]) => ({ watermark, failure: refusal(reason) })),
    };
  }

  async complete(lease: Lease, at: number): Promise<void> {
    const { plan, refused } = await this.#writer.write(at, () => {
      const { watermark } = this.#leases.renew(lease, at, { marksRunning: false });
      const plan = this.#committer.plan(this.#committer.left, true);
      const refused = new Map(plan.refused);
      const writes = this.#writesOf(plan, refused);
      const hasChanged = writes.length > 0 || this.#changes.areAny;
      return { writes: [...writes, ...this.#codex.complete(watermark, at, hasChanged)], result: { plan, refused } };
    });
    plan.done();
    this.#changes.count(plan, refused);
    this.#changes.refuse(refused);
  }

  release(lease: Lease): void {
    this.#leases.release(lease, ({ marksRunning }) => {
      if (marksRunning) this.#codex.interrupt();
    });
  }

  states(): SourceSummary[] {
    const record = this.#leases.current();
    const state = this.#codex.state(record !== null);
    if (!record && !state && this.#source === undefined) return [];
    const source = record?.source ?? this.#source ?? this.#connection.path;
    const lastWatermark = higher(state?.lastWatermark ?? null, record?.watermark ?? null);
    return [{
      source,
      status: state?.status ?? (record ? "running" : "pending"),
      lastWatermark,
      lastSuccessAt: state?.lastSuccessAt ?? null,
      holder: record?.holder ?? state?.holder ?? null,
      done: countThreads(this.#connection),
      failed: 0,
      gone: 0,
      copies: 0,
    }];
  }

  failures(_source?: string): FailureRecord[] {
    return [];
  }

  changes(): CodexStateChanges {
    return this.#changes.soFar;
  }

  snapshot(): string | undefined {
    return this.#writer.snapshot ?? undefined;
  }

  howToRestore(): string | undefined {
    const snapshot = this.#writer.snapshot;
    return snapshot === null ? undefined : howToRestore(this.#connection.path, snapshot);
  }

  async prune(ids: readonly string[], holds: (row: StateThread) => boolean = () => true): Promise<number> {
    if (ids.length === 0) return 0;
    const source = this.#source ?? this.#connection.path;
    const answer = this.#leases.claim({ source, owner: thisProcess(), leaseMs: PRUNING_MS, at: Date.now() });
    if ("holder" in answer) {
      throw new StoreError(`Cannot remove rows of "${this.#connection.path}": another worker is writing to it`);
    }
    const { lease } = answer;
    let pruned = 0;
    try {
      for (let first = 0; first < ids.length; first += PRUNED_AT_ONCE) {
        pruned += await this.#pruneSome(ids.slice(first, first + PRUNED_AT_ONCE), holds, lease);
      }
    } finally {
      this.release(lease);
    }
    return pruned;
  }

  async #pruneSome(ids: readonly string[], holds: (row: StateThread) => boolean, lease: Lease): Promise<number> {
    const at = Date.now();
    let pruned = 0;
    await this.#writer.write(at, () => {
      this.#leases.renew(lease, at);
      const found = [...this.#rows.read(ids).values()].filter(holds);
      return { writes: found.map(({ id }) => () => void (this.#rows.remove(id) && pruned++)), result: undefined };
    });
    this.#changes.prune(pruned);
    return pruned;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leases.close();
    this.#connection.close();
    this.#settings.onClose();
    return Promise.resolve();
  }

  #writesOf({ writes, edges }: CommitPlan, refused: Map<string, string>): (() => void)[] {
    return [
      ...writes.map(({ watermark, before, isRemade, row }) => () =>
        this.#writer.tryOne(
          () =>
            !before
              ? this.#rows.insert(row)
              : isRemade
              ? this.#rows.remake(row)
              : this.#rows.update(row, this.#settings.compat === undefined ? before : undefined),
          (reason) => refused.set(watermark, reason),
        )
      ),
      ...edges.map((edge) => () => this.#rows.insertEdge(edge)),
    ];
  }
}

function refusal(reason: string): Failure {
  return { kind: "refused", reason: `the store cannot take the row: ${reason}`, transient: false };
}
