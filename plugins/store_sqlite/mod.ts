/**
 * The store in an SQLite database: threads by the columns of Codex's own table, ledger and state beside them.
 *
 * Needs permission to read and write the database. With permission for its folder too, a run that was killed is noticed at
 * once instead of when its lease runs out.
 *
 * @example Index a Codex home
 * ```ts ignore
 * import { backfill } from "@rollout/backfill";
 * import { codexExtractor } from "@rollout/backfill/extractor-codex";
 * import { rolloutSource } from "@rollout/backfill/source-rollouts";
 * import { sqliteStore } from "@rollout/backfill/store-sqlite";
 *
 * await using store = await sqliteStore({ path: "threads.sqlite" });
 * await backfill({ source: rolloutSource({ codexHome: "/home/me/.codex" }), extractor: codexExtractor(), store });
 * ```
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import type {
  Batch,
  Claim,
  ClaimRequest,
  CommitResult,
  CopyRecord,
  FailureRecord,
  Lease,
  LedgerEntry,
  SourceSummary,
  Store,
} from "../../src/store.ts";
import type { CodexThread } from "../codex_thread.ts";
import { Committer } from "./committer.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { SqliteDriver } from "../sqlite/driver.ts";
import { type DriverName, findDriver } from "../sqlite/find_driver.ts";
import { LogWriteback } from "../sqlite/log_writeback.ts";
import { OpenedFile } from "../sqlite/opened_file.ts";
import { Leases } from "./leases.ts";
import { Ledger } from "./ledger.ts";
import { close, open, type OpenOptions } from "./open.ts";
import type { MergeLike } from "./threads.ts";

export type { CodexThread, DynamicTool, DynamicTools, Integer, SpawnEdge, ThreadMark } from "../codex_thread.ts";
export { type ColumnKind, type ColumnRule, columnRules, filledOnInsert, type ThreadColumn } from "./columns.ts";
export type { SqliteDatabase, SqliteDriver, SqliteStatement, SqlRow, SqlValue } from "../sqlite/driver.ts";
export type { DriverName } from "../sqlite/find_driver.ts";
export type { MergeLike } from "./threads.ts";
export { type Migration, migrations } from "../../migrations/mod.ts";

/** How {@linkcode sqliteStore} opens a database. */
export interface SqliteStoreOptions {
  /** The file. It is made, readable for its owner only, if there is none. `:memory:` keeps everything in memory. */
  readonly path: string;
  /** The SQLite library. Default: `auto`. */
  readonly driver?: DriverName | SqliteDriver;
  /**
   * Whether a batch is on the disk when it is committed (`synchronous=FULL`). Default: false, which is safe against the death
   * of the process, and may lose the last batches, whole, when the power fails; the next run makes them again.
   */
  readonly durable?: boolean;
  /** Whether to open an existing database for reading only; nothing is made or written then. Default: false. */
  readonly readonly?: boolean;
  /** The version of Codex whose way of merging rows is followed. Default: the rules of the columns. */
  readonly mergeLike?: MergeLike;
}

/**
 * Opens a store in an SQLite database, and brings its tables up to date.
 *
 * @param options Which database, and how.
 * @returns The store. Dispose it to close the database.
 * @throws {StoreError} If the database cannot be opened, is not one, belongs to another program, or was written by a newer
 * version of this one. Nothing is written then.
 *
 * @example Ask a database for its failures
 * ```ts
 * import { sqliteStore } from "@rollout/backfill/store-sqlite";
 * import { assertEquals } from "@std/assert";
 *
 * await using store = await sqliteStore({ path: ":memory:", driver: "node:sqlite" });
 * assertEquals(await store.failures(), []);
 * ```
 */
export async function sqliteStore(options: SqliteStoreOptions): Promise<Store<CodexThread>> {
  const { path, durable = false, readonly = false, mergeLike } = options;
  const driver = await findDriver(options.driver);
  const connection = open(driver, path, { readonly, durable });
  try {
    return connection.guard(() => new SqliteStore(connection, { readonly, durable }, mergeLike));
  } catch (error) {
    connection.close();
    throw error;
  }
}

class SqliteStore implements Store<CodexThread> {
  readonly #connection: Connection;
  readonly #readonly: boolean;
  readonly #leases: Leases;
  readonly #ledger: Ledger;
  readonly #committer: Committer;
  readonly #file: OpenedFile;
  /** Nothing is left to write back where every commit waits for the disk. */
  readonly #writeback: LogWriteback | undefined;

  constructor(connection: Connection, { readonly, durable }: OpenOptions, like: MergeLike | undefined) {
    this.#connection = connection;
    this.#readonly = readonly;
    this.#leases = new Leases(connection);
    this.#ledger = new Ledger(connection);
    this.#committer = new Committer(connection, this.#ledger, like);
    this.#file = new OpenedFile(connection);
    const isOnDisk = !readonly && connection.file !== "";
    this.#writeback = isOnDisk && !durable ? new LogWriteback(`${connection.file}-wal`) : undefined;
  }

  claim(request: ClaimRequest): Claim {
    const claim = this.#leases.claim(request);
    if (claim.granted) this.#connection.guard(() => this.#committer.begin());
    return claim;
  }

  heartbeat(lease: Lease, at: number): void {
    this.#connection.transaction(() => this.#leases.renew(lease, at));
  }

  ledger(source: string): Iterable<LedgerEntry> {
    return this.#ledger.entries(source);
  }

  snapshots(source: string, watermarks: readonly string[]): ReadonlyMap<string, string> {
    return this.#ledger.snapshots(source, watermarks);
  }

  commit(lease: Lease, batch: Batch<CodexThread>): CommitResult {
    const result = this.#written(() => {
      const id = this.#leases.renew(lease, batch.at, batch.watermark);
      return this.#committer.commit({ id, name: lease.source }, batch);
    });
    this.#committer.committed();
    this.#writeback?.committed(batch.outcomes.length);
    return result;
  }

  complete(lease: Lease, at: number): void {
    this.#written(() => this.#leases.complete(lease, at));
  }

  release(lease: Lease): void {
    this.#leases.release(lease);
  }

  states(): SourceSummary[] {
    return this.#leases.states();
  }

  failures(source?: string): FailureRecord[] {
    return this.#ledger.failures(source);
  }

  copies(source?: string): CopyRecord[] {
    return this.#ledger.copies(source);
  }

  countCopies(source: string): number {
    return this.#ledger.countCopies(source);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writeback?.end();
    this.#leases.close();
    // What lies there then is somebody else's.
    const { isGone } = this.#file;
    close(this.#connection, this.#readonly || isGone);
    if (isGone && !this.#readonly) this.#file.removeLog();
  }

  /** Writes in one transaction, which must not be taken for written if nobody will find it. */
  #written<T>(work: () => T): T {
    const result = this.#connection.transaction(work);
    if (!this.#file.isGone) return result;
    throw new StoreError(
      `The database "${this.#connection.path}" was deleted or replaced while it was in use, and what was written is gone with it. Run again`,
    );
  }
}
