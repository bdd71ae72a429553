/**
 * A store to which one item after the other gives rows of the caller's, and what is looked at of them.
 */
import { assert, assertEquals } from "@std/assert";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import type { SqliteStoreOptions } from "../../../plugins/store_sqlite/mod.ts";
import type { Lease } from "../../../src/store.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
import { type Folder, readThread, rowsOf, Stores, thread, type Value } from "./database.ts";

/** A store in a file, with its lease taken. */
export class Opened extends StoreFixture<CodexThread> {
  /** Opens one. */
  static async in(folder: Folder, options: Partial<SqliteStoreOptions> = {}): Promise<[Opened, Lease, string]> {
    const { path = folder.file() } = options, stores = new Stores();
    const store = await stores.open({ driver: "node:sqlite", ...options, path });
    const access = { open: () => store, row: thread, read: (_: unknown, key: string) => readThread(path, key) };
    const opened = new Opened(access, store);
    return [opened, await opened.lease(), path];
  }

  /** Commits one item that gives a row of the caller's. */
  async give(lease: Lease, watermark: string, row: CodexThread, options: { rank?: string; version?: string } = {}) {
    const result = await this.commit(lease, { outcomes: [this.extracted(watermark, row.id, row, options)] });
    assertEquals(result.refused, []);
  }
}

/** The row of a thread, which it has. */
export function rowOf(path: string, id: string): Record<string, Value> {
  const row = rowsOf(path, "threads").find((one) => one.id === id);
  assert(row, `no row of "${id}"`);
  return row;
}

/** Git fields that tell of `n`. */
export const git = (n: string | null) => ({
  git_sha: n && `sha ${n}`,
  git_branch: n && `branch ${n}`,
  git_origin_url: n,
});
/** The git fields of a row. */
export const gitOf = ({ git_sha, git_branch, git_origin_url }: Record<string, Value>) => ({
  git_sha,
  git_branch,
  git_origin_url,
});
