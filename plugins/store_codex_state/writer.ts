/**
 * Writing in short transactions, the first of which is preceded by a snapshot.
 *
 * @module
 */
import { reasonOf } from "../../src/errors.ts";
import type { Connection } from "../sqlite/connection.ts";
import { isAboutRow } from "../sqlite/sqlite_error.ts";
import { Snapshot } from "./snapshot.ts";

/** What a transaction comes to: what it writes, and what its caller wants to know. */
export interface Work<T> {
  /** The writing. Nothing is written, and no snapshot made, where there is none. */
  readonly writes: readonly (() => void)[];
  /** For the caller. */
  readonly result: T;
}

/** Writes to one database. */
export class StateWriter {
  readonly #connection: Connection;
  readonly #snapshot: Snapshot;

  /** Uses a database, and a folder for the snapshot. */
  constructor(connection: Connection, snapshots: string | undefined) {
    this.#connection = connection;
    this.#snapshot = new Snapshot(connection, snapshots);
  }

  /** Where the snapshot is; `null` while nothing was written. */
  get snapshot(): string | null {
    return this.#snapshot.path;
  }

  /**
   * Writes in one transaction.
   *
   * @param at Now, in milliseconds since the epoch.
   * @param plan Says what to write. Called again, on what the database holds then, if a snapshot has to be made first.
   */
  async write<T>(at: number, plan: () => Work<T>): Promise<T> {
    for (;;) {
      const done = this.#connection.transaction(() => {
        const { writes, result } = plan();
        if (writes.length > 0 && this.#snapshot.path === null) return undefined;
        for (const write of writes) write();
        return { result };
      });
      if (done) return done.result;
      await this.#snapshot.take(at);
    }
  }

  /**
   * Writes one row, so that others are written although it cannot be.
   *
   * @param write The writing.
   * @param refuse Told why the database does not take it.
   */
  tryOne(write: () => void, refuse: (reason: string) => void): void {
    try {
      this.#connection.savepoint(write);
    } catch (error) {
      if (!isAboutRow(error)) throw error;
      refuse(reasonOf(error));
    }
  }
}
