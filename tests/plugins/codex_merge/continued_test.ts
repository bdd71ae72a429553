/**
 * A thread of which two parts were read, as one.
 */
import { assertEquals } from "@std/assert";
import { continued } from "../../../plugins/codex_merge/continued.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { thread } from "../store_codex_state/database.ts";

/** A thread of two parts that say the same, but for something. */
function twoParts(beginning: Partial<CodexThread>, later: Partial<CodexThread>): CodexThread {
  return continued(thread("t", 0, beginning), thread("t", 0, later));
}

Deno.test("continued: who spawned a thread stands in the part that it begins with, where the later one does not say it", () => {
  const edge = (parent: string) => ({ parent_thread_id: parent, child_thread_id: "t", status: "open" });
  assertEquals(twoParts({ spawn_edge: edge("a") }, { spawn_edge: null }).spawn_edge, edge("a"));
  assertEquals(twoParts({ spawn_edge: edge("a") }, { spawn_edge: edge("b") }).spawn_edge, edge("b"));
});

Deno.test("continued: a thread is archived, and since when, as its later part is", () => {
  const archived = { archived: 1, archived_at: 5 } as const, live = { archived: 0, archived_at: null } as const;
  const has = ({ archived, archived_at }: CodexThread) => ({ archived, archived_at });
  assertEquals(has(twoParts(archived, live)), live);
  assertEquals(has(twoParts(live, archived)), archived);
});

Deno.test("continued: what a thread is attached to is what the part says that its row would be made of", () => {
  for (const beginning of ["a", null]) {
    const both = twoParts({ attached_thread_parent_id: beginning }, { attached_thread_parent_id: "b" });
    assertEquals(both.attached_thread_parent_id, beginning);
  }
});
