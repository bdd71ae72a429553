/**
 * Merging like a version of Codex: whatever comes last gives the row, and tools, edges and times are as that version has them.
 */
import { assert, assertEquals } from "@std/assert";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { Folder, readThread, rowsOf, thread, tool } from "./database.ts";
import { git, gitOf, Opened, rowOf } from "./opened.ts";

Deno.test("sqliteStore like 0.99.0: whatever comes last gives the row, and nothing takes it back", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder, { mergeLike: "0.99.0" });
  await using _ = t;
  await t.give(lease, "w2", { ...thread("id", 2), ...git("a") }, { rank: "9" });
  await t.give(lease, "w1", { ...thread("id", 1), ...git(null) }, { rank: "1" });
  const last = { ...thread("id", 1), ...git(null), dynamic_tools: readThread(path, "id")?.dynamic_tools ?? null };
  assertEquals(readThread(path, "id"), last);
  assertEquals((await t.store.states())[0]?.copies, 1);
  await t.commit(lease, { gone: ["w1"] });
  assertEquals(readThread(path, "id"), last);
  await t.give(lease, "w1", { ...thread("id", 1), ...git("b") });
  await t.give(lease, "w1", { ...thread("id", 1), ...git(null) });
  assertEquals(gitOf(rowOf(path, "id")), git(null));
});

Deno.test("sqliteStore like 0.169.0: times that are alike follow each other, as if no row had been refused between them", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder, { mergeLike: "0.169.0" });
  await using _ = t;
  const ms = 1_769_517_300_000, given = (id: string): CodexThread => ({ ...thread(id, 0), updated_at_ms: ms });
  const refused = Object.assign(given("b"), { title: null });
  const outcomes = [given("a"), refused, given("c")].map((row) => t.extracted(row.id, row.id, row));
  assertEquals((await t.commit(lease, { outcomes })).refused.length, 1);
  await t.give(lease, "d", given("d"));
  const times = Object.fromEntries(rowsOf(path, "threads").map((row) => [row.id, row.updated_at_ms]));
  assertEquals(times, { a: ms, c: ms + 1, d: ms + 2 });
});

Deno.test("sqliteStore like 0.169.0: times that are alike follow those of runs before", async () => {
  using folder = new Folder();
  const path = folder.file(), ms = 1_769_517_300_000;
  for (const id of ["a", "b"]) {
    const [t, lease] = await Opened.in(folder, { path, mergeLike: "0.169.0" });
    await using _ = t;
    await t.give(lease, id, { ...thread(id, 0), updated_at_ms: ms });
  }
  assertEquals(rowsOf(path, "threads").map((row) => row.updated_at_ms), [ms, ms + 1]);
});

Deno.test("sqliteStore like 0.169.0: no tools are written, and who spawned a thread stays as it was first recorded", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder, { mergeLike: "0.169.0" });
  await using _ = t;
  for (const n of [1, 5]) {
    const row = thread("id", n);
    assert(row.dynamic_tools && row.spawn_edge);
    await t.give(lease, "w", row);
  }
  const is = readThread(path, "id");
  assertEquals([is?.title, is?.dynamic_tools], [thread("id", 5).title, null]);
  assertEquals(is?.spawn_edge, thread("id", 1).spawn_edge);
});

Deno.test("sqliteStore like 0.99.0: tools pile up by position, the first stays, and are lost without their thread", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder, { mergeLike: "0.99.0" });
  await using _ = t;
  const offers = (id: string, names: string[]) => ({ thread_id: id, tools: names.map((name) => tool(name, 0)) });
  await t.give(lease, "w1", { ...thread("id", 0), dynamic_tools: offers("id", ["a"]) });
  await t.give(lease, "w2", { ...thread("id", 0), dynamic_tools: offers("id", ["x", "b"]) });
  await t.give(lease, "w3", { ...thread("id", 0), dynamic_tools: null });
  await t.give(lease, "w4", { ...thread("second", 0), dynamic_tools: offers("id", ["y", "z", "c"]) });
  await t.give(lease, "w5", { ...thread("third", 0), dynamic_tools: offers("not there yet", ["lost"]) });
  await t.give(lease, "w6", thread("not there yet", 0));
  assertEquals(
    rowsOf(path, "thread_dynamic_tools").map(({ thread_id, position, name }) => [thread_id, position, name]),
    [
      ["id", 0, "a0"],
      ["id", 1, "b0"],
      ["id", 2, "c0"],
    ],
  );
});

Deno.test("sqliteStore like 0.99.0: who spawned a thread stays recorded where its file says nothing of it any more", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder, { mergeLike: "0.99.0" });
  await using _ = t;
  const { spawn_edge } = thread("id", 1);
  assert(spawn_edge);
  await t.give(lease, "w", thread("id", 1));
  await t.give(lease, "w", { ...thread("id", 1), spawn_edge: null });
  assertEquals(readThread(path, "id")?.spawn_edge, spawn_edge);
});
