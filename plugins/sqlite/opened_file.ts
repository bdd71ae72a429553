/**
 * The files that a database was opened in: SQLite goes on writing into one that was deleted, as if nothing had happened.
 *
 * @module
 */

/** What SQLite keeps beside a database while it is open, by what is appended to the path. */
const BESIDE = ["-wal", "-shm"];

/** Remembers which file the path of an open database led to. */
export class OpenedFile {
  readonly #path: string;
  readonly #identity: string | undefined;
  readonly #beside: ReadonlyMap<string, string | undefined>;

  /**
   * Takes note of the files of a database.
   *
   * @param path Its path. What is no file, as `:memory:`, is taken for one that stays.
   */
  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
    const real = this.#identity === undefined ? path : realPathOf(path);
    this.#beside = new Map(BESIDE.map((end) => [real + end, identityOf(real + end)]));
  }

  /** Whether the path leads to another file by now, or to none. */
  get isGone(): boolean {
    return this.#identity !== undefined && identityOf(this.#path) !== this.#identity;
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
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** SQLite keeps what belongs to a database beside the file itself, not beside a link to it. */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // An error that says more is on its way.
  }
}
