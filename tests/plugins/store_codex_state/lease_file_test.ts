/**
 * What a run leaves that was killed: the file of its lease and its lock, and what the next one makes of them.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { codexLeaseIn } from "../../../plugins/store_codex_state/mod.ts";
import { StoreError } from "../../../src/errors.ts";
import { Folder, openStore } from "./database.ts";
import { fixture } from "./runs.ts";

/** Leaves the lease of a run that was killed. */
function leaveLease(database: string, { fence = 1, marksRunning = false }): void {
  const holder = { host: "", pid: 1, startedAt: 1, token: crypto.randomUUID(), heartbeatAt: 1, expiresAt: 2 };
  const record = { source: "home", fence, holder, watermark: null, marksRunning };
  Deno.writeTextFileSync(`${database}.backfill-lease`, JSON.stringify(record));
}

Deno.test("a lease has a higher fence than the one that it is taken from, whatever the clock says", async () => {
  using folder = new Folder();
  const path = folder.state(), fence = 9e15;
  leaveLease(path, { fence });
  await using store = await openStore({ path });
  assertEquals((await fixture(store).lease()).fence, fence + 1);
});

Deno.test("a Codex that backfills now is no orphan because of a run that was killed before it had marked anything", () => {
  using folder = new Folder();
  const path = folder.state(), at = 1_750_000_000;
  leaveLease(path, { marksRunning: false });
  const state = { status: "running", lastWatermark: null, lastSuccessAt: null, updatedAt: at };
  assertEquals(codexLeaseIn(path, state, at * 1000 + 1000), "held");
});

Deno.test("a state that is not known is left alone also where a run had marked it that was killed", async () => {
  using folder = new Folder();
  const path = folder.state("UPDATE backfill_state SET status = 'paused'");
  leaveLease(path, { marksRunning: true });
  await using store = await openStore({ path });
  await assertRejects(() => fixture(store).claim(), StoreError, "which is not known");
});

Deno.test("the next run removes the locks of those that were killed", async () => {
  using folder = new Folder();
  const path = folder.state(), locks = () => folder.others().filter((name) => name.endsWith(".lock"));
  // One whose lease is gone, one whose lease stands.
  Deno.writeTextFileSync(`${path}.${crypto.randomUUID()}.lock`, "");
  {
    await using killed = await openStore({ path });
    await fixture(killed).lease();
    assertEquals(locks().length, 1);
  }
  await using store = await openStore({ path });
  await store.release(await fixture(store).lease());
  assertEquals(locks(), []);
});
