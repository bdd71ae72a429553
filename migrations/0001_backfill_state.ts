/**
 * Where each source stands, and who holds its lease.
 *
 * @module
 */

/**
 * `status`, `last_watermark`, `last_success_at` and `updated_at` are those of Codex's own table (seconds since the epoch), with a
 * row for each source instead of one. The lease is free while `lease_token` is null; `fence` only ever grows.
 */
export const sql = `
CREATE TABLE backfill_state (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'complete')),
  last_watermark TEXT,
  last_success_at INTEGER,
  last_success_at_ms INTEGER,
  updated_at INTEGER NOT NULL,
  lease_token TEXT,
  lease_host TEXT,
  lease_pid INTEGER,
  lease_started_at_ms INTEGER,
  lease_heartbeat_at_ms INTEGER,
  lease_ms INTEGER,
  fence INTEGER NOT NULL DEFAULT 0
);
`;
