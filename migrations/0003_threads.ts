/**
 * The threads: one row each, by the columns of Codex's own table.
 *
 * @module
 */

/**
 * A query written for the `threads` table of Codex works here. Added to it: `last_record_at_ms`, the time of the last record by
 * its own timestamp; `ledger_id`, the item that gives the row, and `extractor_version`, what extracted it, both null in a
 * row that no item gave.
 *
 * Codex fills the `_ms` and `recency` columns by triggers where an older version of it wrote the row. Here they are always
 * written, so there are no triggers.
 */
export const sql = `
CREATE TABLE threads (
  id TEXT PRIMARY KEY,
  rollout_path TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  model_provider TEXT NOT NULL,
  cwd TEXT NOT NULL,
  title TEXT NOT NULL,
  sandbox_policy TEXT NOT NULL,
  approval_mode TEXT NOT NULL,
  tokens_used INTEGER NOT NULL DEFAULT 0,
  has_user_event INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0,
  archived_at INTEGER,
  git_sha TEXT,
  git_branch TEXT,
  git_origin_url TEXT,
  cli_version TEXT NOT NULL DEFAULT '',
  first_user_message TEXT NOT NULL DEFAULT '',
  agent_nickname TEXT,
  agent_role TEXT,
  memory_mode TEXT NOT NULL DEFAULT 'enabled',
  model TEXT,
  reasoning_effort TEXT,
  agent_path TEXT,
  created_at_ms INTEGER,
  updated_at_ms INTEGER,
  thread_source TEXT,
  preview TEXT NOT NULL DEFAULT '',
  recency_at INTEGER NOT NULL DEFAULT 0,
  recency_at_ms INTEGER NOT NULL DEFAULT 0,
  history_mode TEXT NOT NULL DEFAULT 'legacy',
  name TEXT,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  thread_section_id TEXT,
  section_position INTEGER,
  section_entered_at_ms INTEGER,
  project_id TEXT,
  originator TEXT,
  daybreak_enabled BOOLEAN,
  creator_user_id TEXT,
  creator_account_id TEXT,
  attached_thread_parent_id TEXT,
  last_record_at_ms INTEGER,
  ledger_id INTEGER,
  extractor_version TEXT
);
CREATE INDEX idx_threads_created_at_ms ON threads (created_at_ms DESC);
CREATE INDEX idx_threads_updated_at_ms ON threads (updated_at_ms DESC);
`;
