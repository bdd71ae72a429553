/**
 * Removing rows: which are removed, what hangs on them, and who may not remove any.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LeaseLostError, StoreError } from "../../../src/errors.ts";
import { Folder, insertThread, openStore, rowsOf, thread } from "./database.ts";
import { fixture, gives, run } from "./runs.ts";

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

Deno.test("prune() asks of a row right before it is removed", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path });
  await run(store, gives("a", thread("a", 1)), gives("b", thread("b", 1)));
  const asked: string[] = [];
  const pruned = await store.prune(["a", "b", "c"], ({ id }) => asked.push(id) > 0 && id === "b");
  assertEquals([pruned, [...new Set(asked)], rowsOf(path, "threads").map(({ id }) => id)], [1, ["a", "b"], ["a"]]);
});

Deno.test("prune() removes every row that it is told to, of more than go into one transaction", async () => {
  using folder = new Folder();
  const ids = Array.from({ length: 401 }, (_, n) => `t${n}`);
  const path = folder.state(ids.map((id) => insertThread(id)).join("\n"));
  await using store = await openStore({ path });
  assertEquals([await store.prune(ids), rowsOf(path, "threads")], [401, []]);
});

Deno.test("prune() removes nothing once somebody, as on another machine, took its lease over", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("a")), lease = `${path}.backfill-lease`;
  await using store = await openStore({ path });
  let asked = 0;
  const takenOver = () => {
    // It is asked once before the snapshot is made, and would be again after it.
    if (++asked === 1) {
      const record = JSON.parse(Deno.readTextFileSync(lease));
      Deno.writeTextFileSync(lease, JSON.stringify({ ...record, fence: record.fence + 1 }));
    }
    return true;
  };
  await assertRejects(async () => await store.prune(["a"], takenOver), LeaseLostError);
  assertEquals([rowsOf(path, "threads").length, asked], [1, 1]);
});
