/**
 * The ledger: what was done with each item.
 *
 * @module
 */
import type { Extraction } from "../../src/extractor.ts";
import type { CopyRecord, Failure, FailureRecord, LedgerEntry, Outcome } from "../../src/store.ts";
import type { Connection } from "../sqlite/connection.ts";
import type { SqlValue } from "../sqlite/driver.ts";

/** What a commit needs to know of an item that the ledger has. */
export interface KnownItem {
  /** Its id in the ledger. */
  readonly id: number;
  /** The key that its last good extraction was about, or `null`. */
  readonly key: string | null;
  /** Where it was. */
  readonly location: string;
}

/** An item that gave a row, or a copy of one. */
export interface DoneItem {
  /** Its id in the ledger. */
  readonly id: number;
  /** What came of it. */
  readonly outcome: Outcome<unknown>;
  /** What it gave. */
  readonly extraction: Extraction<unknown>;
}

/** How many items are read at once: JSON of some tens of kilobytes, which the caches of a processor hold. */
const CHUNK = 250;

/** What is read of an item in one number. */
const IS_FAILED = 1, IS_TRANSIENT = 2, IS_GONE = 4;

/** Reads and writes the ledger. Writing belongs into a transaction. */
export class Ledger {
  readonly #connection: Connection;
  #lastId = 0;
  /** The highest id by which other tables name an item, once a run has to know: rows are many, and not in its order. */
  #lastNamed: number | undefined;

  /** Uses a database. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Implements `Store.ledger`. */
  *entries(source: string): Generator<LedgerEntry> {
    type Columns = [watermarks: string[], fingerprints: string[], versions: (string | 0)[], flags: number[]];
    // Column by column, which costs less than row by row, and in the order in which sources list.
    const sql = `SELECT json_array(json_group_array(watermark), json_group_array(fingerprint),
        json_group_array(CASE version WHEN ?3 THEN 0 ELSE version END),
        json_group_array((outcome = 'failed') * ${IS_FAILED} + (transient > 0) * ${IS_TRANSIENT} + (gone_at_ms IS NOT NULL) * ${IS_GONE})
      ) AS columns
      FROM (SELECT * FROM ledger WHERE source_id = (SELECT id FROM backfill_state WHERE source = ?1) 
          AND watermark >= coalesce(?2, '') AND watermark IS NOT ?2
        ORDER BY watermark LIMIT ${CHUNK})`;
    let version = "";
    for (let last: string | null = null;;) {
      const row = this.#connection.guard(() => this.#connection.get(sql, source, last, version));
      const [watermarks, fingerprints, versions, flags]: Columns = JSON.parse(String(row?.columns));
      last = watermarks.at(-1) ?? null;
      const before = version;
      for (const [at, watermark] of watermarks.entries()) {
        const fingerprint = fingerprints[at] ?? "", flag = flags[at] ?? 0;
        // One string for all rather than one each: most have the same.
        const text = versions[at] === 0 ? before : versions[at] ?? "";
        if (text !== version) version = text;
        const outcome = flag & IS_FAILED ? "failed" : "done";
        const transient = (flag & IS_TRANSIENT) !== 0, gone = (flag & IS_GONE) !== 0;
        yield { watermark, fingerprint, version, outcome, transient, gone };
      }
      if (last === null) return;
    }
  }

