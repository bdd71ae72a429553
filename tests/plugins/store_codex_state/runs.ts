/**
 * What comes to a store on Codex's database in a run, and short ways to play one.
 */
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import type { CodexStateStore } from "../../../plugins/store_codex_state/mod.ts";
import type { Outcome } from "../../../src/store.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
import { thread } from "./database.ts";

/** A store under test, and short ways to say what comes to it. */
export function fixture(store: CodexStateStore): StoreFixture<CodexThread> {
  return new StoreFixture<CodexThread>({ open: () => store, row: thread, read: () => undefined }, store);
}

/** Plays a run in which some outcomes come, one batch each. */
export async function run(store: CodexStateStore, ...outcomes: Outcome<CodexThread>[]): Promise<void> {
  const t = fixture(store);
  const lease = await t.lease();
  for (const outcome of outcomes) await t.commit(lease, { outcomes: [outcome] });
  await store.complete(lease, t.now);
  await store.release(lease);
}

/** An outcome that gives a thread's row. */
export function gives(watermark: string, row: CodexThread, rank = ""): Outcome<CodexThread> {
  const counts = { records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
  const about = { watermark, fingerprint: "f", location: row.rollout_path, version: "v" };
  return { ...about, extraction: { key: row.id, row, rank, ...counts } };
}

/** Who spawned whom. */
export function edge(parent_thread_id: string, child_thread_id: string) {
  return { parent_thread_id, child_thread_id, status: "open" };
}
