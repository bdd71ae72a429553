/**
 * Which thread started which.
 *
 * @module
 */

/** By the columns of Codex's own table. Neither thread needs a row. */
export const sql = `
CREATE TABLE thread_spawn_edges (
  parent_thread_id TEXT NOT NULL,
  child_thread_id TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL
);
CREATE INDEX idx_thread_spawn_edges_parent ON thread_spawn_edges (parent_thread_id, status);
`;
