/**
 * Writing rows: what is written of a thread and what is not, the snapshot before the first write, and what cannot be written.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../../src/errors.ts";
import { runCli } from "../../child.ts";
import {
  execute,
  Folder,
  insertThread,
  openLikeCodex,
  openStore,
  readThread,
  rowOf,
  rowsOf,
  snapshotOf,
  thread,
} from "./database.ts";
import { driverWith, NODE_SQLITE } from "../store_sqlite/drivers.ts";
import { edge, fixture, gives, run } from "./runs.ts";

/** Every column that is the user's, with something of the user's in it. */
const USERS = {
  name: "mine",
  is_pinned: 1,
  has_user_event: 1,
  section_position: 7,
  section_entered_at_ms: 8,
  daybreak_enabled: 1,
  attached_thread_parent_id: "parent",
  recency_at: 5,
  recency_at_ms: 5000,
} as const;

Deno.test("a missing thread is added, a differing one refreshed, and what is the user's is left alone", async () => {
  using folder = new Folder();
  const path = folder.state(
    `INSERT INTO thread_sections (id, name) VALUES ('s', 'section');
     INSERT INTO projects VALUES ('p', 'project', '{}', 0, 0, 0);
     ${insertThread("known", { ...USERS, thread_section_id: "s", project_id: "p", cwd: "/wrong", tokens_used: 1 })}`,
  );
  const before = rowOf(path, "known");
  {
    await using store = await openStore({ path });
    const known = thread("known", 2, { name: "other", cwd: "/right", spawn_edge: edge("parent", "known") });
    await run(store, gives("a", known), gives("b", thread("new", 3)));
    assertEquals(store.changes(), { inserted: 1, updated: 1, kept: 0, busy: 0, copies: 0, pruned: 0, refused: [] });
  }
  const after = rowOf(path, "known");
  const users = [...Object.keys(USERS), "thread_section_id", "project_id"];
  for (const column of users) assertEquals(after?.[column], before?.[column], column);
  assertEquals([after?.cwd, after?.tokens_used], ["/right", 2001]);
  assertEquals(readThread(path, "new"), thread("new", 3));
  assertEquals([rowOf(path, "new")?.recency_at_ms, rowOf(path, "new")?.is_pinned], [1_750_000_030_000, 0]);
  assertEquals(rowsOf(path, "thread_spawn_edges"), [edge("parent", "known")]);
  const [state] = rowsOf(path, "backfill_state");
  assertEquals([state?.status, state?.last_watermark], ["complete", "b"]);
});

Deno.test("a paginated thread that lost its name gets the one of the index, and a name given since a run made its row stays", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("lost", { history_mode: "paginated" }) + insertThread("legacy"));
  await using store = await openStore({ path });
  const t = fixture(store);
  const lease = await t.lease();
  const named = { name: "of the index", history_mode: "paginated" } as const;
  const outcomes = [gives("a", thread("lost", 2, named)), gives("b", thread("legacy", 2, { name: "of the index" }))];
  await t.commit(lease, { outcomes: [...outcomes, gives("c", thread("new", 2, named), "1")] });
  execute(path, "UPDATE threads SET name = 'mine' WHERE id = 'new'");
  await t.commit(lease, { outcomes: [gives("d", thread("new", 3, named), "2")] });
  const rows = ["lost", "legacy", "new"].map((id) => rowOf(path, id));
  assertEquals(rows.map((row) => [row?.name, row?.cwd]), [
    ["of the index", "/cwd/2"],
    [null, "/cwd/2"],
    ["mine", "/cwd/3"],
  ]);
});

Deno.test("what differs of a row is written and no more: text that is not UTF-8 stays as it is", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("known", { cwd: "/wrong" }));
  execute(path, "UPDATE threads SET title = CAST(x'6D79206E616D6520E9' AS TEXT)");
  {
    await using store = await openStore({ path });
    await run(store, gives("a", thread("known", 2, { cwd: "/right" })));
  }
  execute(path, "UPDATE threads SET title = hex(title)");
  assertEquals([rowOf(path, "known")?.title, rowOf(path, "known")?.cwd], ["6D79206E616D6520E9", "/right"]);
});

Deno.test("a second run over the same rollouts writes nothing and makes no snapshot", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("known"));
  const outcomes = [gives("a", thread("known", 2, { spawn_edge: edge("p", "known") })), gives("b", thread("new", 3))];
  {
    await using store = await openStore({ path });
    await run(store, ...outcomes);
    assert(store.snapshot());
  }
  const before = snapshotOf(folder.path);
  {
    await using store = await openStore({ path });
    await run(store, ...outcomes);
    assertEquals(store.changes(), { inserted: 0, updated: 0, kept: 0, busy: 0, copies: 0, pruned: 0, refused: [] });
    assertEquals([store.snapshot(), store.howToRestore()], [undefined, undefined]);
  }
  assertEquals(snapshotOf(folder.path), before);
});

