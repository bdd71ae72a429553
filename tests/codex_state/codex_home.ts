/**
 * Homes for tests with Codex's own database in them.
 */
import { createHash } from "node:crypto";
import { join, relative } from "@std/path";
import { walkSync } from "@std/fs";
import { TemporaryHome, threadId } from "../home.ts";
import { changeState, type Columns, insertThread, makeStateDatabase } from "./state_database.ts";

/** When the rollouts were last modified, in seconds since the epoch. */
const MODIFIED = 1_769_517_300;

/** A home as Codex 0.169.0 leaves it: its own backfill is complete. */
export class CodexHome extends TemporaryHome {
  /** The path of Codex's database. */
  readonly state: string = join(this.path, "state_5.sqlite");

  constructor() {
    super();
    makeStateDatabase(this.state);
  }

  /** Writes a rollout that has no row, and returns its path. */
  restored(number: number, folder = "sessions/2026/01/27"): string {
    const id = this.rollout(number, `message ${number}`, folder);
    const path = join(this.path, folder, `rollout-2026-01-27T12-34-56-${id}.jsonl`);
    Deno.utimeSync(path, MODIFIED, MODIFIED);
    return path;
  }

  /** Writes a rollout and the row that it gives; what is given of the row goes before that. Returns the path of the rollout. */
  indexed(number: number, columns: Columns = {}, folder?: string): string {
    const path = this.restored(number, folder);
    const archived = folder === "archived_sessions";
    this.change((database) =>
      insertThread(database, {
        id: threadId(number),
        rollout_path: path,
        title: `message ${number}`,
        updated_at: MODIFIED,
        updated_at_ms: MODIFIED * 1000,
        archived: archived ? 1 : 0,
        archived_at: archived ? MODIFIED : null,
        ...columns,
      })
    );
    return path;
  }

  /** Changes the database. */
  change(change: Parameters<typeof changeState>[1]): void {
    changeState(this.state, change);
  }

  /** One thread's row. */
  row(number: number): Record<string, unknown> | undefined {
    let row: Record<string, unknown> | undefined;
    this.change((database) => row = database.prepare("SELECT * FROM threads WHERE id = ?").get(threadId(number)));
    return row;
  }

  /** The hash of every file of the home and beside it, by path. */
  hashes(): Record<string, string> {
    const files = [...walkSync(this.top, { includeDirs: false })].map(({ path }) => path).sort();
    return Object.fromEntries(
      files.map((
        path,
      ) => [relative(this.top, path), createHash("sha256").update(Deno.readFileSync(path)).digest("hex")]),
    );
  }
}
