/**
 * A home that was moved.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../../mod.ts";
import { TemporaryHome, threadId } from "../../home.ts";
import { rowsOf } from "../store_sqlite/database.ts";
import { ROLLOUT } from "./archives.ts";

const FILE = `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`;

for (const [what, name] of [["by its name", "mine"], ["by its old path", undefined]] as const) {
  Deno.test(`a home that was moved is the same one ${what}: rows follow it without a rollout being read`, async () => {
    using home = new TemporaryHome();
    home.rollout(1);
    const { top, path: old, db } = home, moved = join(top, "moved");
    await backfillCodex({ codexHome: old, db, ...(name === undefined ? {} : { source: name }) });
    Deno.renameSync(old, moved);
    for (const refreshed of [1, 0]) {
      const report = await backfillCodex({ codexHome: moved, db, source: name ?? old });
      assertEquals([report.scanned, report.refreshed, report.copies, report.gone], [0, refreshed, 0, 0]);
    }
    assertEquals(rowsOf(db, "threads").map((row) => row.rollout_path), [join(moved, FILE)]);
  });
}

Deno.test("a home that was moved with both forms of a rollout in it is not read either", async () => {
  using home = new TemporaryHome();
  home.rollout(1, "hello");
  home.writeBytes(`${FILE}.zst`, ROLLOUT, 1_735_787_045);
  const { top, path: old, db } = home, moved = join(top, "moved");
  await backfillCodex({ codexHome: old, db, source: "mine" });
  Deno.renameSync(old, moved);
  const { scanned, refreshed } = await backfillCodex({ codexHome: moved, db, source: "mine" });
  assertEquals([scanned, refreshed], [0, 1]);
});
