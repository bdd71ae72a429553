/**
 * A copy of a database from before the first write.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { reasonOf, StoreError } from "../../src/errors.ts";
import { isGranted } from "../granted.ts";
import type { Connection } from "../sqlite/connection.ts";
import { removeIfThere } from "./remove_if_there.ts";

/** Makes the copy when it is first needed. */
export class Snapshot {
  readonly #connection: Connection;
  readonly #folder: string;
  #path: string | null = null;

  /**
   * Prepares.
   *
   * @param connection The database.
   * @param folder Where to put the copy. Default: beside the database.
   */
  constructor(connection: Connection, folder: string = dirname(connection.path)) {
    this.#connection = connection;
    this.#folder = folder;
  }

  /** Where the copy is; `null` while there is none. */
  get path(): string | null {
    return this.#path;
  }

  /**
   * Makes the copy. Must not be called inside a transaction.
   *
   * @param at Now, in milliseconds since the epoch; part of the name.
   * @throws {StoreError} If it cannot be made. The database is as it was then.
   */
  async take(at: number): Promise<void> {
    this.#sweep();
    const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
    for (let turn = 1;; turn++) {
      const end = turn === 1 ? "" : `-${turn}`;
      const path = join(this.#folder, `${basename(this.#connection.path)}.${time}${end}.snapshot`);
      if (!await this.#make(path)) continue;
      this.#path = path;
      return;
    }
  }

  /** Answers whether there was no such file. What has its name is whole: a copy that was broken off has another. */
  async #make(path: string): Promise<boolean> {
    const partial = `${path}${PARTIAL}`;
    try {
      if (isAnything(path)) return false;
      // SQLite fills an empty file; one that it makes itself could be read by everybody.
      Deno.openSync(partial, { createNew: true, write: true, mode: 0o600 }).close();
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw cannotMake(path, error);
    }
    try {
      await this.#connection.copyTo(partial);
      await syncFile(partial);
      Deno.renameSync(partial, path);
      return true;
    } catch (error) {
      removeIfThere(partial);
      throw cannotMake(path, error);
    }
  }

  /** Removes what was left of copies that were broken off. Nobody else makes one now: that takes the lease. */
  #sweep(): void {
    if (!isGranted("read", this.#folder)) return;
    const prefix = `${basename(this.#connection.path)}.`;
    try {
      for (const { name } of Deno.readDirSync(this.#folder)) {
        if (name.startsWith(prefix) && BROKEN_OFF.test(name)) removeIfThere(join(this.#folder, name));
      }
    } catch {
      // What cannot be removed is in nobody's way.
    }
  }
}

/** What a copy is called while it is made. */
const PARTIAL = ".partial";

/** Such a copy, and what SQLite keeps beside it. */
const BROKEN_OFF = /\.\d{8}T\d{6}Z(?:-\d+)?\.snapshot\.partial(?:-journal)?$/;

async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

function isAnything(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Says how to go back to a snapshot.
 *
 * @param database The database.
 * @param snapshot The snapshot of it.
 */
export function howToRestore(database: string, snapshot: string): string {
  return `close Codex, remove "${database}-wal" and "${database}-shm", and copy "${snapshot}" to "${database}"`;
}

function cannotMake(path: string, cause: unknown): StoreError {
  return new StoreError(
    `Cannot make the snapshot "${path}": ${
      reasonOf(cause)
    }. Nothing was changed; make room, and see that it may be written`,
    { cause },
  );
}
