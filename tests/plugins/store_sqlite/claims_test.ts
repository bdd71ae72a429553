/**
 * Threads that many items claim: what they claim is not read again for every batch, and is read again where it may have changed.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "../../fast_check.ts";
import { chooseClaimant } from "../../../plugins/store_choice.ts";
import type { SqliteDriver } from "../../../plugins/store_sqlite/mod.ts";
import { type ThreadClaim, ThreadClaims } from "../../../plugins/store_sqlite/thread_claims.ts";
import { Folder, opened, rowsOf, thread } from "./database.ts";
import { DRIVERS, driverWith } from "./drivers.ts";

/** A driver that counts the rows which are read of claims. */
function counting(real: SqliteDriver, count: { claims: number }): SqliteDriver {
  return driverWith(real, (db) => ({
    prepare: (sql) => {
      const statement = db.prepare(sql);
      if (!sql.includes("c.thread_id IN") && !sql.includes("t.id IN")) return statement;
      const all = (...values: Parameters<typeof statement.all>) => {
        const rows = statement.all(...values);
        count.claims += rows.length;
        return rows;
      };
      return { ...statement, all };
    },
  }));
}

/** A driver of which a commit can be made to fail. */
function failing(real: SqliteDriver, how: { fails: boolean }): SqliteDriver {
  return driverWith(real, (db) => ({
    exec: (sql) => {
      if (how.fails && sql === "COMMIT") throw new Error("disk I/O error");
      db.exec(sql);
    },
  }));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

for (const real of DRIVERS) {
  Deno.test(`sqliteStore on ${real.name}: what items claim of a thread is read once, not for every batch`, async () => {
    using folder = new Folder();
    const count = { claims: 0 };
    await using t = await opened(folder.file(), counting(real, count));
    const lease = await t.lease();
    for (const n of numbers(0, 20)) {
      const outcomes = numbers(10 * n, 10 * n + 10).map((one) => t.done(`w${one}`, "key", { n: one }));
      await t.commit(lease, { outcomes });
    }
    assertEquals(rowsOf(folder.file("1.sqlite"), "copies", real).length, 199);
    assertEquals(count.claims, 0);
  });

  Deno.test(`sqliteStore on ${real.name}: what few items claim is read again`, async () => {
    using folder = new Folder();
    const count = { claims: 0 };
    await using t = await opened(folder.file(), counting(real, count));
    const lease = await t.lease();
    await t.commit(lease, { outcomes: [t.done("w1", "key"), t.done("w2", "key")] });
    await t.commit(lease, { outcomes: [t.done("w3", "key")] });
    assertEquals(count.claims, 2);
  });

  Deno.test(`sqliteStore on ${real.name}: what another process made of a thread between two batches is heeded`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, real);
    const lease = await t.lease("one");
    const outcomes = numbers(0, 20).map((n) => t.done(`w${n}`, "key", { n, rank: "1" }));
    await t.commit(lease, { outcomes });
    const other = await t.again();
    await t.commit(await t.lease("other", other), { outcomes: [t.done("x", "key", { n: 100, rank: "3" })] }, other);
    await t.commit(lease, { outcomes: [t.done("w20", "key", { n: 20, rank: "2" })] });
    assertEquals(await t.read("key"), thread("key", 100));
    assertEquals(rowsOf(path, "copies", real).length, 21);
  });

  Deno.test(`sqliteStore on ${real.name}: nothing of a batch that was not committed is remembered`, async () => {
    using folder = new Folder();
    const path = folder.file(), how = { fails: false };
    await using t = await opened(path, failing(real, how));
    const lease = await t.lease();
    const many = numbers(0, 20).map((n) => t.done(`w${n}`, "key", { n, rank: "1" }));
    await t.commit(lease, { outcomes: many });
    how.fails = true;
    await assertRejects(() => t.commit(lease, { outcomes: [t.done("w20", "key", { n: 20, rank: "3" })] }));
    how.fails = false;
    await t.commit(lease, { outcomes: [t.done("w21", "key", { n: 21, rank: "2" })] });
    assertEquals(await t.read("key"), thread("key", 21));
    assertEquals(rowsOf(path, "copies", real).length, 20);
  });
}

Deno.test("the best claim is the one that is chosen of all, whatever came and went", () => {
  const ledgerId = fc.nat(9);
  const claim: fc.Arbitrary<ThreadClaim> = fc.record({
    ledgerId,
    source: fc.constantFrom("s1", "s2"),
    watermark: fc.constantFrom("a", "b", "\uff61", "😀"),
    rank: fc.constantFrom("", "1", "2"),
    gone: fc.boolean(),
    failed: fc.boolean(),
  });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ claim }) },
    {
      weight: 2,
      arbitrary: fc.record({
        ledgerId,
        now: fc.record({ gone: fc.boolean(), failed: fc.boolean() }, { requiredKeys: [] }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ ledgerId }) },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const thread = new ThreadClaims();
    let all: ThreadClaim[] = [];
    for (const one of steps) {
      if ("claim" in one) {
        // No two items are one and the same.
        const claim = { ...one.claim, watermark: `${one.claim.watermark}${one.claim.ledgerId}` };
        all = [...all.filter(({ ledgerId }) => ledgerId !== claim.ledgerId), claim];
        thread.put(claim);
      } else if ("now" in one) {
        all = all.map((claim) => claim.ledgerId === one.ledgerId ? { ...claim, ...one.now } : claim);
        thread.change(one.ledgerId, one.now);
      } else {
        all = all.filter(({ ledgerId }) => ledgerId !== one.ledgerId);
        thread.remove(one.ledgerId);
      }
      assertEquals(thread.best, chooseClaimant(all));
      assertEquals(thread.size, all.length);
      assert(all.every(({ ledgerId }) => thread.has(ledgerId)));
    }
  }));
});
