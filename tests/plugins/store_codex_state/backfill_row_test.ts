/**
 * The row of Codex's own backfill: what a run makes of its status, its watermark and its times.
 */
import { assertEquals } from "@std/assert";
import { execute, Folder, insertThread, openStore, rowOf, rowsOf, thread, type Value } from "./database.ts";
import { fixture, gives, run } from "./runs.ts";

const AT = 1_750_000_000;

/** SQL that makes the row say something. */
function says(sets: string): string {
  return `UPDATE backfill_state SET ${sets};`;
}

function backfillRow(path: string): Record<string, Value> {
  const [row] = rowsOf(path, "backfill_state");
  return row ?? {};
}

Deno.test("the end of a run that wrote rows is recorded although its watermark is no higher, be they written at that end alone", async () => {
  for (const named of ["gone", "there"]) {
    using folder = new Folder();
    // A file that is there and did not come is waited for until the end.
    const rollout_path = named === "there" ? folder.rollout(named) : `${folder.path}/${named}`;
    const path = folder.state(
      insertThread("t", { rollout_path }) + says("status = 'complete', last_watermark = 'z', last_success_at = 5"),
    );
    await using store = await openStore({ path });
    await run(store, gives("a", thread("t", 2)));
    const { status, last_watermark, last_success_at } = backfillRow(path);
    assertEquals([rowOf(path, "t")?.cwd, status, last_watermark, last_success_at], ["/cwd/2", "complete", "z", AT]);
  }
});

Deno.test("a watermark that is higher is recorded although no row changed", async () => {
  using folder = new Folder();
  const path = folder.state();
  for (const watermark of ["a", "b"]) {
    await using store = await openStore({ path });
    await run(store, gives(watermark, thread("t", 2)));
    assertEquals(backfillRow(path).last_watermark, watermark);
  }
});

Deno.test("while a run goes on the store tells its watermark, which the row does not have yet", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path });
  const t = fixture(store), lease = await t.lease();
  await t.commit(lease, { outcomes: [gives("w", thread("t", 2))] });
  assertEquals((await store.states()).map(({ lastWatermark }) => lastWatermark), ["w"]);
  assertEquals(backfillRow(path).last_watermark, null);
});

Deno.test("like Codex 0.169.0 the watermark is never lowered", async () => {
  using folder = new Folder();
  const path = folder.state(says("status = 'pending', last_watermark = 'm'"));
  await using store = await openStore({ path, compat: "0.169.0" });
  const t = fixture(store), lease = await t.lease();
  await t.commit(lease, { outcomes: [gives("a", thread("t", 2))] });
  assertEquals(backfillRow(path).last_watermark, "m");
});

Deno.test("like Codex 0.169.0 a backfill that a Codex completed meanwhile is neither renewed nor begun anew", async () => {
  using folder = new Folder();
  const path = folder.state(says("status = 'pending'"));
  await using store = await openStore({ path, compat: "0.169.0" });
  const t = fixture(store), lease = await t.lease();
  execute(path, says("status = 'complete', updated_at = 7"));
  await store.heartbeat(lease, t.now);
  assertEquals(backfillRow(path).updated_at, 7);
  await store.release(lease);
  assertEquals(backfillRow(path).status, "complete");
});

Deno.test("like Codex 0.169.0 a Codex begins at once after a run that leaves the rest to it, and keeps its lease", async () => {
  using folder = new Folder();
  const path = folder.state(says("status = 'pending'"));
  await using store = await openStore({ path, compat: "0.169.0", completes: false });
  const t = fixture(store), lease = await t.lease();
  assertEquals(backfillRow(path).status, "running");
  await store.complete(lease, t.now);
  assertEquals(backfillRow(path).status, "pending");
  execute(path, says("status = 'running'"));
  await store.release(lease);
  assertEquals(backfillRow(path).status, "running");
});
