/**
 * What must hold of a run over any home: every rollout is a row or a recorded failure with a reason.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import type { WatchedResult } from "./watched_run.ts";

/** The most memory that a run may take, in bytes: the lines of a home are short, so more would be a leak. */
const MOST_BYTES = 900 << 20;

/** How many rollouts are named for each kind of wrong. */
const NAMED = 5;

/** A query for what must not be, and how it is told. */
const WRONG = [
  // An error that nobody thought of is caught like any other, but is a mistake of ours.
  ["an error that nobody thought of", "outcome = 'failed' AND kind IN ('unexpected', 'refused')"],
  ["a failure without a reason", "outcome = 'failed' AND (coalesce(kind, '') = '' OR coalesce(reason, '') = '')"],
  ["done without a row", "outcome = 'done' AND (key IS NULL OR NOT EXISTS (SELECT 1 FROM threads WHERE id = key))"],
  [
    "a row of the wrong types",
    `EXISTS (SELECT 1 FROM threads WHERE ledger_id = ledger.id AND (typeof(tokens_used) <> 'integer'
      OR typeof(created_at) <> 'integer' OR typeof(updated_at) <> 'integer' OR typeof(title) <> 'text'
      OR typeof(cwd) <> 'text' OR NOT json_valid(sandbox_policy)
      OR id NOT GLOB '[0-9a-f]*-[0-9a-f]*-[0-9a-f]*-[0-9a-f]*-[0-9a-f]*'))`,
  ],
] as const;

/**
 * Judges a run.
 *
 * @param db The database that it made.
 * @param result What it said of itself.
 * @param rollouts How many rollouts the home has for it.
 * @param about What is known of a rollout, by its watermark.
 * @returns What is wrong.
 */
export function verdict(
  db: string,
  { first, second, peakBytes }: WatchedResult,
  rollouts: number,
  about: (watermark: string) => string,
): string[] {
  const wrong: string[] = [];
  const expect = (what: string, is: unknown, should: unknown): void => {
    if (is !== should) wrong.push(`${what}: ${is} instead of ${should}`);
  };
  expect("status", first.status, "complete");
  expect("rollouts listed", first.listed, rollouts);
  expect("rollouts tried", first.scanned, rollouts);
  expect("rows and failures", first.upserted + first.failed, rollouts);
  expect("rollouts tried again though nothing changed", second.scanned, 0);
  if (peakBytes > MOST_BYTES) wrong.push(`it took ${Math.round(peakBytes / 1e6)} MB of memory`);
  const database = new DatabaseSync(db, { readOnly: true });
  try {
    for (const [what, where] of WRONG) {
      const guilty = database.prepare(`SELECT watermark, reason FROM ledger WHERE ${where}`).all();
      for (const { watermark, reason } of guilty.slice(0, NAMED)) {
        wrong.push(`${what}: ${JSON.stringify(watermark)}, ${JSON.stringify(reason)}; ${about(String(watermark))}`);
      }
      if (guilty.length > NAMED) wrong.push(`… and ${guilty.length - NAMED} more with ${what}`);
    }
    expect("items in the ledger", database.prepare("SELECT count(*) AS n FROM ledger").get()?.n, rollouts);
  } finally {
    database.close();
  }
  return wrong;
}
