/**
 * The store suite: rows, and which of several items gives one.
 *
 * @module
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import type { StoreCase } from "./fixture.ts";

/** What must hold of rows. */
export const rowCases: readonly StoreCase[] = [
  {
    name: "a row is kept as it was given",
    async run(t) {
      const lease = await t.lease();
      const row = t.access.row("key", 1);
      await t.commit(lease, { outcomes: [t.done("a", "key", { n: 1 }), t.done("b", "other", { n: 2 })] });
      assertEquals(await t.read("key"), row);
      assertNotEquals(row, t.access.row("key", 2), "row() must make another row of another n");
      assertEquals(await t.read("other"), t.access.row("other", 2));
      assertEquals(await t.read("unknown"), undefined);
    },
  },
  {
    name: "a later extraction of an item replaces its row; a failure leaves it",
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("a", "key", { n: 1 })] });
      await t.commit(lease, { outcomes: [t.done("a", "key", { n: 2 })] });
      assertEquals(await t.read("key"), t.access.row("key", 2));
      await t.commit(lease, { outcomes: [t.failed("a")] });
      assertEquals(await t.read("key"), t.access.row("key", 2));
    },
  },
  {
    name: "of several items the highest rank gives the row, whatever the order in which they come",
    async run(t) {
      const lease = await t.lease();
      // By UTF-16 unit the emoji would come before U+FF61.
      const ranks = ["a\uff61", "a😀", "a"];
      const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
      for (const [turn, order] of orders.entries()) {
        const key = `key${turn}`;
        const outcomes = order.map((n) => t.done(`${turn}/${n}`, key, { n, rank: ranks[n] ?? "" }));
        if (turn % 2 === 0) await t.commit(lease, { outcomes });
        else for (const outcome of outcomes) await t.commit(lease, { outcomes: [outcome] });
        assertEquals(await t.read(key), t.access.row(key, 1), `order ${order}`);
      }
    },
  },
  {
    name: "items that are there and do not give the row of their key are counted as copies",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: ["1", "3", "2"].map((rank) => t.done(`w${rank}`, "key", { rank })) });
      assertEquals((await t.store.states())[0]?.copies, 2);
      await t.commit(lease, { gone: ["w2"] });
      assertEquals((await t.store.states())[0]?.copies, 1);
    },
  },
  {
    name: "among equal ranks the highest watermark gives the row, by code point",
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w😀", "key", { n: 1 })] });
      await t.commit(lease, { outcomes: [t.done("w\uff61", "key", { n: 2 })] });
      assertEquals(await t.read("key"), t.access.row("key", 1));
      await t.commit(lease, { outcomes: [t.done("x", "key", { n: 3 })] });
      assertEquals(await t.read("key"), t.access.row("key", 3));
    },
  },
  {
    name: "copies are listed with the item that gives the row, by a store that lists them",
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [1, 2, 3].map((n) => t.done(`w${n}`, "key", { n, rank: `${n % 3}` })) });
      await t.commit(lease, { outcomes: [t.done("other", "another key", { n: 4 })], gone: ["w3"] });
      if (!t.store.copies) return;
      const { source } = lease;
      assertEquals(await t.store.copies(source), [
        { source, watermark: "w1", key: "key", givenBy: "w2", givenBySource: source, gone: false },
        { source, watermark: "w3", key: "key", givenBy: "w2", givenBySource: source, gone: true },
      ]);
      assertEquals(await t.store.copies(), await t.store.copies(source));
      assertEquals(await t.store.copies(`${source}?`), []);
    },
  },
  {
    name: "a copy of a row that another source gives is listed with that source, by a store that lists copies",
    about: ["copies", "sources"],
    async run(t) {
      const a = await t.lease("a"), b = await t.lease("b");
      await t.commit(a, { outcomes: [t.done("w1", "key", { n: 1, rank: "1" })] });
      await t.commit(b, { outcomes: [t.done("w2", "key", { n: 2, rank: "2" })] });
      assertEquals(await t.read("key"), t.access.row("key", 2));
      if (!t.store.copies) return;
      assertEquals(await t.store.copies("a"), [
        { source: "a", watermark: "w1", key: "key", givenBy: "w2", givenBySource: "b", gone: false },
      ]);
      assertEquals(await t.store.copies("b"), []);
    },
  },
  {
    name: "a copy that fails later stays one, for it holds what it held",
    about: ["ledger", "copies"],
    async run(t) {
      const lease = await t.lease(), { source } = lease;
      await t.commit(lease, { outcomes: [1, 2].map((n) => t.done(`w${n}`, "key", { n, rank: `${n}` })) });
      await t.commit(lease, { outcomes: [t.failed("w1")] });
      assertEquals((await t.store.states())[0]?.copies, 1);
      assertEquals(await t.store.countCopies?.(source) ?? 1, 1);
      if (!t.store.copies) return;
      assertEquals(await t.store.copies(source), [
        { source, watermark: "w1", key: "key", givenBy: "w2", givenBySource: source, gone: false },
      ]);
    },
  },
  {
    name: "an item whose rank falls below another's hands the row over; a copy that rises takes it",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, {
        outcomes: [t.done("w1", "key", { n: 1, rank: "5" }), t.done("w2", "key", { n: 2, rank: "7" })],
      });
      await t.commit(lease, { outcomes: [t.done("w2", "key", { n: 3, rank: "3" })] });
      assertEquals(await t.read("key"), t.access.row("key", 1));
      await t.commit(lease, { outcomes: [t.done("w2", "key", { n: 4, rank: "9" })] });
      assertEquals(await t.read("key"), t.access.row("key", 4));
      await t.commit(lease, { outcomes: [t.done("w1", "key", { n: 5, rank: "6" })] });
      assertEquals(await t.read("key"), t.access.row("key", 4));
      await t.commit(lease, { gone: ["w2"] });
      assertEquals(await t.read("key"), t.access.row("key", 5), "a copy that was extracted again is the later one");
    },
  },
  {
    name: "an item that is about another key hands the old one over",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w1", "old", { n: 1 }), t.done("w2", "old", { n: 2 })] });
      await t.commit(lease, { outcomes: [t.done("w2", "new", { n: 3 })] });
      assertEquals([await t.read("old"), await t.read("new")], [t.access.row("old", 1), t.access.row("new", 3)]);
      assertEquals((await t.store.states())[0]?.copies, 0);
      await t.commit(lease, { gone: ["w1"] });
      assertEquals(await t.read("old"), t.access.row("old", 1));
    },
  },
  {
    name: "a row whose only item is about another key stays until an item claims it again",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w2", "old", { n: 1, rank: "9" })] });
      await t.commit(lease, { outcomes: [t.done("w2", "new", { n: 2, rank: "9" })] });
      assertEquals(await t.read("old"), t.access.row("old", 1));
      await t.commit(lease, { outcomes: [t.done("w1", "old", { n: 3, rank: "1" })] });
      assertEquals(await t.read("old"), t.access.row("old", 3));
      await t.commit(lease, { outcomes: [t.done("w2", "old", { n: 4, rank: "9" })] });
      assertEquals([await t.read("old"), await t.read("new")], [t.access.row("old", 4), t.access.row("new", 2)]);
    },
  },
  {
    name: "a copy that is about another key now is no copy of the old one",
    about: ["copies"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("w1", "old", { n: 1 }), t.done("w2", "old", { n: 2 })] });
      await t.commit(lease, { outcomes: [t.done("w1", "new", { n: 3 })] });
      assertEquals((await t.store.states())[0]?.copies, 0);
      await t.commit(lease, { gone: ["w2"] });
      assertEquals(await t.read("old"), t.access.row("old", 2));
    },
  },
  {
    name: "items of several sources may claim one key",
    about: ["copies", "sources"],
    async run(t) {
      const a = await t.lease("a"), b = await t.lease("b");
      await t.commit(b, { outcomes: [t.done("w", "key", { n: 1, rank: "1" })] });
      await t.commit(a, { outcomes: [t.done("w", "key", { n: 2, rank: "2" })] });
      assertEquals(await t.read("key"), t.access.row("key", 2));
      assertEquals((await t.store.states()).map(({ copies }) => copies), [0, 1]);
      await t.commit(a, { outcomes: [t.done("w", "key", { n: 3, rank: "1" })] });
      assertEquals(await t.read("key"), t.access.row("key", 1), "among equals the highest source");
      await t.commit(b, { gone: ["w"] });
      assertEquals(await t.read("key"), t.access.row("key", 3));
    },
  },
];
