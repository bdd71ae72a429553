/**
 * The store suite: leases.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { LeaseLostError } from "../errors.ts";
import type { StoreCase } from "./fixture.ts";

/** What must hold of leases. */
export const leaseCases: readonly StoreCase[] = [
  {
    name: "an unknown source is granted, and is running from then on",
    async run(t) {
      const claim = await t.claim();
      assert(claim.granted);
      assertEquals(claim.state, {
        source: "source",
        status: "pending",
        lastWatermark: null,
        lastSuccessAt: null,
        holder: null,
      });
      assertEquals(claim.takenFrom, undefined);
      assertEquals((await t.store.states()).map(({ source, status }) => [source, status]), [["source", "running"]]);
    },
  },
  {
    name: "a second claim is refused and told who holds the lease",
    async run(t) {
      const owner = t.owner(7);
      await t.claim("source", owner);
      const claimedAt = t.now;
      t.now += t.leaseMs - 1;
      const second = await t.claim();
      assert(!second.granted);
      assertEquals(second.holder, { ...owner, heartbeatAt: claimedAt, expiresAt: claimedAt + t.leaseMs });
      assertEquals((await t.store.states())[0]?.holder, second.holder);
    },
  },
  {
    name: "a second claim is refused by a store that another process opened",
    needs: "again",
    async run(t) {
      const owner = t.owner(7);
      await t.claim("source", owner);
      const other = await t.again();
      const second = await t.claim("source", t.owner(8), other);
      assert(!second.granted);
      assertEquals(second.holder.pid, 7);
    },
  },
  {
    name: "sources have leases of their own",
    about: ["sources"],
    async run(t) {
      await t.lease("a");
      await t.lease("b");
      assertEquals((await t.store.states()).map(({ source }) => source), ["a", "b"]);
    },
  },
  {
    name: "a lease that ran out is taken over",
    async run(t) {
      const owner = t.owner(7);
      await t.claim("source", owner);
      const claimedAt = t.now;
      t.now += t.leaseMs;
      const second = await t.claim("source", t.owner(8));
      assert(second.granted);
      assertEquals(second.takenFrom, { ...owner, heartbeatAt: claimedAt, expiresAt: claimedAt + t.leaseMs });
      assertEquals(second.state.status, "running");
      assertEquals((await t.store.states())[0]?.holder?.pid, 8);
    },
  },
  {
    name: "a lease whose heartbeat lies far ahead, because the clock was set back, is taken over",
    async run(t) {
      await t.lease();
      t.now -= t.leaseMs;
      assert(!(await t.claim()).granted);
      t.now -= 1;
      assert((await t.claim()).granted);
    },
  },
  {
    name: "heartbeat and commit renew a lease",
    async run(t) {
      const lease = await t.lease();
      t.now += t.leaseMs - 1;
      await t.store.heartbeat(lease, t.now);
      assertEquals((await t.store.states())[0]?.holder?.heartbeatAt, t.now);
      t.now += t.leaseMs - 1;
      assert(!(await t.claim()).granted);
      await t.commit(lease, { gone: ["unknown"] });
      t.now += t.leaseMs - 1;
      const claim = await t.claim();
      assert(!claim.granted);
      assertEquals(claim.holder.expiresAt, t.now + 1);
    },
  },
  {
    name: "a lease that ran out is its owner's until it is taken over",
    async run(t) {
      const lease = await t.lease();
      t.now += 10 * t.leaseMs;
      await t.commit(lease, { outcomes: [t.done("a", "key")] });
      assertEquals(await t.read("key"), t.access.row("key", 0));
    },
  },
  {
    name: "every lease of a source has a higher fence than those before it",
    async run(t) {
      const first = await t.lease();
      await t.store.release(first);
      const second = await t.lease();
      t.now += t.leaseMs;
      const third = await t.lease();
      assertGreater(second.fence, first.fence);
      assertGreater(third.fence, second.fence);
    },
  },
  {
    name: "a lease that was taken over commits, renews and completes nothing",
    async run(t) {
      const first = await t.lease();
      await t.commit(first, { outcomes: [t.done("a", "key", { n: 1, snapshot: "s" })] });
      t.now += t.leaseMs;
      await t.lease();
      const before = await t.everything(["key", "other"]);
      const outcomes = [t.done("a", "key", { n: 2 }), t.done("b", "other"), t.failed("c")];
      await assertRejects(() => t.commit(first, { outcomes, gone: ["a"] }), LeaseLostError);
      await assertRejects(async () => await t.store.heartbeat(first, t.now + 1), LeaseLostError);
      await assertRejects(async () => await t.store.complete(first, t.now + 1), LeaseLostError);
      assertEquals(await t.everything(["key", "other"]), before);
    },
  },
  {
    name: "a lease that was given back commits, renews and completes nothing",
    async run(t) {
      const lease = await t.lease();
      await t.store.release(lease);
      const before = await t.everything(["key"]);
      await assertRejects(() => t.commit(lease, { outcomes: [t.done("a", "key")] }), LeaseLostError);
      await assertRejects(async () => await t.store.heartbeat(lease, t.now), LeaseLostError);
      await assertRejects(async () => await t.store.complete(lease, t.now), LeaseLostError);
      assertEquals(await t.everything(["key"]), before);
    },
  },
  {
    name: "a lease with another token or fence than the source's is not the caller's",
    async run(t) {
      const lease = await t.lease();
      for (const other of [{ ...lease, token: crypto.randomUUID() }, { ...lease, fence: lease.fence + 1 }]) {
        await assertRejects(async () => await t.store.heartbeat(other, t.now), LeaseLostError);
        await t.store.release(other);
      }
      await t.store.heartbeat(lease, t.now);
    },
  },
  {
    name: "a lease that was given back is free, and giving it back again does nothing",
    async run(t) {
      const first = await t.lease();
      await t.store.release(first);
      assertEquals((await t.store.states())[0]?.holder, null);
      const second = await t.claim("source", t.owner(8));
      assert(second.granted);
      assertEquals(second.takenFrom, undefined);
      await t.store.release(first);
      assertEquals((await t.store.states())[0]?.holder?.pid, 8);
    },
  },
  {
    name: "a lease of a source that does not exist is lost",
    async run(t) {
      const lease = { source: "nowhere", token: crypto.randomUUID(), fence: 1 };
      await assertRejects(async () => await t.store.heartbeat(lease, t.now), LeaseLostError);
      await t.store.release(lease);
      assertEquals(await t.store.states(), []);
    },
  },
  {
    name: "complete records the time, and stays complete when the source is claimed again",
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("a", "key")] });
      t.now += 5;
      await t.store.complete(lease, t.now);
      const completedAt = t.now;
      await t.store.release(lease);
      t.now += 5;
      const claim = await t.claim();
      assert(claim.granted);
      const lastSuccessAt = completedAt - completedAt % (t.access.resolutionMs ?? 1);
      const state = { source: "source", status: "complete", lastWatermark: "a", lastSuccessAt } as const;
      assertEquals(claim.state, { ...state, holder: null });
      const [found] = await t.store.states();
      assertEquals([found?.status, found?.lastSuccessAt], ["complete", lastSuccessAt]);
    },
  },
];
