/**
 * A home that was moved: the rows follow it, and come back with it.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex, sqliteStore } from "../../mod.ts";
import { TemporaryHome, threadId } from "../home.ts";
import { rowsOf } from "./store_sqlite/database.ts";

/** What the rows say of where their rollouts are. */
function places(db: string, top: string): unknown[] {
  return rowsOf(db, "threads").map((
    { rollout_path, archived },
  ) => [String(rollout_path).slice(top.length + 1), archived]);
}

const name = (number: number): string => `rollout-2026-01-27T12-34-56-${threadId(number)}.jsonl`;
const live = (home: string, number: number) => [`${home}/sessions/2026/01/27/${name(number)}`, 0];

Deno.test("rows follow a home that was moved, and what is archived there is", async () => {
  using home = new TemporaryHome();
  for (const number of [1, 2]) home.rollout(number);
  const { top, path: old, db } = home, moved = join(top, "moved"), first = await backfillCodex({ codexHome: old, db });
  assertEquals([first.upserted, first.copies], [2, 0]);
  Deno.renameSync(old, moved);
  Deno.mkdirSync(join(moved, "archived_sessions"));
  Deno.renameSync(join(moved, "sessions/2026/01/27", name(2)), join(moved, "archived_sessions", name(2)));
  const second = await backfillCodex({ codexHome: moved, db });
  assertEquals([second.upserted, second.copies, second.gone], [2, 0, 2]);
  assertEquals(places(db, top), [live("moved", 1), [`moved/archived_sessions/${name(2)}`, 1]]);
  const third = await backfillCodex({ codexHome: moved, db });
  assertEquals([third.upserted, third.copies, third.gone], [0, 0, 0]);
  {
    await using store = await sqliteStore({ path: db, readonly: true });
    const homes = (await store.states()).map(({ source, done, gone, copies }) => [source, done, gone, copies]);
    assertEquals(homes.sort(), [[moved, 2, 0, 0], [old, 2, 2, 0]].sort());
  }
  Deno.renameSync(moved, old);
  const back = await backfillCodex({ codexHome: old, db });
  assertEquals([back.refreshed, back.gone, back.copies], [1, 2, 0]);
  assertEquals(places(db, top), [live("home", 1), [`home/archived_sessions/${name(2)}`, 1]]);
});

Deno.test("a second home with copies that is there, or has a name, keeps its rows", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const { top, path: first, db } = home, second = join(top, "a second");
  const copied = join(second, "sessions/2026/01/27");
  Deno.mkdirSync(copied, { recursive: true });
  Deno.copyFileSync(join(first, "sessions/2026/01/27", name(1)), join(copied, name(1)));
  await backfillCodex({ codexHome: first, db });
  for (
    const report of [await backfillCodex({ codexHome: second, db }), await backfillCodex({ codexHome: second, db })]
  ) {
    assertEquals([report.copies, report.gone], [1, 0]);
  }
  await backfillCodex({ codexHome: second, db, source: "named" });
  Deno.removeSync(second, { recursive: true });
  const report = await backfillCodex({ codexHome: first, db });
  assertEquals([report.copies, report.gone], [1, 1]);
});

Deno.test("a home with a name is the same one wherever it is: rows follow it without a rollout being read", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const { top, path: old, db } = home, moved = join(top, "moved"), source = "mine";
  await backfillCodex({ codexHome: old, db, source });
  Deno.renameSync(old, moved);
  const report = await backfillCodex({ codexHome: moved, db, source });
  assertEquals([report.scanned, report.refreshed, report.copies, report.gone], [0, 1, 0, 0]);
  assertEquals(places(db, top), [live("moved", 1)]);
});
