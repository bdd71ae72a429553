/**
 * Knowing at once that the owner of a lease is dead: a running owner holds the lock of a file beside the database, and the
 * system drops the lock with the process.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import type { LeaseHolder } from "../../src/store.ts";
import { isGranted } from "../granted.ts";
import { isExpired, isToken } from "../store_lease.ts";

/** The lock files of the owners of one database. Without permission for such a file only the expiry of a lease counts. */
export class LockFiles {
  readonly #database: string;
  readonly #held = new Map<string, Deno.FsFile>();

  /** Locks beside a database, whatever links lead to it; one in memory, whose path is empty, has none. */
  constructor(database: string) {
    this.#database = database;
  }

  /** Takes the lock of an owner, where that is allowed without asking. */
  take(token: string): void {
    const path = this.#path(token);
    if (!path) return;
    let file: Deno.FsFile | undefined;
    try {
      file = Deno.openSync(path, { createNew: true, read: true, write: true, mode: 0o600 });
      if (file.tryLockSync(true)) {
        this.#held.set(token, file);
        return;
      }
    } catch {
      // A folder that cannot be written, a file system without locks: the lease expires instead.
    }
    if (!file) return;
    file.close();
    // Unlocked, it would say that its owner is dead.
    this.remove(token);
  }

  /** Gives the lock of an owner back and removes its file. */
  drop(token: string): void {
    this.#held.get(token)?.close();
    if (this.#held.delete(token)) this.remove(token);
  }

  /** Removes the file of an owner that is dead. */
  remove(token: string): void {
    const path = this.#path(token);
    if (!path) return;
    try {
      Deno.removeSync(path);
    } catch {
      // It is not there, or somebody else removed it.
    }
  }

  /**
   * Removes the files of owners that were killed between taking a lock and committing it, or between giving a lease back and
   * removing its file. Belongs into the transaction of a claim: only there are locks taken.
   *
   * @param tokens The owners that still stand in the database.
   */
  sweep(tokens: ReadonlySet<string>): void {
    const folder = dirname(this.#database), prefix = `${basename(this.#database)}.`;
    if (this.#database === "" || !isGranted("read", folder)) return;
    let names: string[];
    try {
      names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    } catch {
      return;
    }
    for (const name of names) {
      if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue;
      const token = name.slice(prefix.length, -SUFFIX.length);
      if (isToken(token) && !tokens.has(token) && this.#isFree(token)) this.remove(token);
    }
  }

  /**
   * Whether an owner is known to be dead. An owner on another machine never is: locks may not reach that far.
   *
   * @param holder The owner.
   * @param host The name of this machine, empty where it may not be asked.
   */
  isDead(holder: LeaseHolder, host: string): boolean {
    if (holder.host && host && holder.host !== host) return false;
    return this.#isFree(holder.token);
  }

  /**
   * Whether an owner may still be at work: its lease did not run out, and it is not known to be dead.
   *
   * @param holder The owner.
   * @param host The name of this machine, empty where it may not be asked.
   * @param at Now, in milliseconds since the epoch.
   */
  isAlive(holder: LeaseHolder, host: string, at: number): boolean {
    return !isExpired(holder, at) && !this.isDead(holder, host);
  }

  #isFree(token: string): boolean {
    const path = this.#path(token);
    if (!path || this.#held.has(token)) return false;
    try {
      using file = Deno.openSync(path, { read: true, write: true });
      // Shared: those who only look are not to take each other for the owner.
      return file.tryLockSync(false);
    } catch {
      return false;
    }
  }

  /** Lets go of every lock and leaves the files: an owner that did not give its lease back is known to be dead by them. */
  close(): void {
    for (const file of this.#held.values()) file.close();
    this.#held.clear();
  }

  #path(token: string): string | undefined {
    // A token that others wrote into the database may be anything.
    if (this.#database === "" || !isToken(token)) return undefined;
    const path = `${this.#database}.${token}${SUFFIX}`;
    return isGranted("read", path) && isGranted("write", path) ? path : undefined;
  }
}

const SUFFIX = ".lock";
