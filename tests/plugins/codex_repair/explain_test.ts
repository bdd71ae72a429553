/**
 * What of a home is read to explain a thread: what may be about it, and of a fork about those that it goes back to.
 */
import { assertEquals } from "@std/assert";
import { explain } from "../../../plugins/codex_repair/explain.ts";
import { Spill } from "../../../plugins/codex_repair/spill.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { ExtractionError } from "../../../src/errors.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";
import { itemAt, madeUp, storeWith, TARGET, viewOf } from "./plugins.ts";

/** A rollout: the thread that it is named for, the one that it holds, and the one that this was forked from. */
type Rollout = readonly [named: number | "none", holds: number | "damaged", from?: number];

function nameOf(named: Rollout[0]): string {
  return named === "none" ? "copy.jsonl" : `rollout-${threadId(named)}.jsonl`;
}

/** What is so of a thread. */
interface Facts {
  /** The preview in its row. Default: it has none. */
  readonly preview?: string;
  /** The listing of the home at which it is cancelled. */
  readonly cancelledAt?: number;
}

/** Explains a thread: how often the home is listed, and what is read for it, in order; `interrupted` where it says that it was. */
async function looked(number: number, rollouts: readonly Rollout[], { preview, cancelledAt }: Facts = {}) {
  const cancel = new AbortController();
  let listed = 0;
  const read: Rollout[0][] = [], known = new Map(rollouts.map((rollout) => [nameOf(rollout[0]), rollout]));
  const rowOf = (given: CodexThread) => ({ ...given, attached_thread_parent_id: null });
  const row = preview === undefined ? undefined : rowOf(thread(threadId(number), 0, { preview }));
  const plugins = madeUp({
    items: () => {
      if (++listed === cancelledAt) cancel.abort();
      return [...known.keys()].map((name) => itemAt(name, `/home/${name}`));
    },
    read: ({ name }) => {
      const [named = "none", holds = "damaged", from] = known.get(name) ?? [];
      read.push(named);
      if (holds === "damaged") throw new ExtractionError("damaged", "no line of it can be read");
      return thread(threadId(holds), 0, {
        preview: "",
        ...(from === undefined ? {} : { forked_from: threadId(from) }),
      });
    },
    inspect: () => Promise.resolve({ ...viewOf(() => row ? [row] : []), thread: () => row }),
    merge: (_, given) => ({ row: rowOf(given), kept: [] }),
    store: storeWith({ changes: () => ({ inserted: 0, updated: 0, busy: 0, refused: [] }) }),
  });
  using spill = new Spill();
  const how = { provider: "openai", spill, workers: 1, signal: cancel.signal };
  const { interrupted } = await explain(threadId(number), TARGET, plugins, how);
  return interrupted ? "interrupted" : { listed, read };
}

Deno.test("explain: for all threads that a fork goes back to the home is listed once, and no rollout is read twice", async () => {
  const chain = [[1, 1], [2, 2, 1], [3, 3, 2], [4, 4, 3]] as const;
  assertEquals(await looked(4, [...chain, [5, 5], ["none", 6]]), { listed: 2, read: ["none", 4, 3, 2, 1] });
});

Deno.test("explain: a thread that a fork goes back to is looked for in all rollouts where none is named for it, once", async () => {
  const rollouts = [[2, 2, 1], [3, 3], [4, 1, 7], [5, 5]] as const;
  assertEquals(await looked(2, rollouts), { listed: 2, read: [2, 3, 4, 5] });
  assertEquals(await looked(2, [...rollouts, [1, "damaged"]]), { listed: 2, read: [2, 1] });
});

Deno.test("explain: no thread that a fork goes back to is read where its row says what lists show", async () => {
  const rollouts = [[1, 1], [2, 2, 1]] as const;
  assertEquals(await looked(2, rollouts, { preview: "said" }), { listed: 1, read: [2] });
  assertEquals(await looked(2, rollouts, { preview: "" }), { listed: 2, read: [2, 1] });
});

Deno.test("explain: nothing is said of a fork where it is cancelled while the threads that it goes back to are looked for", async () => {
  assertEquals(await looked(2, [[1, 1], [2, 2, 1]], { cancelledAt: 2 }), "interrupted");
});
