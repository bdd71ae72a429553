/**
 * Rows that are left to whoever knows better: a Codex at their rollout, or somebody who wrote them or moved their file since.
 */
import { assertEquals } from "@std/assert";
import { inspectCodexState, mergeThread, type StateThread } from "../../../plugins/store_codex_state/mod.ts";
import { execute, Folder, insertThread, openStore, rowOf, rowsOf, thread } from "./database.ts";
import { edge, gives, run } from "./runs.ts";

Deno.test("a rollout that grew after it was read is left to the Codex that writes it", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("live", { tokens_used: 9 }));
  const rollout_path = `${folder.path}/rollout`;
  Deno.writeTextFileSync(rollout_path, "");
  await using store = await openStore({ path });
  await run(store, gives("a", thread("live", 2, { rollout_path })));
  assertEquals([rowOf(path, "live")?.tokens_used, store.changes().busy, store.changes().updated], [9, 1, 0]);
});

Deno.test("a rollout that a Codex decompressed since it was read, to go on in it, is left to that Codex", async () => {
  using folder = new Folder();
  const rollout_path = folder.rollout("rollout-x.jsonl.zst"), plain = `${folder.path}/rollout-x.jsonl`;
  Deno.writeTextFileSync(plain, "");
  const path = folder.state(insertThread("live", { tokens_used: 9, rollout_path: plain }));
  await using store = await openStore({ path });
  await run(store, gives("a", thread("live", 2, { rollout_path })));
  assertEquals([rowOf(path, "live")?.tokens_used, store.changes().busy], [9, 1]);
});

Deno.test("a row is written of what lies compressed beside a broken rollout, however new that is, unless it grew itself", async () => {
  using folder = new Folder();
  const standIn = folder.rollout("rollout-x.jsonl.zst"), location = `${folder.path}/rollout-x.jsonl`;
  Deno.writeTextFileSync(location, "");
  const path = folder.state(insertThread("broken", { tokens_used: 9, rollout_path: location }));
  await using store = await openStore({ path });
  const given = { ...gives("a", thread("broken", 2, { rollout_path: standIn })), location };
  Deno.utimeSync(standIn, new Date(), new Date());
  await run(store, given);
  assertEquals([rowOf(path, "broken")?.tokens_used, store.changes().busy], [9, 1]);
  Deno.utimeSync(standIn, 0, 0);
  await run(store, given);
  assertEquals([rowOf(path, "broken")?.tokens_used, store.changes().busy], [2001, 1]);
});

Deno.test("like Codex 0.169.0 the row of a rollout that grew after it was read is written all the same", async () => {
  using folder = new Folder();
  const rollout_path = `${folder.path}/rollout`;
  Deno.writeTextFileSync(rollout_path, "");
  const path = folder.state(insertThread("live", { tokens_used: 9 }));
  await using store = await openStore({ path, compat: "0.169.0" });
  await run(store, gives("a", thread("live", 2, { rollout_path })));
  assertEquals([rowOf(path, "live")?.tokens_used, store.changes().busy], [2001, 0]);
});

Deno.test("a row that somebody wrote, made or removed since it was seen is left alone, in every batch", async () => {
  using folder = new Folder();
  const path = folder.state(
    insertThread("written") + insertThread("removed") + insertThread("same") + insertThread("pinned"),
  );
  const ids = ["written", "removed", "same", "pinned", "made", "missing"];
  const seen = new Map<string, StateThread | undefined>();
  {
    using state = await inspectCodexState(path);
    for (const id of ids) seen.set(id, state.thread(id));
  }
  execute(
    path,
    `UPDATE threads SET rollout_path = '/new' WHERE id = 'written'; DELETE FROM threads WHERE id = 'removed';
    UPDATE threads SET is_pinned = 1 WHERE id = 'pinned'; ${insertThread("made")}`,
  );
  await using store = await openStore({ path, seen: (id) => seen.get(id) });
  await run(store, ...[2, 4].flatMap((n) => ids.map((id) => gives(`${id}${n}`, thread(id, n)))));
  assertEquals(rowsOf(path, "threads").map(({ id, cwd }) => [id, cwd]).sort(), [
    ["made", "/srv/demo"],
    ["missing", "/cwd/4"],
    ["pinned", "/cwd/4"],
    ["same", "/cwd/4"],
    ["written", "/srv/demo"],
  ]);
  assertEquals([store.changes().busy, rowOf(path, "written")?.rollout_path], [6, "/new"]);
});

Deno.test("a row that somebody wrote since the run before is left alone in the next run of the same store", async () => {
  using folder = new Folder();
  const path = folder.state(), ids = ["written", "same"], seen = new Map<string, StateThread>();
  await using store = await openStore({ path, seen: (id) => seen.get(id) });
  await run(store, ...ids.map((id) => gives(id, thread(id, 2))));
  for (const id of ids) seen.set(id, mergeThread(undefined, thread(id, 2)).row);
  execute(path, "UPDATE threads SET cwd = '/mine' WHERE id = 'written'");
  await run(store, ...ids.map((id) => gives(id, thread(id, 4))));
  assertEquals(ids.map((id) => rowOf(path, id)?.cwd), ["/mine", "/cwd/4"]);
});

Deno.test("like Codex 0.169.0 a row is written whatever somebody made of it since it was seen", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("t"));
  await using store = await openStore({ path, compat: "0.169.0", seen: () => undefined });
  await run(store, gives("a", thread("t", 2)));
  assertEquals([rowOf(path, "t")?.cwd, store.changes().busy], ["/cwd/2", 0]);
});

Deno.test("rows whose rollout was moved or removed since it was read are left alone where that is asked for", async () => {
  using folder = new Folder();
  const path = folder.state(), here = `${folder.path}/rollout.jsonl`;
  Deno.writeTextFileSync(here, "");
  for (const [leavesMoved, busy, count] of [[true, 1, 1], [false, 0, 2]] as const) {
    await using store = await openStore({ path, leavesMoved });
    await run(
      store,
      gives("a", { ...thread("there", 1), rollout_path: here }),
      gives("b", { ...thread("moved", 1), rollout_path: `${folder.path}/gone.jsonl` }),
    );
    assertEquals([store.changes().busy, rowsOf(path, "threads").length], [busy, count]);
  }
});

Deno.test("who spawned a thread is not recorded where its rollout was moved since it was read", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path, leavesMoved: true });
  const moved = { rollout_path: `${folder.path}/gone.jsonl`, spawn_edge: edge("parent", "moved") };
  await run(store, gives("a", thread("moved", 1, moved)));
  assertEquals(rowsOf(path, "thread_spawn_edges"), []);
});
