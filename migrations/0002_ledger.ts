/**
 * What was done with each item of each source.
 *
 * @module
 */

/**
 * The ledger is read as a whole by every run, so what is long and rarely needed is kept apart from it. `key`, `rank` and the
 * counts are those of the last extraction that succeeded: an item that fails later keeps its claim to a row.
 *
 * - `outcome` is `done` or `failed`; `kind`, `reason` and `transient` tell of the failure, `attempts` counts the tries since the
 *   last success. `transient` is 2 where the failure may pass by itself, but one since the last success was for good.
 * - `unknown` counts the records of unknown kinds, as a JSON object, or is null.
 * - `last_seen_at_ms` is when the item was last found new, changed, moved or restored. One that is not gone was also there in
 *   the run that ended at its source's `last_success_at_ms`.
 */
export const sql = `
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES backfill_state (id) ON DELETE CASCADE,
  watermark TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  location TEXT NOT NULL,
  version TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  kind TEXT,
  reason TEXT,
  transient INTEGER NOT NULL DEFAULT 0,
  key TEXT,
  rank TEXT,
  records INTEGER,
  malformed INTEGER,
  bytes_read INTEGER,
  unknown TEXT,
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  processed_at_ms INTEGER NOT NULL,
  gone_at_ms INTEGER
);
CREATE UNIQUE INDEX idx_ledger_watermark ON ledger (source_id, watermark);
CREATE INDEX idx_ledger_failed ON ledger (source_id, watermark) WHERE outcome = 'failed';

CREATE TABLE ledger_snapshots (
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
  snapshot TEXT NOT NULL
);
`;