  /** Implements `Store.snapshots`. */
  snapshots(source: string, watermarks: readonly string[]): Map<string, string> {
    const byText = new Map(watermarks.map((watermark) => [watermark.toWellFormed(), watermark]));
    const rows = this.#connection.guard(() =>
      this.#connection.arraysIn<[string, string]>(
        "watermark, snapshot",
        `FROM ledger JOIN ledger_snapshots ON ledger_id = ledger.id
         WHERE source_id = (SELECT id FROM backfill_state WHERE source = ?) AND watermark IN`,
        [...byText.keys()],
        source,
      )
    );
    return new Map(rows.map(([text, snapshot]) => [byText.get(text) ?? text, snapshot]));
  }

  /** Implements `Store.failures`. */
  failures(source?: string): FailureRecord[] {
    type Row = [string, string, string, string, string | null, 0 | 1, number, number, 0 | 1];
    const rows = this.#connection.guard(() =>
      this.#connection.arrays<Row>(
        "source, watermark, location, kind, reason, transient > 0, attempts, processed_at_ms, gone_at_ms IS NOT NULL",
        `FROM ledger JOIN backfill_state ON backfill_state.id = source_id
         WHERE outcome = 'failed' AND (?1 IS NULL OR source = ?1) ORDER BY source, watermark`,
        source ?? null,
      )
    );
    return rows.map(([source, watermark, location, kind, reason, transient, attempts, failedAt, gone]) => (
      {
        source,
        watermark,
        location,
        kind,
        reason: reason ?? "",
        transient: transient === 1,
        attempts,
        failedAt,
        gone: gone === 1,
      }
    ));
  }

  /** Implements `Store.copies`. */
  copies(source?: string): CopyRecord[] {
    const rows = this.#connection.guard(() =>
      this.#connection.arrays<[string, string, string, string, string, 0 | 1]>(
        "s.source, l.watermark, c.thread_id, coalesce(g.watermark, ''), coalesce(gs.source, ''), l.gone_at_ms IS NOT NULL",
        `FROM copies AS c JOIN ledger AS l ON l.id = c.ledger_id JOIN backfill_state AS s ON s.id = l.source_id
         JOIN threads AS t ON t.id = c.thread_id LEFT JOIN ledger AS g ON g.id = t.ledger_id AND g.key = t.id
         LEFT JOIN backfill_state AS gs ON gs.id = g.source_id
         WHERE ?1 IS NULL OR s.source = ?1 ORDER BY s.source, l.watermark`,
        source ?? null,
      )
    );
    return rows.map(([source, watermark, key, givenBy, givenBySource, gone]) => (
      { source, watermark, key, givenBy, givenBySource, gone: gone === 1 }
    ));
  }

  /** Implements `Store.countCopies`. */
  countCopies(source: string): number {
    const row = this.#connection.guard(() =>
      this.#connection.get(
        `SELECT count(*) AS count FROM copies CROSS JOIN ledger ON ledger.id = ledger_id
         WHERE gone_at_ms IS NULL AND source_id = (SELECT id FROM backfill_state WHERE source = ?)`,
        source,
      )
    );
    return Number(row?.count);
  }

  /** What is known of items, by well-formed watermark. */
  known(sourceId: number, watermarks: readonly string[]): Map<string, KnownItem> {
    const rows = this.#connection.arraysIn<[string, number, string | null, string]>(
      "watermark, id, key, location",
      "FROM ledger WHERE source_id = ? AND watermark IN",
      watermarks,
      sourceId,
    );
    return new Map(rows.map(([watermark, id, key, location]) => [watermark, { id, key, location }]));
  }

  /** Begins a run. */
  beginRun(): void {
    this.#lastNamed = undefined;
  }

  /** Begins a transaction: nobody else gives out ids until it ends. */
  begin(): void {
    this.#lastId = Number(this.#connection.get("SELECT coalesce(max(id), 0) AS id FROM ledger")?.id);
  }

  /** An id for an item that the ledger does not have; not that of an entry which somebody deleted while a row or a copy names it. */
  newId(): number {
    this.#lastNamed ??= this.#findLastNamed();
    return this.#lastId = Math.max(this.#lastId, this.#lastNamed) + 1;
  }

  #findLastNamed(): number {
    const named = ["threads", "copies", "ledger_snapshots"].map((table) => `SELECT max(ledger_id) AS id FROM ${table}`);
    const row = this.#connection.get(`SELECT coalesce(max(id), 0) AS id FROM (${named.join(" UNION ALL ")})`);
    return Number(row?.id);
  }

  /**
   * Records that items gave rows, or copies of some.
   *
   * @param sourceId The id of their source.
   * @param items The items.
   * @param at When, in milliseconds since the epoch.
   */
  done(sourceId: number, items: readonly DoneItem[], at: number): void {
    for (let from = 0; from < items.length; from += ROWS) {
      const some = items.slice(from, from + ROWS);
      if (some.length === ROWS) this.#connection.run(DONE_ROWS, at, sourceId, ...some.flatMap(boundOf));
      else for (const item of some) this.#connection.run(DONE, at, sourceId, ...boundOf(item));
    }
  }

  /** Records that an item failed, and whether one of its failures since it was last read was for good. What it gave before stays. */
  failed(
    id: number,
    sourceId: number,
    outcome: Outcome<unknown>,
    { kind, reason, transient }: Failure,
    at: number,
  ): void {
    this.#connection.run(
      FAILED,
      id,
      sourceId,
      outcome.watermark,
      outcome.fingerprint,
      outcome.location,
      outcome.version,
      kind,
      reason,
      transient ? 1 : 0,
      at,
    );
  }

  /** Keeps from where the next extraction of an item can go on. */
  keepSnapshot(id: number, snapshot: string): void {
    this.#connection.run(
      `INSERT INTO ledger_snapshots (ledger_id, snapshot) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET snapshot = excluded.snapshot`,
      id,
      snapshot,
    );
  }

  /** Forgets from where the next extraction of an item could go on. */
  dropSnapshot(id: number): void {
    this.#connection.run("DELETE FROM ledger_snapshots WHERE ledger_id = ?", id);
  }

  /** Records that the source no longer lists an item. */
  gone(id: number, at: number): void {
    this.#connection.run("UPDATE ledger SET gone_at_ms = coalesce(gone_at_ms, ?) WHERE id = ?", at, id);
  }

  /** Records that an item looks different while its bytes are the same. */
  refreshed(id: number, fingerprint: string, location: string, at: number): void {
    this.#connection.run(
      "UPDATE ledger SET fingerprint = ?, location = ?, last_seen_at_ms = ?, gone_at_ms = NULL WHERE id = ?",
      fingerprint,
      location,
      at,
      id,
    );
  }
}

