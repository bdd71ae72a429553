/**
 * Having the log of a database written to the disk while work goes on.
 *
 * @module
 */
import { isGranted } from "../granted.ts";

/** How many rows are worth a write to the disk: half a megabyte of them. */
const WORTH_ROWS = 200;

/** What is needed of an open log. */
export type LogFile = Pick<Deno.FsFile, "syncData" | "close">;

/**
 * Asks the system to write a log (`-wal`) to the disk, and waits for nothing. Before SQLite takes what its log holds into the
 * database, it waits until all of it is on the disk; what was written back by then is not waited for. What a commit promises
 * does not change.
 */
export class LogWriteback {
  readonly #path: string;
  readonly #open: (path: string) => LogFile | undefined;
  #rows = 0;
  #file: LogFile | undefined;
  #writing: Promise<void> | undefined;

  /**
   * @param path The log, beside its database.
   * @param open Opens it. Default: where that may be done without being asked for.
   */
  constructor(path: string, open: (path: string) => LogFile | undefined = openLog) {
    this.#path = path;
    this.#open = open;
  }

  /**
   * Takes note of a commit. Once there is enough in the log, begins to write it back, unless that goes on already.
   *
   * @param rows How many rows were committed.
   */
  committed(rows: number): void {
    this.#rows += rows;
    if (this.#writing || this.#rows < WORTH_ROWS) return;
    this.#rows = 0;
    this.#file ??= this.#open(this.#path);
    // A disk that fails tells everybody who has the file open: SQLite learns it when it waits itself.
    this.#writing = this.#file?.syncData().catch(() => {}).finally(() => this.#writing = undefined);
  }

  /** Ends it. Belongs before the database is closed, which removes the log. */
  async end(): Promise<void> {
    await this.#writing;
    this.#file?.close();
    this.#file = undefined;
  }
}

function openLog(path: string): Deno.FsFile | undefined {
  try {
    return isGranted("write", path) ? Deno.openSync(path, { write: true }) : undefined;
  } catch {
    // Without it the disk is waited for later.
    return undefined;
  }
}
