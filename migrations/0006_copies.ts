/**
 * What the items hold whose row another item gives.
 *
 * @module
 */

/** `row` is the thread as JSON, so that the next best item can give the row without being read again. */
export const sql = `
CREATE TABLE copies (
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
  thread_id TEXT NOT NULL,
  extractor_version TEXT NOT NULL,
  row TEXT NOT NULL
);
CREATE INDEX idx_copies_thread_id ON copies (thread_id);
`;