Deno.test("a mark that a Codex set while a run went on is left to it", async () => {
  using folder = new Folder();
  const path = folder.state("UPDATE backfill_state SET status = 'pending'");
  const statusOf = () => rowsOf(path, "backfill_state").map(({ status }) => status);
  {
    await using store = await openStore({ path });
    const t = fixture(store), lease = await t.lease();
    execute(path, `UPDATE backfill_state SET status = 'running', updated_at = ${Math.floor(Date.now() / 1000)}`);
    await store.complete(lease, t.now);
    await store.release(lease);
  }
  assertEquals(statusOf(), ["running"]);
});

Deno.test("an edge that Codex closed stays closed", async () => {
  using folder = new Folder();
  const path = folder.state("INSERT INTO thread_spawn_edges VALUES ('old', 'child', 'closed')");
  await using store = await openStore({ path });
  await run(store, gives("a", thread("child", 2, { spawn_edge: edge("new", "child") })));
  assertEquals(rowsOf(path, "thread_spawn_edges"), [{ ...edge("old", "child"), status: "closed" }]);
});

Deno.test("before the first write a snapshot is made, for its owner only, and going back by it works", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("known", { cwd: "/before" }));
  {
    const store = await openStore({ path });
    assertEquals(store.snapshot(), undefined);
    await run(store, gives("a", thread("known", 2)), gives("b", thread("new", 3)));
    const snapshot = store.snapshot() ?? "";
    await store[Symbol.asyncDispose]();
    assert(snapshot.startsWith(`${path}.20`) && snapshot.endsWith(".snapshot"), snapshot);
    if (Deno.build.os !== "windows") assertEquals((Deno.statSync(snapshot).mode ?? 0) & 0o777, 0o600);
    assertStringIncludes(store.howToRestore() ?? "", `copy "${snapshot}" to "${path}"`);
    for (const suffix of ["-wal", "-shm"]) assertEquals(folder.others().some((name) => name.endsWith(suffix)), false);
    assertEquals(rowOf(path, "known")?.cwd, "/cwd/2");
    for (const suffix of ["-wal", "-shm"]) Deno.removeSync(`${path}${suffix}`);
    Deno.copyFileSync(snapshot, path);
  }
  assertEquals([rowOf(path, "known")?.cwd, rowOf(path, "new")], ["/before", undefined]);
});

Deno.test("snapshots go where they are wanted, each by a name of its own; where none can be made nothing is written", async () => {
  using folder = new Folder();
  const path = folder.state(), snapshots = Deno.makeTempDirSync();
  for (const n of [1, 2, 3]) {
    await using store = await openStore({ path, snapshots });
    await run(store, gives("a", thread("known", n)));
  }
  assertEquals(Array.from(Deno.readDirSync(snapshots)).length, 3);
  Deno.removeSync(snapshots, { recursive: true });
  const before = rowsOf(path, "threads");
  await using store = await openStore({ path, snapshots });
  const error = await assertRejects(() => run(store, gives("a", thread("known", 4))), StoreError);
  assertStringIncludes(error.message, "Cannot make the snapshot");
  assertEquals(rowsOf(path, "threads"), before);
});

Deno.test("like Codex 0.169.0 times that are alike follow each other from batch to batch", async () => {
  using folder = new Folder();
  const path = folder.state("UPDATE backfill_state SET status = 'pending'");
  await using store = await openStore({ path, compat: "0.169.0" });
  await run(store, gives("a", thread("a", 2)), gives("b", thread("b", 2)));
  assertEquals(rowOf(path, "b")?.updated_at_ms, Number(rowOf(path, "a")?.updated_at_ms) + 1);
});

Deno.test("rows that were kept better than Codex would have left them are counted", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("a", { memory_mode: "disabled" }) + insertThread("b"));
  await using store = await openStore({ path });
  await run(store, gives("1", thread("a", 2, { memory_mode: "enabled" })), gives("2", thread("b", 2)));
  assertEquals([store.changes().kept, rowOf(path, "a")?.memory_mode], [1, "disabled"]);
});

Deno.test("a Codex that is writing is waited for, and what it wrote meanwhile is not undone", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("known"));
  await using store = await openStore({ path });
  const t = fixture(store);
  const lease = await t.lease();
  const codex = openLikeCodex(path, insertThread("another", { title: "of Codex" }));
  codex.exec("UPDATE threads SET name = 'just now' WHERE id = 'known'");
  await t.commit(lease, { outcomes: [gives("a", thread("known", 2))] });
  codex.exec(insertThread("third"));
  codex.close();
  assertEquals([rowOf(path, "known")?.name, rowOf(path, "known")?.cwd], ["just now", "/cwd/2"]);
  assertEquals(rowsOf(path, "threads").length, 3);
});

