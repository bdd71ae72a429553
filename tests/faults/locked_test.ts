/**
 * A database that another process is busy with.
 */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { runCli } from "../child.ts";
import { assertRecovers, assertRefused, homeOf, reported, run } from "./harm.ts";

Deno.test("a database that another process keeps locked is said to be that, and nothing is changed", async () => {
  using home = homeOf(3);
  reported(await run(home), 0);
  home.rollout(3);
  const before = Deno.readFileSync(home.db);
  {
    using other = new DatabaseSync(home.db);
    other.exec("BEGIN EXCLUSIVE");
    const results = await Promise.all([
      run(home),
      runCli(["status", "--db", home.db, "--json"]),
      runCli(["failures", "--db", home.db, "--json"]),
    ]);
    for (const result of results) {
      assertRefused(result, home.db, "another process is writing to it", "Wait for it and run again");
    }
    other.exec("ROLLBACK");
  }
  assertEquals(Deno.readFileSync(home.db), before);
  await assertRecovers(home);
});

for (
  const [what, lock] of [
    ["writes to", "BEGIN EXCLUSIVE"],
    ["reads", "BEGIN; SELECT count(*) FROM threads"],
  ] as const
) {
  Deno.test(`a database that another process ${what} for a moment is waited for`, async () => {
    using home = homeOf(3);
    reported(await run(home), 0);
    home.rollout(3);
    using other = new DatabaseSync(home.db);
    other.exec(lock);
    setTimeout(() => other.exec("ROLLBACK"), 700);
    assertEquals(reported(await run(home), 0).upserted, 1);
  });
}

Deno.test("a database that somebody reads all the time is written nevertheless", async () => {
  using home = homeOf(30);
  using reader = new DatabaseSync(home.db);
  reader.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS backfill_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL)",
  );
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM backfill_migrations").get();
  assertEquals(reported(await run(home, ["--batch-size", "5"]), 0).upserted, 30);
  reader.exec("COMMIT");
  await assertRecovers(home);
});
