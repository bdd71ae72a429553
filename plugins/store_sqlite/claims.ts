/**
 * Which items claim which threads, as the database has it: read for a whole batch at once, kept while it is committed, and for
 * the next one where much would have to be read again.
 *
 * @module
 */
import type { Connection } from "../sqlite/connection.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { ThreadClaims } from "./thread_claims.ts";

/** A thread that so many items claim is kept for the next batch: one that few claim takes more memory than time. */
const MANY_CLAIMS = 8;

/** Whether an item failed for good since it was last read. */
const FAILED_FOR_GOOD = "l.outcome = 'failed' AND l.transient <> 1";

/** Reads claims, and remembers them until they are forgotten. */
export class Claims {
  readonly #connection: Connection;
  #known = new Map<string, ThreadClaims>();
  /** Whether what is known was committed. */
  #isCommitted = false;
  /** Changes when another connection writes. */
  #dataVersion: SqlValue | undefined;

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Begins a commit, inside its transaction: reads what there is of threads. What was known stands if it was committed and no
   * other connection has written since.
   */
  begin(ids: Iterable<string>): void {
    const before = this.#known, version = this.#connection.get("PRAGMA data_version")?.data_version;
    const stands = this.#isCommitted && version === this.#dataVersion;
    this.forget();
    this.#isCommitted = false;
    this.#dataVersion = version;
    const wanted = new Set(ids);
    for (const id of stands ? wanted : []) {
      const thread = before.get(id);
      if (thread && thread.size >= MANY_CLAIMS) this.#known.set(id, thread);
    }
    this.#load([...wanted].filter((id) => !this.#known.has(id)));
  }

  /** Takes note that what is known was committed. */
  committed(): void {
    this.#isCommitted = true;
  }

  /** What is known of a thread. */
  of(id: string): ThreadClaims {
    if (!this.#known.has(id)) this.#load([id]);
    return this.#known.get(id) ?? new ThreadClaims();
  }

  /** Forgets everything, as after something was undone. */
  forget(): void {
    // Once it is garbage, the table of a map that was cleared still keeps the next one alive, until all memory is gone through.
    this.#known = new Map();
  }

  #load(wanted: readonly string[]): void {
    for (const id of wanted) this.#known.set(id, new ThreadClaims());
    type Row = [
      id: string,
      ledgerId: number | null,
      source: string,
      watermark: string,
      rank: string,
      gone: 0 | 1,
      failed: 0 | 1,
    ];
    const item = `l.id, s.source, l.watermark, l.rank, l.gone_at_ms IS NOT NULL, ${FAILED_FOR_GOOD}`;
    const rows = this.#connection.arraysIn<Row>(
      `t.id, ${item}`,
      `FROM threads AS t LEFT JOIN ledger AS l ON l.id = t.ledger_id AND l.key = t.id
       LEFT JOIN backfill_state AS s ON s.id = l.source_id WHERE t.id IN`,
      wanted,
    );
    const copies = this.#connection.arraysIn<Row>(
      `c.thread_id, ${item}`,
      `FROM copies AS c JOIN ledger AS l ON l.id = c.ledger_id AND l.key = c.thread_id
       JOIN backfill_state AS s ON s.id = l.source_id WHERE c.thread_id IN`,
      wanted,
    );
    for (const [gives, found] of [[true, rows], [false, copies]] as const) {
      for (const [id, ledgerId, source, watermark, rank, gone, failed] of found) {
        const thread = this.of(id);
        thread.hasRow ||= gives;
        if (ledgerId === null) continue;
        thread.put({ ledgerId, source, watermark, rank, gone: gone === 1, failed: failed === 1 });
        if (gives) thread.giver = ledgerId;
      }
    }
  }
}
