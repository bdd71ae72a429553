/**
 * The looks that a repair takes at the database: one before, another where something differs, and one afterwards, of which, where
 * it fails, whoever reads the error learns that what was written stands.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { StateRow } from "../../../plugins/codex_repair/contract.ts";
import type { ChangeKind } from "../../../plugins/codex_repair/findings.ts";
import { repair } from "../../../plugins/codex_repair/repair.ts";
import { Spill } from "../../../plugins/codex_repair/spill.ts";
import { StoreError } from "../../../src/errors.ts";
import type { BackfillListener } from "../../../src/events.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";
import { itemAt, madeUp, storeWith, TARGET, viewOf } from "./plugins.ts";

/** What happens around a repair. */
interface Around {
  /** So many times the database can be looked at. Default: always. */
  readonly looks?: number;
  /** Where the rollout is. Default: nowhere. */
  readonly location?: string;
  /** What a Codex makes of both the rollout and its row. */
  readonly later?: string;
  /** At which look at the database it has done so. Default: the third, once the repair has written. */
  readonly from?: number;
  /** What to repair. Default: all. */
  readonly only?: readonly ChangeKind[];
  /** Is told what happens. */
  readonly onWrite?: BackfillListener;
}

/** Repairs a home with a rollout of which the database knows nothing. */
async function repairs({ looks = Infinity, location = "/a", later, from = 3, only, onWrite = () => {} }: Around) {
  const id = threadId(1), row: StateRow = { ...thread(id, 0), id };
  let looked = 0;
  using spill = new Spill();
  const view = viewOf(() =>
    later !== undefined && looked >= from ? [{ ...row, rollout_path: location, preview: later }] : []
  );
  const store = storeWith({
    snapshot: () => "/snapshot",
    howToRestore: () => "copy the snapshot",
    changes: () => ({ inserted: 1, updated: 0, busy: 0, refused: [{ watermark: "a", reason: "it is odd" }] }),
  });
  return await repair(
    TARGET,
    madeUp({
      items: () => [itemAt("a", location)],
      read: () => thread(id, 0, looked >= from && later !== undefined ? { preview: later } : {}),
      inspect: () => ++looked > looks ? Promise.reject(new StoreError("it cannot be read")) : Promise.resolve(view),
      merge: (_, { preview }) => ({ row: { ...row, rollout_path: location, preview }, kept: [] }),
      store,
    }),
    { apply: true, spill, onWrite, ...(only === undefined ? {} : { only }) },
  );
}

Deno.test("repair() tells of a row that was refused when the run was over", async () => {
  const told: unknown[] = [];
  await repairs({
    onWrite: (event) => event.type === "failed" && told.push([event.location, event.failure.reason]),
  });
  assertEquals(told, [["/a", "it is odd"]]);
});

Deno.test("repair() tells what it wrote and how to go back where the look afterwards fails", async () => {
  assertEquals((await repairs({ looks: 3 })).status, "applied");
  const error = await assertRejects(() => repairs({ looks: 2 }), StoreError);
  assertStringIncludes(error.message, "it cannot be read");
  assertStringIncludes(error.message, "1 row written and 0 rows removed before it");
  assertStringIncludes(error.message, "To go back to the database as it was before, copy the snapshot");
});

Deno.test("repair() finds nothing left where a Codex went on in a rollout and its row meanwhile", async () => {
  const location = Deno.makeTempFileSync();
  try {
    const { before, after } = await repairs({ location, later: "what was said meanwhile" });
    assertEquals([before.findings.changes.length, after?.findings.changes.length], [1, 0]);
  } finally {
    Deno.removeSync(location);
  }
});

Deno.test("repair() of some kinds does not read the rollouts anew because of what else differs", async () => {
  const location = Deno.makeTempFileSync();
  try {
    // Reading anew would be the fourth look.
    const { after } = await repairs({ location, later: "what was said meanwhile", only: ["missing"], looks: 3 });
    assertEquals(after?.findings.changes.map(({ kinds }) => kinds), [["differing"]]);
  } finally {
    Deno.removeSync(location);
  }
});

Deno.test("repair() leaves a thread to the Codex that made its row while the rollouts were read", async () => {
  const { before, plan, status } = await repairs({ later: "what was said meanwhile", from: 2 });
  assertEquals([before.findings.changes, before.findings.inUse.map(({ path }) => path)], [[], ["/a"]]);
  assertEquals([plan.changes, status], [[], "applied"]);
});

Deno.test("repair() looks at the database once where nothing differs", async () => {
  const { before } = await repairs({ later: "what was said before", from: 1, looks: 1 });
  assertEquals([before.findings.changes, before.findings.inUse], [[], []]);
});
