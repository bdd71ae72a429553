/**
 * A repair whose look afterwards fails: what was written stands, and whoever reads the error learns of it.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { StateRow, StateStore, StateView } from "../../../plugins/codex_repair/contract.ts";
import { repair } from "../../../plugins/codex_repair/repair.ts";
import { memoryStore } from "../../../plugins/store_memory.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { StoreError } from "../../../src/errors.ts";
import type { BackfillListener } from "../../../src/events.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";

const TARGET = { codexHome: "/home", path: "/state", candidates: [], rivals: [], configProblem: null };

/** A home with a rollout of which the database knows nothing, and that can be looked at so many times. */
async function repairs(looks: number, onWrite: BackfillListener = () => {}) {
  const id = threadId(1), row: StateRow = { ...thread(id, 0), id };
  const item = {
    watermark: "a",
    name: "rollout-a.jsonl",
    fingerprint: "1",
    location: "/a",
    size: 1,
    modifiedMs: 1,
    archived: false,
  };
  let looked = 0;
  const view: StateView = {
    refusal: null,
    backfill: null,
    threadCount: 0,
    threads: () => [],
    thread: () => undefined,
    edges: () => [],
    [Symbol.dispose]: () => {},
  };
  const store: StateStore = Object.assign(memoryStore<CodexThread>(), {
    snapshot: () => "/snapshot",
    howToRestore: () => "copy the snapshot",
    changes: () => ({ inserted: 1, updated: 0, busy: 0, refused: [{ watermark: "a", reason: "it is odd" }] }),
    prune: () => Promise.resolve(0),
  });
  return await repair(TARGET, {
    source: {
      id: "home",
      items: () => [item],
      open: () => {
        throw new Error("nothing is opened");
      },
    },
    extractor: {
      version: "1",
      extract: () => ({ key: id, row: thread(id, 0), rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 1 }),
    },
    mergesEveryFile: false,
    inspect: () => ++looked > looks ? Promise.reject(new StoreError("it cannot be read")) : Promise.resolve(view),
    lease: () => "complete",
    leaseSeconds: 900,
    merge: () => ({ row, kept: [] }),
    open: () => Promise.resolve(store),
  }, { apply: true, onWrite });
}

Deno.test("repair() tells of a row that was refused when the run was over", async () => {
  const told: unknown[] = [];
  await repairs(2, (event) => event.type === "failed" && told.push([event.location, event.failure.reason]));
  assertEquals(told, [["/a", "it is odd"]]);
});

Deno.test("repair() tells what it wrote and how to go back where the look afterwards fails", async () => {
  assertEquals((await repairs(2)).status, "applied");
  const error = await assertRejects(() => repairs(1), StoreError);
  assertStringIncludes(error.message, "it cannot be read");
  assertStringIncludes(error.message, "1 row written and 0 rows removed before it");
  assertStringIncludes(error.message, "To go back to the database as it was before, copy the snapshot");
});
