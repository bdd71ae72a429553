/**
 * Looking into Codex's state database without changing a byte of it or leaving a file beside it.
 *
 * @module
 */
import { reasonOf, StoreError } from "../../src/errors.ts";
import type { SpawnEdge } from "../codex_thread.ts";
import { ScratchFolder } from "../scratch_folder.ts";
import { Connection } from "../sqlite/connection.ts";
import { findDriver } from "../sqlite/find_driver.ts";
import type { CodexBackfillState } from "./backfill_state.ts";
import type { StateThread } from "./columns.ts";
import type { CodexMigration } from "./migrations.ts";
import { copyQuietly } from "./quiet_copy.ts";
import {
  checkFile,
  countThreads,
  readBackfillState,
  readIntegrity,
  readMigrations,
  readRefusal,
  readThreads,
} from "./read.ts";

/** How {@linkcode inspectCodexState} looks. */
export interface InspectOptions {
  /** An existing folder for the copy that is looked into. Default: the system's folder for temporary files. */
  readonly scratch?: string;
}

/** What stands in a state database of Codex, as it was when it was opened. */
export interface CodexState extends Disposable {
  /** The database. */
  readonly path: string;
  /** What SQLite finds wrong with it; nothing if it is whole. Nothing else can be relied on otherwise. */
  readonly integrity: readonly string[];
  /** What Codex records of its migrations, in order; nothing if it is no database of Codex. */
  readonly migrations: readonly CodexMigration[];
  /** Why this program does not write to it, and what to do, for a person to read; `null` if it may. */
  readonly refusal: string | null;
  /** How far Codex's own backfill has come; `null` if nothing is recorded. */
  readonly backfill: CodexBackfillState | null;
  /** How many threads it has, also where it is that of another Codex. */
  readonly threadCount: number;
  /** Every thread, in order of id. None where {@linkcode CodexState.refusal} is not `null`. */
  threads(): Iterable<StateThread>;
  /** One thread, if it has it. */
  thread(id: string): StateThread | undefined;
  /** Who spawned whom, in order of child. */
  edges(): SpawnEdge[];
}

/**
 * Opens a state database of Codex for looking. What is read is a copy that is removed when the result is disposed, so Codex may
 * go on writing meanwhile; copies that were left by processes that were killed are removed with it. Needs permission to read the
 * database and its folder, and to write the scratch folder.
 *
 * @param path The database, e.g. `/home/me/.codex/state_5.sqlite`.
 * @param options How.
 * @returns What stands in it. Dispose it.
 * @throws {StoreError} If there is no such file, it is no SQLite database, or it changes all the time.
 *
 * @example What there is
 * ```ts ignore
 * import { inspectCodexState } from "@rollout/backfill/store-codex-state";
 *
 * using state = await inspectCodexState("/home/me/.codex/state_5.sqlite");
 * if (state.refusal) console.log(state.refusal);
 * for (const { id, title } of state.threads()) console.log(id, title);
 * ```
 */
export async function inspectCodexState(path: string, { scratch }: InspectOptions = {}): Promise<CodexState> {
  const file = checkFile(path);
  const folder = new ScratchFolder(`a copy of the database "${path}" to look at it`, scratch);
  try {
    const copy = await copyQuietly(file, folder.path);
    const driver = await findDriver("node:sqlite");
    return new Inspection(path, folder, new Connection(driver.open(copy, { readonly: false }), path));
  } catch (error) {
    folder[Symbol.dispose]();
    if (error instanceof StoreError) throw error;
    throw new StoreError(`Cannot copy the database "${path}" into "${folder.path}" to look at it: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

class Inspection implements CodexState {
  readonly integrity: readonly string[];
  readonly migrations: readonly CodexMigration[];
  readonly refusal: string | null;
  readonly backfill: CodexBackfillState | null;
  readonly threadCount: number;
  readonly #connection: Connection;
  readonly #folder: ScratchFolder;

  constructor(readonly path: string, folder: ScratchFolder, connection: Connection) {
    this.#folder = folder;
    this.#connection = connection;
    try {
      this.integrity = readIntegrity(connection);
      const isWhole = this.integrity.length === 0;
      this.migrations = isWhole ? readMigrations(connection) : [];
      this.refusal = readRefusal(this.integrity, this.migrations, connection);
      this.backfill = isWhole ? readBackfillState(connection) : null;
      this.threadCount = isWhole ? countThreads(connection) : 0;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  threads(): Iterable<StateThread> {
    return this.refusal === null ? readThreads(this.#connection) : [];
  }

  thread(id: string): StateThread | undefined {
    return this.refusal === null ? readThreads(this.#connection, id).next().value ?? undefined : undefined;
  }

  edges(): SpawnEdge[] {
    if (this.refusal !== null) return [];
    return this.#connection.guard(() =>
      this.#connection.arrays<[string, string, string]>(
        "parent_thread_id, child_thread_id, status",
        "FROM thread_spawn_edges ORDER BY child_thread_id",
      )
    ).map(([parent_thread_id, child_thread_id, status]) => ({ parent_thread_id, child_thread_id, status }));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
    this.#folder[Symbol.dispose]();
  }
}