/** What every outcome changes of an item that is known. */
const SEEN = `fingerprint = excluded.fingerprint, location = excluded.location, version = excluded.version,
  last_seen_at_ms = excluded.last_seen_at_ms, processed_at_ms = excluded.processed_at_ms, gone_at_ms = NULL`;

/** How many items are recorded by one statement. More gain nothing. */
const ROWS = 8;

/** What is bound for one row of {@linkcode DONE}, behind the time and the source that all rows share. */
function boundOf({ id, outcome, extraction }: DoneItem): SqlValue[] {
  const { watermark, fingerprint, location, version } = outcome;
  const { key, rank, records, malformed, bytesRead, unknown } = extraction;
  const counted = Object.keys(unknown).length > 0 ? JSON.stringify(unknown) : null;
  return [id, watermark, fingerprint, location, version, key, rank, records, malformed, bytesRead, counted];
}

// Put together once: a statement is found by its text.
const DONE = doneSql(1), DONE_ROWS = doneSql(ROWS);

function doneSql(rows: number): string {
  const row = "(?2, ?1, ?1, ?1, 'done', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  return `INSERT INTO ledger (source_id, first_seen_at_ms, last_seen_at_ms, processed_at_ms, outcome, id, watermark, fingerprint,
     location, version, key, rank, records, malformed, bytes_read, unknown)
   VALUES ${Array(rows).fill(row).join(", ")}
   ON CONFLICT DO UPDATE SET ${SEEN}, outcome = 'done', attempts = 0, kind = NULL, reason = NULL, transient = 0,
     key = excluded.key, rank = excluded.rank, records = excluded.records, malformed = excluded.malformed,
     bytes_read = excluded.bytes_read, unknown = excluded.unknown`;
}

const FAILED =
  `INSERT INTO ledger (id, source_id, watermark, fingerprint, location, version, outcome, attempts, kind, reason,
     transient, first_seen_at_ms, last_seen_at_ms, processed_at_ms)
   VALUES (?, ?, ?, ?, ?, ?, 'failed', 1, ?, ?, ?, ?10, ?10, ?10)
   ON CONFLICT DO UPDATE SET ${SEEN}, outcome = 'failed', attempts = ledger.attempts + 1, kind = excluded.kind,
     reason = excluded.reason, transient = CASE WHEN excluded.transient = 1 AND ledger.outcome = 'failed'
       AND ledger.transient <> 1 THEN 2 ELSE excluded.transient END`;