Deno.test("a database that somebody keeps locked is an error that says so, and nothing is written", async () => {
  using folder = new Folder();
  const path = folder.state();
  const driver = driverWith(NODE_SQLITE, (db) => ({
    exec: (sql) => db.exec(sql.replace(/busy_timeout = \d+/, "busy_timeout = 1")),
  }));
  await using store = await openStore({ path, driver });
  const codex = openLikeCodex(path, "BEGIN IMMEDIATE");
  const error = await assertRejects(() => run(store, gives("a", thread("known", 2))), StoreError);
  assertStringIncludes(error.message, "another process is writing to it");
  codex.exec("ROLLBACK");
  codex.close();
  assertEquals(rowsOf(path, "threads"), []);
});

Deno.test("the database stays in the mode that Codex uses, with tables and triggers as they were", async () => {
  using folder = new Folder();
  const path = folder.state();
  const schema = () => rowsOf(path, "sqlite_schema").map(({ sql }) => sql);
  const before = schema();
  {
    await using store = await openStore({ path });
    await run(store, gives("a", thread("known", 2)));
  }
  assertEquals(schema(), before);
  const db = new DatabaseSync(path);
  assertEquals(db.prepare("PRAGMA journal_mode").get()?.journal_mode, "wal");
  db.close();
});

Deno.test("a row that is refused when a run is over is told of, and its file is no copy", async () => {
  using folder = new Folder();
  const named = `${folder.path}/rollout-named.jsonl`;
  Deno.writeTextFileSync(named, "");
  const path = folder.state(
    `${insertThread("known", { rollout_path: named })}
     CREATE TRIGGER picky BEFORE UPDATE ON threads BEGIN SELECT RAISE(ABORT, 'not like that'); END;`,
  );
  await using store = await openStore({ path });
  // The file that the row names is there, so that it is waited for until the end.
  await run(store, gives("a", thread("known", 2)));
  const { updated, copies, refused } = store.changes();
  assertEquals([updated, copies], [0, 0]);
  assertEquals(refused.map(({ watermark, reason }) => [watermark, reason.includes("not like that")]), [["a", true]]);
});

Deno.test("a row that is refused does not count as written", async () => {
  using folder = new Folder();
  const path = folder.state(
    "CREATE TRIGGER picky BEFORE INSERT ON threads WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ABORT, 'not like that'); END;",
  );
  await using store = await openStore({ path });
  const t = fixture(store), lease = await t.lease();
  const outcomes = [gives("a", thread("bad", 2)), gives("b", thread("good", 2))];
  const { upserted, refused } = await t.commit(lease, { outcomes });
  assertEquals([upserted, refused.map(({ watermark }) => watermark)], [1, ["a"]]);
});

Deno.test("a row that was edited by hand between two batches is merged as it is then", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path });
  const t = fixture(store);
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [gives("a", thread("one", 2))] });
  execute(path, "UPDATE threads SET title = 'renamed', is_pinned = 1 WHERE id = 'one'");
  await t.commit(lease, { outcomes: [gives("a", thread("one", 4))] });
  assertEquals([rowOf(path, "one")?.is_pinned, rowOf(path, "one")?.cwd], [1, "/cwd/4"]);
});

Deno.test("repair --apply needs no permission but those for the home, the database's folder and a temporary one", async () => {
  using folder = new Folder();
  const path = folder.state(), home = `${folder.path}/home`, scratch = `${folder.path}/scratch`;
  const id = "019c0000-0000-7000-8000-000000000001";
  Deno.mkdirSync(`${home}/sessions`, { recursive: true });
  Deno.mkdirSync(scratch);
  const message = { type: "user_message", message: "hello" };
  const line = JSON.stringify({ timestamp: "2026-01-27T12:34:56Z", type: "event_msg", payload: message });
  Deno.writeTextFileSync(`${home}/sessions/rollout-2026-01-27T12-34-56-${id}.jsonl`, line);
  const { code, stderr } = await runCli(["repair", "--codex-home", home, "--state-db", path, "--apply"], {
    permissions: [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`, "--allow-env"],
    env: { TMPDIR: scratch },
  });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(rowOf(path, id)?.title, "hello");
  const snapshot = folder.others().find((name) => name.endsWith(".snapshot"));
  if (Deno.build.os !== "windows") assertEquals((Deno.statSync(`${folder.path}/${snapshot}`).mode ?? 0) & 0o777, 0o600);
  assertEquals(rowsOf(`${folder.path}/${snapshot}`, "threads"), []);
  assertEquals([...Deno.readDirSync(scratch)], []);
});
