/**
 * Which rows a repair removes of those whose file is gone: it looks once more before, and where not all is known it removes none.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { StateRow } from "../../../plugins/codex_repair/contract.ts";
import { repair } from "../../../plugins/codex_repair/repair.ts";
import { whyRowsStay } from "../../../plugins/codex_repair/repair_plan.ts";
import { Spill } from "../../../plugins/codex_repair/spill.ts";
import { TemporaryHome, threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";
import { itemAt, madeUp, storeWith, TARGET, viewOf } from "./plugins.ts";

/** What happens after a repair looked, and before it removes rows. */
type Since = "nothing" | "a rollout came" | "a folder is hidden" | "a file is back" | "cancelled";

/** Repairs a home with a rollout of the first thread, and a database that has rows of two more; says which of them it removes. */
async function removed(since: Since): Promise<number[]> {
  using home = new TemporaryHome();
  const pathOf = (number: number) => `sessions/rollout-${threadId(number)}.jsonl`;
  const rowOf = (number: number): StateRow => {
    const id = threadId(number);
    // The second names the file of the first, which is there and says nothing of it.
    return { ...thread(id, 0), id, rollout_path: join(home.path, pathOf(number === 2 ? 1 : number)) };
  };
  const first = itemAt(pathOf(1), home.write(pathOf(1), ""));
  const cancel = new AbortController(), gone: number[] = [];
  let listed = 0;
  using spill = new Spill();
  await repair(
    { ...TARGET, codexHome: home.path },
    madeUp({
      items: ({ onProblem }) => {
        if (++listed === 1) return [first];
        if (since === "a folder is hidden") {
          onProblem({ location: join(home.path, "sessions/2026"), reason: "denied", hides: "sessions/2026/" });
        }
        if (since === "a file is back") home.write(pathOf(3), "");
        if (since !== "a rollout came") return [first];
        return [first, itemAt(`archived_sessions/rollout-${threadId(3).toUpperCase()}.jsonl`, "/elsewhere")];
      },
      read: () => thread(threadId(1), 0, { rollout_path: first.location }),
      inspect: () => Promise.resolve(viewOf(() => [1, 2, 3].map(rowOf))),
      merge: () => ({ row: rowOf(1), kept: [] }),
      store: storeWith({
        changes: () => ({ inserted: 0, updated: 0, busy: 0, refused: [] }),
        prune: (ids, holds = () => true) => {
          for (const number of [1, 2, 3]) {
            if (!ids.includes(threadId(number))) continue;
            if (holds(rowOf(number))) gone.push(number);
            if (since === "cancelled") cancel.abort();
          }
          return Promise.resolve(gone.length);
        },
      }),
    }),
    { apply: true, prune: true, spill, signal: cancel.signal },
  );
  return gone;
}

const CASES: readonly (readonly [sentence: string, since: Since, removes: readonly number[]])[] = [
  ["removes the rows whose file is gone or is that of another thread", "nothing", [2, 3]],
  ["removes no row of a thread that a rollout came for since it looked, wherever that is", "a rollout came", [2]],
  ["removes no row where a folder can no longer be listed", "a folder is hidden", []],
  ["removes no row whose file came back since it looked", "a file is back", [2]],
  ["removes no row any more once it is cancelled", "cancelled", [2]],
];

for (const [sentence, since, removes] of CASES) {
  Deno.test(`repair() ${sentence}`, async () => assertEquals(await removed(since), removes));
}

Deno.test("a row whose folder is there may be removed, although every rollout in that is damaged", () => {
  const item = itemAt("archived_sessions/rollout-a.jsonl", "/home/archived_sessions/rollout-a.jsonl");
  const failed = [{ item, failure: { kind: "empty", reason: "it is empty", transient: false } }];
  const gathered = { read: [], failed, problems: [], passedOver: [], after: null, interrupted: false };
  const whyItStays = whyRowsStay({ gathered, target: TARGET });
  assertEquals(whyItStays("/home/archived_sessions/gone.jsonl"), null);
  assertEquals(
    whyItStays("/home/sessions/gone.jsonl"),
    '"sessions" has no rollout at all, as where a disk is not mounted',
  );
});
