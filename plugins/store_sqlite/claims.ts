/**
 * Which items claim which threads, as the database has it: read for a whole batch at once, kept while it is committed.
 *
 * @module
 */
import type { Claimant } from "../store_choice.ts";
import type { Connection } from "../sqlite/connection.ts";

/** An item that claims a thread. */
export interface ThreadClaim extends Claimant {
  /** The item's id in the ledger. */
  readonly ledgerId: number;
  /** Whether it gives the row; otherwise what it holds is a copy. */
  readonly gives: boolean;
}

/** What is known of a thread. */
export interface KnownThread {
  /** Whether it has a row. One that no item gives has no claim either. */
  hasRow: boolean;
  /** The items that claim it. */
  claims: ThreadClaim[];
}

/** Reads claims, and remembers them until they are forgotten. */
export class Claims {
  readonly #connection: Connection;
  #known = new Map<string, KnownThread>();

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reads what there is of threads. */
  load(ids: Iterable<string>): void {
    const wanted = [...new Set(ids)].filter((id) => !this.#known.has(id));
    for (const id of wanted) this.#known.set(id, { hasRow: false, claims: [] });
    type Row = [id: string, ledgerId: number | null, source: string, watermark: string, rank: string, gone: 0 | 1];
    const item = "l.id, s.source, l.watermark, l.rank, l.gone_at_ms IS NOT NULL";
    const rows = this.#connection.arraysIn<Row>(
      `t.id, ${item}`,
      `FROM threads AS t LEFT JOIN ledger AS l ON l.id = t.ledger_id
       LEFT JOIN backfill_state AS s ON s.id = l.source_id WHERE t.id IN`,
      wanted,
    );
    const copies = this.#connection.arraysIn<Row>(
      `c.thread_id, ${item}`,
      `FROM copies AS c JOIN ledger AS l ON l.id = c.ledger_id
       JOIN backfill_state AS s ON s.id = l.source_id WHERE c.thread_id IN`,
      wanted,
    );
    for (const [gives, found] of [[true, rows], [false, copies]] as const) {
      for (const [id, ledgerId, source, watermark, rank, gone] of found) {
        const thread = this.of(id);
        thread.hasRow ||= gives;
        if (ledgerId !== null) thread.claims.push({ ledgerId, source, watermark, rank, gone: gone === 1, gives });
      }
    }
  }

  /** What is known of a thread. */
  of(id: string): KnownThread {
    let thread = this.#known.get(id);
    if (!thread) {
      this.load([id]);
      thread = this.#known.get(id) ?? { hasRow: false, claims: [] };
    }
    return thread;
  }

  /** Forgets everything, as after something was undone. */
  forget(): void {
    // Once it is garbage, the table of a map that was cleared still keeps the next one alive, until all memory is gone through.
    this.#known = new Map();
  }
}
