/**
 * Keeping a lease: heartbeats that fail, that take long, and that wait for a commit.
 */
import { assertEquals } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { claimLease, LeaseKeeper } from "../../src/lease.ts";
import type { Store } from "../../src/store.ts";

/** A lease that is renewed every 10 ms. */
const LEASE_MS = 30;

/** Keeps the lease of a store that is renewed in some way. */
async function keeperWith(heartbeat: () => void | Promise<void>, more: Partial<Store<string>> = {}) {
  const store: Store<string> = Object.assign(memoryStore<string>(), { heartbeat }, more);
  const owner = { host: "h", pid: 1, startedAt: 0, token: "t" };
  const { lease } = await claimLease(store, { source: "s", owner, leaseMs: LEASE_MS, at: 0 });
  return new LeaseKeeper(store, lease, LEASE_MS, () => 0);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

Deno.test("LeaseKeeper commits although a heartbeat found the store busy", async () => {
  const beaten = Promise.withResolvers<void>();
  await using keeper = await keeperWith(() => {
    beaten.resolve();
    throw new Error("database is locked");
  });
  await beaten.promise;
  assertEquals(await keeper.exclusive(() => "committed"), "committed");
});

Deno.test("LeaseKeeper gives a lease back once the heartbeat has ended that goes on", async () => {
  const done: string[] = [], begun = Promise.withResolvers<void>();
  const heartbeat = async () => {
    begun.resolve();
    await pause(20);
    done.push("renewed");
  };
  const keeper = await keeperWith(heartbeat, { release: () => void done.push("given back") });
  await begun.promise;
  await keeper[Symbol.asyncDispose]();
  assertEquals(done, ["renewed", "given back"]);
});

Deno.test("LeaseKeeper renews a lease once behind a commit that takes long, however many beats that lasted", async () => {
  let beats = 0;
  const keeper = await keeperWith(() => void beats++);
  await keeper.exclusive(() => pause(6 * LEASE_MS));
  await keeper[Symbol.asyncDispose]();
  assertEquals(beats, 1);
});
