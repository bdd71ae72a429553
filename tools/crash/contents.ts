/**
 * Everything a database holds that does not depend on when and how often a run was made, so that two can be compared.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";

/** One row, by column. */
type Row = Readonly<Record<string, unknown>>;

/** A row of some table. */
interface Entry {
  /** The table, and what tells the row from the others in it. */
  readonly name: string;
  /** The thread that it is about, if any. */
  readonly thread?: unknown;
  /** Its values. */
  readonly row: Row;
}

/** What a database holds. */
export interface Contents {
  /** Its rows. */
  readonly entries: readonly Entry[];
  /**
   * Threads of which it knows what is no longer on the disk: what a file held before it became unreadable. A database that was
   * made afresh cannot know that.
   */
  readonly remembered: ReadonlySet<unknown>;
}

/** Times of processing, and numbers given out in passing. */
const IN_PASSING = new Set([
  "id",
  "source_id",
  "ledger_id",
  "first_seen_at_ms",
  "last_seen_at_ms",
  "processed_at_ms",
  "last_success_at",
  "last_success_at_ms",
  "fence",
]);

/** What is kept once it is known, or counts what happened. */
const HISTORY = new Set([
  "git_sha",
  "git_branch",
  "git_origin_url",
  "recency_at",
  "recency_at_ms",
  "bytes_read",
  "attempts",
  "last_watermark",
]);

/** What the ledger keeps of the last time that an item could be read. */
const LAST_GOOD = new Set(["key", "rank", "records", "malformed", "unknown"]);

/** How many differences are told. */
const TOLD = 10;

/**
 * Reads a database.
 *
 * @param path The database.
 * @param changed Whether the home changed between runs. What is gone, and what is kept once it is known, is left out then.
 * @returns Its rows.
 * @throws {Error} If SQLite finds the database damaged.
 */
export function readContents(path: string, changed: boolean): Contents {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const [check] = db.prepare("PRAGMA integrity_check").all();
    if (check?.integrity_check !== "ok") throw new Error(`${path} is damaged: ${JSON.stringify(check)}`);
    const broken = db.prepare("PRAGMA foreign_key_check").all();
    if (broken.length > 0) throw new Error(`${path} has rows that point nowhere: ${JSON.stringify(broken)}`);
    return collect(db, changed);
  } finally {
    db.close();
  }
}

function collect(db: DatabaseSync, changed: boolean): Contents {
  const all = (table: string): Row[] => {
    const statement = db.prepare(`SELECT * FROM ${table}`);
    statement.setReadBigInts(true);
    return statement.all();
  };
  const entries: Entry[] = [];
  const keep = (name: string, row: Row, thread?: unknown): void => {
    const values = Object.entries(row).filter(([column]) =>
      !IN_PASSING.has(column) && !(changed && HISTORY.has(column))
    );
    entries.push({ name, thread, row: Object.fromEntries(values) });
  };
  const items = new Map<unknown, string>(), remembered = new Set<unknown>(), sources = new Map<unknown, unknown>();
  for (const { updated_at: _, ...state } of all("backfill_state")) {
    sources.set(state.id, state.source);
    keep(`state ${state.source}`, state);
  }
  for (const item of all("ledger")) {
    if (changed && item.gone_at_ms !== null) continue;
    const name = `${sources.get(item.source_id)} ${item.watermark}`;
    items.set(item.id, name);
    if (!changed || item.outcome === "done") {
      keep(`ledger ${name}`, { ...item, gone_at_ms: item.gone_at_ms === null ? null : "some time" });
    } else {
      if (item.key !== null) remembered.add(item.key);
      keep(`ledger ${name}`, Object.fromEntries(Object.entries(item).filter(([column]) => !LAST_GOOD.has(column))));
    }
  }
  const threads = new Set<unknown>();
  for (const thread of all("threads")) {
    const giver = items.get(thread.ledger_id) ?? null;
    if (changed && giver === null) continue;
    threads.add(thread.id);
    keep(`thread ${thread.id}`, { ...thread, giver }, thread.id);
  }
  for (const { row, ...copy } of all("copies")) {
    const item = items.get(copy.ledger_id);
    if (item !== undefined) keep(`copy ${item}`, { ...copy, ...plainCopy(String(row)) }, copy.thread_id);
  }
  for (const { ledger_id } of all("ledger_snapshots")) {
    if (items.has(ledger_id)) keep(`snapshot ${items.get(ledger_id)}`, {});
  }
  for (const tool of all("thread_dynamic_tools")) {
    if (threads.has(tool.thread_id)) keep(`tool ${tool.thread_id} ${tool.position}`, tool, tool.thread_id);
  }
  for (const edge of all("thread_spawn_edges")) {
    if (threads.has(edge.child_thread_id)) keep(`edge ${edge.child_thread_id}`, edge, edge.child_thread_id);
  }
  return { entries, remembered };
}

/** A copy that was the row before has its numbers as text, and a list of no tools for none; both mean the same. */
function plainCopy(json: string): Row {
  const row: Row = JSON.parse(json);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === "number") return [name, String(value)];
      if (typeof value !== "object" || value === null) return [name, value];
      return [name, "tools" in value && String(value.tools) === "" ? null : JSON.stringify(value)];
    }),
  );
}

/**
 * Compares two databases.
 *
 * @param found One.
 * @param wanted The other.
 * @returns The first differences: column by column, or a line for a whole row.
 */
export function differences(found: Contents, wanted: Contents): string[] {
  const is = byName(found, wanted), should = byName(wanted, found);
  const lines: string[] = [];
  for (const name of new Set([...is.keys(), ...should.keys()])) {
    const one = is.get(name), other = should.get(name);
    if (!one || !other) {
      lines.push(`${name}: ${one ? "should not be there" : "is missing"}`);
      continue;
    }
    for (const column of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (one[column] === other[column]) continue;
      lines.push(`${name}: ${column} is ${String(one[column])}, should be ${String(other[column])}`);
    }
  }
  return lines.length > TOLD ? [...lines.slice(0, TOLD), `… and ${lines.length - TOLD} more`] : lines;
}

function byName({ entries, remembered }: Contents, other: Contents): Map<string, Row> {
  const comparable = entries.filter(({ thread }) => !remembered.has(thread) && !other.remembered.has(thread));
  return new Map(comparable.map(({ name, row }) => [name, row]));
}
