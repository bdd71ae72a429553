/**
 * A clock that jumps back, and times of files that do.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../mod.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { rolloutText, type TemporaryHome, threadId } from "../home.ts";
import { assertRecovers, homeOf } from "./harm.ts";

const YEAR = 365 * 24 * 3_600_000;
const NOW = Date.UTC(2026, 5, 1);

function pathOf(home: TemporaryHome, number: number): string {
  return join(home.path, `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(number)}.jsonl`);
}

Deno.test("a clock that jumps back between runs costs nothing", async () => {
  using home = homeOf(5);
  const run = (now: number) => backfillCodex({ codexHome: home.path, db: home.db, now: () => now });
  assertEquals((await run(NOW)).upserted, 5);
  home.rollout(5);
  assertEquals((await run(NOW - 10 * YEAR)).upserted, 1);
  assertEquals((await run(NOW - 10 * YEAR)).scanned, 0);
  await assertRecovers(home);
});

Deno.test("a clock that jumps back and forth during a run costs nothing", async () => {
  using home = homeOf(12);
  let at = NOW, step = 0;
  const jumps = [-YEAR, YEAR, -3600_000, 5 * YEAR, -9 * YEAR, 0];
  const now = () => at += jumps[step++ % jumps.length] ?? 0;
  const report = await backfillCodex({ codexHome: home.path, db: home.db, batchSize: 2, leaseMs: 5_000, now });
  assertEquals([report.status, report.upserted], ["complete", 12]);
  await assertRecovers(home);
});

Deno.test("a lease that another machine took before the clock was set back does not block for ever", async () => {
  using home = homeOf(3);
  {
    await using store = await sqliteStore({ path: home.db });
    const owner = { host: "elsewhere", pid: 1, startedAt: NOW, token: crypto.randomUUID() };
    const claim = await store.claim({ source: home.path, owner, leaseMs: 60_000, at: NOW });
    assertEquals(claim.granted, true);
  }
  const report = await backfillCodex({ codexHome: home.path, db: home.db, now: () => NOW - YEAR });
  assertEquals(report.upserted, 3);
  await assertRecovers(home);
});

Deno.test("a rollout whose time jumps back, or lies ahead or before all time, is read again", async () => {
  using home = homeOf(4);
  await backfillCodex({ codexHome: home.path, db: home.db });
  const times = [new Date(NOW - 9 * YEAR), new Date(NOW + 50 * YEAR), new Date(-YEAR), new Date(0)];
  for (const [number, time] of times.entries()) {
    Deno.writeTextFileSync(pathOf(home, number), rolloutText(threadId(number), `changed ${number}`));
    Deno.utimeSync(pathOf(home, number), time, time);
  }
  assertEquals((await backfillCodex({ codexHome: home.path, db: home.db })).upserted, 4);
  await assertRecovers(home, { changed: true });
});
