/**
 * The tools that clients offered to threads.
 *
 * @module
 */

/** By the columns of Codex's own table. */
export const sql = `
CREATE TABLE thread_dynamic_tools (
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  input_schema TEXT NOT NULL,
  defer_loading INTEGER NOT NULL DEFAULT 0,
  namespace TEXT,
  PRIMARY KEY (thread_id, position)
);
`;
