/**
 * State databases as Codex 0.169.0 makes them, with threads in them as its backfill would write them.
 */
import { DatabaseSync } from "node:sqlite";
import { makeState } from "../plugins/store_codex_state/database.ts";

/** The values of a row's columns. */
export type Columns = Readonly<Record<string, string | number | bigint | null>>;

/** What Codex stores for a session without a turn. */
const READ_ONLY = JSON.stringify({
  type: "managed",
  file_system: {
    type: "restricted",
    entries: [{ path: { type: "special", value: { kind: "root" } }, access: "read" }],
  },
  network: "restricted",
});

/** Makes a database whose backfill is complete. */
export function makeStateDatabase(path: string, threads: readonly Columns[] = []): void {
  makeState(path);
  changeState(path, (database) => threads.forEach((thread) => insertThread(database, thread)));
}

/** Changes a database. */
export function changeState(path: string, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  try {
    change(database);
  } finally {
    database.close();
  }
}

/** Inserts a thread as Codex's backfill would for a short rollout; what is given goes before that. */
export function insertThread(database: DatabaseSync, columns: Columns): void {
  const row: Columns = {
    created_at: 1_769_517_296,
    created_at_ms: 1_769_517_296_100,
    source: "cli",
    model_provider: "openai",
    cwd: "/srv/demo",
    title: "",
    first_user_message: columns.title ?? "",
    preview: columns.title ?? "",
    sandbox_policy: READ_ONLY,
    approval_mode: "on-request",
    tokens_used: 0,
    archived: 0,
    cli_version: "0.99.0",
    memory_mode: "enabled",
    originator: "codex_cli_rs",
    ...columns,
  };
  const names = Object.keys(row);
  database.prepare(`INSERT INTO threads (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`)
    .run(...Object.values(row).map((value) => typeof value === "number" ? BigInt(value) : value));
}

/** What is recorded of Codex's own backfill. */
export function readBackfill(path: string): Record<string, unknown> | undefined {
  let state: Record<string, unknown> | undefined;
  changeState(path, (database) => state = database.prepare("SELECT * FROM backfill_state").get());
  return state;
}
