/**
 * The store suite: rows that are refused, hostile text, and what another process sees.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Outcome } from "../store.ts";
import type { StoreCase, StoreFixture } from "./fixture.ts";

/** Text that has broken stores: quotes, controls, SQL, names that objects inherit, and a surrogate that stands alone. */
const HOSTILE = [
  `'"\`;--\\`,
  "'); DROP TABLE threads; --",
  "nul \0 inside",
  "\u001b[31m\r\n\t\u202e",
  "😀\uffff\u{10ffff}",
  "__proto__",
  "constructor",
  "lone \ud800 surrogate",
  "",
];

/** What must hold whatever is thrown at a store. */
export const safetyCases: readonly StoreCase[] = [
  {
    name: "hostile text comes back in rows as it was, a lone surrogate as U+FFFD",
    async run(t) {
      const lease = await t.lease();
      const keys = HOSTILE.map((text, n) => `${n} ${text}`);
      await t.commit(lease, { outcomes: keys.map((key, n) => t.done(`b ${key}`, key, { n, rank: key })) });
      for (const [n, key] of keys.entries()) {
        assertEquals(await t.read(key), t.access.row(key, n), JSON.stringify(key));
      }
    },
  },
  {
    name: "keys and watermarks may be called like what every object has",
    async run(t) {
      const lease = await t.lease();
      const names = ["__proto__", "constructor", "toString"];
      for (const turn of [1, 2]) await t.commit(lease, { outcomes: names.map((one) => t.done(one, one, { n: turn })) });
      for (const one of names) assertEquals(await t.read(one), t.access.row(one, 2), one);
      assertEquals(await t.read("hasOwnProperty"), undefined);
    },
  },
  {
    name: "hostile text comes back from the ledger as it was, a lone surrogate as U+FFFD",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      // Watermarks are unique, and come in order.
      const watermarks = HOSTILE.map((text, n) => `${n} ${text}`);
      await t.commit(lease, {
        outcomes: watermarks.map((watermark, n) =>
          t.failed(`a ${watermark}`, { kind: watermark, reason: watermark }, HOSTILE[n])
        ),
      });
      await t.commit(lease, {
        outcomes: watermarks.map((watermark, n) =>
          t.done(`b ${watermark}`, watermark, {
            n,
            rank: watermark,
            fingerprint: watermark,
            version: watermark,
            snapshot: watermark,
          })
        ),
      });
      const clean = watermarks.map((watermark) => watermark.toWellFormed());
      const failures = await t.store.failures();
      assertEquals(failures.map((one) => one.watermark), clean.map((one) => `a ${one}`));
      assertEquals(failures.map((one) => one.reason), clean);
      const ledger = Object.values(await t.ledger());
      assertEquals(
        ledger.filter((one) => one.outcome === "done").map((one) => [one.fingerprint, one.version]).sort(),
        clean.map((one) => [one, one]).sort(),
      );
      const asked = watermarks.map((watermark) => `b ${watermark}`);
      assertEquals([...await t.store.snapshots("source", asked)].sort(), asked.map((one, n) => [one, clean[n]]).sort());
    },
  },
  {
    name: "hostile text is found again: nothing is stored twice",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const watermarks = HOSTILE.map((text, n) => `${n} ${text}`);
      for (const turn of [1, 2]) {
        await t.commit(lease, { outcomes: watermarks.map((one) => t.done(one, one, { n: turn })) });
      }
      const [state] = await t.store.states();
      assertEquals([state?.done, state?.copies], [HOSTILE.length, 0]);
      await t.commit(lease, { gone: watermarks });
      assertEquals((await t.store.states())[0]?.gone, HOSTILE.length);
      const refreshed = watermarks.map((watermark) => ({ watermark, fingerprint: "f", location: watermark }));
      await t.commit(lease, { refreshed });
      assertEquals((await t.store.states())[0]?.gone, 0);
    },
  },
  {
    name: "what a caller does with a batch after the commit changes nothing",
    async run(t) {
      const lease = await t.lease();
      const outcomes = [t.done("a", "key", { n: 1 })];
      const row: unknown = outcomes[0]?.extraction?.row;
      await t.commit(lease, { outcomes });
      if (typeof row === "object" && row !== null) {
        for (const name of Object.keys(row)) Reflect.deleteProperty(row, name);
      }
      outcomes.length = 0;
      assertEquals(await t.read("key"), t.access.row("key", 1));
    },
  },
  {
    name: "a row that the store cannot take is refused, and the others are stored",
    needs: "badRow",
    async run(t) {
      const { outcomes } = await withBadRows(t);
      const { upserted, refused } = await t.commit(await t.lease(), { outcomes });
      assertEquals(upserted, 2);
      assertEquals(refused.map(({ watermark, failure }) => [watermark, failure.kind]), [["b", "refused"], [
        "d",
        "refused",
      ]]);
      assertNotEquals(refused[0]?.failure.reason, "");
      const rows = ["ka", "kb", "kc", "kd", "ke"].map(async (key) => await t.read(key));
      const row = t.access.row;
      assertEquals(await Promise.all(rows), [row("ka", 2), row("kb", 1), row("kc", 1), undefined, row("ke", 2)]);
      assertEquals((await t.store.states())[0]?.lastWatermark, "e");
    },
  },
  {
    name: "a row that the store cannot take is a failure like any other",
    needs: "badRow",
    about: ["ledger"],
    async run(t) {
      const { outcomes } = await withBadRows(t);
      await t.commit(await t.lease(), { outcomes });
      const failures = (await t.store.failures()).map((one) => [one.watermark, one.kind, one.attempts]);
      assertEquals(failures, [["b", "refused", 1], ["c", "empty", 1], ["d", "refused", 1]]);
      assertEquals((await t.ledger()).b?.fingerprint, "f2");
      assertEquals([...await t.store.snapshots("source", ["a", "b", "c", "d"])], []);
    },
  },
  {
    name: "another process sees what was committed",
    needs: "again",
    async run(t) {
      const lease = await t.lease();
      const outcomes = [
        t.done("a", "key", { n: 1, snapshot: "s" }),
        t.done("b", "key", { n: 2, rank: "low" }),
        t.failed("c", { transient: true }),
      ];
      await t.commit(lease, { outcomes });
      await t.commit(lease, { gone: ["a"] });
      const other = await t.again();
      assertEquals(await t.everything(["key"], other), await t.everything(["key"]));
    },
  },
  {
    name: "a lease that another process took over refuses the commits of the first",
    needs: "again",
    async run(t) {
      const first = await t.lease();
      const other = await t.again();
      t.now += t.leaseMs;
      const second = await t.lease("source", other);
      const error = await t.commit(first, { outcomes: [t.done("a", "key")] }).catch((error: unknown) => error);
      assert(error instanceof Error && error.name === "LeaseLostError", "the commit was not refused");
      await t.commit(second, { outcomes: [t.done("b", "other")] }, other);
      assertEquals([await t.read("key"), await t.read("other")], [undefined, t.access.row("other", 0)]);
    },
  },
];

/** Stores two rows, and makes a batch in which two of five outcomes have rows that cannot be stored. */
async function withBadRows(t: StoreFixture<unknown>): Promise<{ outcomes: Outcome<unknown>[] }> {
  assert(t.access.badRow);
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("b", "kb", { n: 1 }), t.done("c", "kc", { n: 1, snapshot: "s" })] });
  await t.store.release(lease);
  return {
    outcomes: [
      t.done("a", "ka", { n: 2 }),
      t.extracted("b", "kb", t.access.badRow("kb"), { fingerprint: "f2", snapshot: "s2" }),
      t.failed("c"),
      t.extracted("d", "kd", t.access.badRow("kd")),
      t.done("e", "ke", { n: 2 }),
    ],
  };
}
