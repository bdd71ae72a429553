/**
 * A home that was moved.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../../mod.ts";
import { TemporaryHome, threadId } from "../../home.ts";
import { rowsOf } from "../store_sqlite/database.ts";

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
    const file = `rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`;
    assertEquals(rowsOf(db, "threads").map((row) => row.rollout_path), [join(moved, "sessions/2026/01/27", file)]);
  });
}
