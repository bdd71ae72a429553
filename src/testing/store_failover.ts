/**
 * The store suite: who gives a row once the item that gave it goes, fails or comes back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { StoreCase } from "./fixture.ts";

/** What must hold of rows whose items go, fail or come back. */
export const failoverCases: readonly StoreCase[] = [
  {
    name: "when the item that gives a row goes, the next best gives it, and gives it back",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      const outcomes = [1, 2, 3].map((n) => t.done(`w${n}`, "key", { n, rank: `${n}` }));
      await t.commit(lease, { outcomes });
      const after = async (part: Parameters<typeof t.commit>[1]) => {
        await t.commit(lease, part);
        return await t.read("key");
      };
      const back = (watermark: string) => ({
        refreshed: [{ watermark, fingerprint: "f1", location: `/at/${watermark}` }],
      });
      assertEquals(await after({ gone: ["w3"] }), t.access.row("key", 2));
      assertEquals(await after({ gone: ["w1"] }), t.access.row("key", 2));
      assertEquals(await after({ gone: ["w2"] }), t.access.row("key", 2), "what is gone takes no row over");
      assertEquals((await t.store.states())[0]?.copies, 0, "what is gone is in nobody's way");
      assertEquals(await after(back("w1")), t.access.row("key", 1));
      assertEquals(await after(back("w3")), t.access.row("key", 3));
      assertEquals(await after({ outcomes: [t.done("w2", "key", { n: 4, rank: "4" })] }), t.access.row("key", 4));
      assertEquals((await t.store.states())[0]?.copies, 2);
    },
  },
  {
    name: "a row whose items are all gone stays that of the one that gave it last, whatever the others held",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      const moved = (key: string) => [
        t.done(`${key} before`, key, { n: 1, rank: "2" }),
        t.done(`${key} after`, key, { n: 2, rank: "1" }),
      ];
      await t.commit(lease, { outcomes: moved("one by one").slice(0, 1) });
      await t.commit(lease, { gone: ["one by one before"] });
      await t.commit(lease, { outcomes: moved("one by one").slice(1) });
      await t.commit(lease, { gone: ["one by one after"] });
      assertEquals(await t.read("one by one"), t.access.row("one by one", 2));
      await t.commit(lease, { outcomes: moved("at once") });
      await t.commit(lease, { gone: ["at once before", "at once after"] });
      assertEquals(await t.read("at once"), t.access.row("at once", 1));
      assertEquals((await t.store.states())[0]?.copies, 0);
    },
  },
  {
    name: "a row that its item left is taken over only by one that is there",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w1", "old", { n: 1 }), t.done("w2", "old", { n: 2 })] });
      await t.commit(lease, { gone: ["w1"] });
      await t.commit(lease, { outcomes: [t.done("w2", "new", { n: 3 })] });
      assertEquals(await t.read("old"), t.access.row("old", 2));
      await t.commit(lease, { refreshed: [{ watermark: "w1", fingerprint: "f1", location: "/at/w1" }] });
      assertEquals(await t.read("old"), t.access.row("old", 1));
    },
  },
  {
    name:
      "an item that fails for good hands its row over to one that can be read, and takes it back when it can be again",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      const after = async (part: Parameters<typeof t.commit>[1]) => {
        await t.commit(lease, part);
        return await t.read("key");
      };
      const outcomes = [t.done("w1", "key", { n: 1, rank: "1" }), t.done("w2", "key", { n: 2, rank: "2" })];
      assertEquals(await after({ outcomes }), t.access.row("key", 2));
      assertEquals(await after({ outcomes: [t.failed("w2")] }), t.access.row("key", 1));
      assertEquals((await t.store.states())[0]?.copies, 1, "what it gave is a copy");
      assertEquals(await after({ outcomes: [t.done("w1", "key", { n: 3, rank: "1" })] }), t.access.row("key", 3));
      assertEquals(
        await after({ outcomes: [t.failed("w1")] }),
        t.access.row("key", 2),
        "of those that failed the best",
      );
      assertEquals(await after({ outcomes: [t.done("w1", "key", { n: 4, rank: "1" })] }), t.access.row("key", 4));
      assertEquals(await after({ gone: ["w1"] }), t.access.row("key", 2), "what failed is there, what is gone is not");
      assertEquals(await after({ outcomes: outcomes.slice(0, 1) }), t.access.row("key", 1));
      assertEquals(await after({ outcomes: outcomes.slice(1) }), t.access.row("key", 2));
    },
  },
  {
    name: "a failure that may pass by itself changes nothing of who gives a row",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      const passing = { transient: true }, again = [t.done("w0", "key", { n: 0, rank: "0" })];
      await t.commit(lease, { outcomes: [1, 2].map((n) => t.done(`w${n}`, "key", { n, rank: `${n}` })) });
      for (const [failure, n] of [[passing, 2], [passing, 2], [{}, 1], [passing, 1], [passing, 1]] as const) {
        await t.commit(lease, { outcomes: [t.failed("w2", failure)] });
        await t.commit(lease, { outcomes: again });
        assertEquals(await t.read("key"), t.access.row("key", n));
        assertEquals((await t.ledger()).w2?.transient ?? false, failure === passing);
      }
      await t.commit(lease, { outcomes: [t.done("w2", "key", { n: 3, rank: "2" })] });
      await t.commit(lease, { outcomes: [t.failed("w2", passing)] });
      await t.commit(lease, { outcomes: again });
      assertEquals(await t.read("key"), t.access.row("key", 3));
    },
  },
  {
    name: "an item that comes back as a failure that may pass gives its last row again",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w1", "key", { n: 1 }), t.done("w2", "key", { n: 2 })] });
      await t.commit(lease, { gone: ["w2"] });
      assertEquals(await t.read("key"), t.access.row("key", 1));
      await t.commit(lease, { outcomes: [t.failed("w2", { transient: true })] });
      assertEquals(await t.read("key"), t.access.row("key", 2));
    },
  },
];
