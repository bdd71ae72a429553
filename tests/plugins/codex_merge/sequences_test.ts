/**
 * Several rollouts of one thread, one after the other: the row that 0.169.0 itself made of them stands in `sequences.json`.
 */
import { assertEquals } from "@std/assert";
import { backfillCodex } from "../../../mod.ts";
import { TemporaryHome } from "../../home.ts";
import { rowsOf } from "../store_sqlite/database.ts";
import sequences from "./sequences.json" with { type: "json" };

const ID = "01999999-0000-7000-8000-000000000001";

for (const { name, files, row } of sequences) {
  Deno.test(`several rollouts of one thread, as 0.169.0 merges them: ${name}`, async () => {
    using home = new TemporaryHome();
    files.forEach((lines, at) => {
      const text = lines.map((line) => `${JSON.stringify(line).replaceAll("$ID", ID)}\n`).join("");
      home.write(`sessions/rollout-2026-01-01T00-00-0${at}-${ID}.jsonl`, text);
    });
    await backfillCodex({ codexHome: home.path, db: home.db, compat: "0.169.0" });
    const [found = {}] = rowsOf(home.db, "threads");
    assertEquals(Object.fromEntries(Object.keys(row).map((column) => [column, found[column]])), row);
  });
}
