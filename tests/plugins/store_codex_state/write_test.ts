import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { type CodexStateStore, inspectCodexState, type StateThread } from "../../../plugins/store_codex_state/mod.ts";
import { StoreError } from "../../../src/errors.ts";
import type { Outcome } from "../../../src/store.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
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

/** A store under test, and short ways to say what comes to it. */
function fixture(store: CodexStateStore): StoreFixture<CodexThread> {
  return new StoreFixture<CodexThread>({ open: () => store, row: thread, read: () => undefined }, store);
}

/** Plays a run in which some outcomes come, one batch each. */
async function run(store: CodexStateStore, ...outcomes: Outcome<CodexThread>[]): Promise<void> {
  const t = fixture(store);
  const lease = await t.lease();
  for (const outcome of outcomes) await t.commit(lease, { outcomes: [outcome] });
  await store.complete(lease, t.now);
  await store.release(lease);
}

/** An outcome that gives a thread's row. */
function gives(watermark: string, row: CodexThread, rank = ""): Outcome<CodexThread> {
  const counts = { records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
  const about = { watermark, fingerprint: "f", location: row.rollout_path, version: "v" };
  return { ...about, extraction: { key: row.id, row, rank, ...counts } };
}

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

Deno.test("of several files of a thread the best gives the row, in the first run and in every one after it", async () => {
  using folder = new Folder();
  const path = folder.state();
  const file = (name: string): string => {
    Deno.writeTextFileSync(`${folder.path}/${name}`, "");
    Deno.utimeSync(`${folder.path}/${name}`, 1, 1);
    return `${folder.path}/${name}`;
  };
  const files = [file("a"), file("b"), file("c")];
  const ranks = ["1", "3", "2"];
  const outcomes = files.map((location, n) =>
    gives(`${n}`, thread("t", n, { rollout_path: location, git_branch: n === 0 ? "poor" : null }), ranks[n])
  );
  for (const turn of ["first", "second"]) {
    await using store = await openStore({ path });
    await run(store, ...outcomes);
    const row = rowOf(path, "t");
    assertEquals([row?.rollout_path, row?.git_branch, row?.recency_at_ms], [files[1], null, 1_750_000_010_000], turn);
    const { inserted, updated, copies } = store.changes();
    assertEquals([inserted, updated, copies], turn === "first" ? [1, 0, 2] : [0, 0, 2]);
  }
  {
    // The file that the row names gives nothing any more: the best of the others does.
    await using store = await openStore({ path });
    const failure = { kind: "empty", reason: "it is empty", transient: false };
    const failed = { watermark: "1", fingerprint: "f", location: files[1] ?? "", version: "v", failure };
    await run(store, ...outcomes.filter((_, n) => n !== 1), failed);
    assertEquals(rowOf(path, "t")?.rollout_path, files[2]);
  }
});

Deno.test("like Codex 0.169.0 the last file gives the row", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path, compat: "0.169.0" });
  await run(store, gives("a", thread("t", 1), "9"), gives("b", thread("t", 2), "1"));
  assertEquals(rowOf(path, "t")?.cwd, "/cwd/2");
});

Deno.test("a rollout that grew after it was read is left to the Codex that writes it", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("live", { tokens_used: 9 }));
  const rollout_path = `${folder.path}/rollout`;
  Deno.writeTextFileSync(rollout_path, "");
  await using store = await openStore({ path });
  await run(store, gives("a", thread("live", 2, { rollout_path })));
  assertEquals([rowOf(path, "live")?.tokens_used, store.changes().busy, store.changes().updated], [9, 1, 0]);
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

Deno.test("prune removes what it is told to, with what hangs on it, and nothing else", async () => {
  using folder = new Folder();
  const path = folder.state(
    ["gone", "stays"].map((id) =>
      `${insertThread(id)} INSERT INTO thread_spawn_edges VALUES ('parent', '${id}', 'open');
       INSERT INTO thread_attachments VALUES ('${id}', '${id}', 'x', 'x', '{}', 0);
       INSERT INTO thread_read_receipts VALUES ('${id}', NULL, 'r', NULL);`
    ).join("\n"),
  );
  await using store = await openStore({ path });
  assertEquals([await store.prune(["unknown"]), store.snapshot()], [0, undefined]);
  assertEquals(await store.prune(["gone", "unknown"]), 1);
  assert(store.snapshot());
  assertEquals(store.changes().pruned, 1);
  for (
    const [table, column] of [
      ["threads", "id"],
      ["thread_spawn_edges", "child_thread_id"],
      ["thread_attachments", "thread_id"],
      ["thread_read_receipts", "thread_id"],
    ] as const
  ) assertEquals(rowsOf(path, table).map((row) => row[column]), ["stays"], table);
  const other = fixture(store);
  other.now = Date.now();
  await other.lease();
  await assertRejects(async () => await store.prune(["stays"]), StoreError, "another worker is writing to it");
});

Deno.test("prune removes nothing while somebody on another machine may be writing, and gives its own lease back", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("gone"));
  {
    await using store = await openStore({ path });
    const owner = { host: "another machine", pid: 1, startedAt: 0, token: crypto.randomUUID() };
    assert((await store.claim({ source: "home", owner, leaseMs: 1e9, at: Date.now() })).granted);
    // Closed without giving the lease back: its lock is free, as that of a machine that locks do not reach.
  }
  await using store = await openStore({ path });
  await assertRejects(async () => await store.prune(["gone"]), StoreError, "another worker is writing to it");
  assertEquals([rowsOf(path, "threads").length, store.snapshot()], [1, undefined]);
  Deno.removeSync(`${path}.backfill-lease`);
  assertEquals(await store.prune(["gone"]), 1);
  assertEquals(folder.others().filter((name) => name.includes("lease")), []);
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

Deno.test("copies are the files that another of their thread is better than, in whatever order they come", async () => {
  for (const named of [true, false]) {
    for (const ranks of [["1", "2", "3"], ["3", "2", "1"], ["2", "3", "1"]]) {
      using folder = new Folder();
      const file = `${folder.path}/rollout-named.jsonl`;
      Deno.writeTextFileSync(file, "");
      const path = folder.state(insertThread("known", named ? { rollout_path: file } : {}));
      await using store = await openStore({ path });
      const rows = ranks.map((rank) => gives(rank, thread("known", Number(rank)), rank));
      await run(store, ...rows);
      assertEquals(store.changes().copies, 2, `${named} ${ranks}`);
      assertEquals(rowOf(path, "known")?.cwd, "/cwd/3");
    }
  }
});

function edge(parent_thread_id: string, child_thread_id: string) {
  return { parent_thread_id, child_thread_id, status: "open" };
}

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

Deno.test("prune() asks of a row right before it is removed", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path });
  await run(store, gives("a", thread("a", 1)), gives("b", thread("b", 1)));
  const asked: string[] = [];
  const pruned = await store.prune(["a", "b", "c"], ({ id }) => asked.push(id) > 0 && id === "b");
  assertEquals([pruned, [...new Set(asked)], rowsOf(path, "threads").map(({ id }) => id)], [1, ["a", "b"], ["a"]]);
});
