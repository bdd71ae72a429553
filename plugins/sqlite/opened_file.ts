/**
 * The files that a database was opened in: SQLite goes on writing into one that was deleted, as if nothing had happened.
 *
 * @module
 */
import { leadsNowhere } from "../absent.ts";
import { isGranted } from "../granted.ts";
import type { Connection } from "./connection.ts";

/** What SQLite keeps beside a database while it is open, by what is appended to the path. */
const BESIDE = ["-wal", "-shm"];

/** Remembers which files an open database is in. What may not be looked at without being asked for is taken to stay. */
export class OpenedFile {
  readonly #path: string;
  readonly #identity: string | undefined;
  readonly #beside: ReadonlyMap<string, string | undefined>;

  /**
   * Takes note of them.
   *
   * @param connection The database.
   */
  constructor(connection: Connection) {
    const { file } = connection;
    this.#path = file;
    this.#identity = identityOf(file);
    this.#beside = new Map(BESIDE.map((end) => [file + end, identityOf(file + end)]));
  }

  /**
   * Whether another file is by now where the database was, or none. The path that it was opened by is of no account: a link may lead
   * elsewhere since, while the database is where it was.
   */
  get isGone(): boolean {
    if (this.#identity === undefined) return false;
    const now = identityOf(this.#path);
    return now === undefined ? isGranted("read", this.#path) && leadsNowhere(this.#path) : now !== this.#identity;
  }

  /** Removes what a database that is gone left beside it: SQLite would take it for a part of the one that is there now. */
  removeLog(): void {
    for (const [path, identity] of this.#beside) {
      if (identity !== undefined && identityOf(path) === identity) removeQuietly(path);
    }
  }
}

/** What tells a file from all others; `undefined` if there is no file, or nobody may know. */
function identityOf(path: string): string | undefined {
  try {
    if (!isGranted("read", path)) return undefined;
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    if (isGranted("write", path)) Deno.removeSync(path);
  } catch {
    // An error that says more is on its way.
  }
}
