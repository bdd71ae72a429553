/**
 * The store suite: the ledger, failures, snapshots and the watermark.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { StoreCase } from "./fixture.ts";

/** What must hold of the ledger. */
export const ledgerCases: readonly StoreCase[] = [
  {
    name: "the ledger knows what came of each item",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const outcomes = [
        t.done("a", "key", { fingerprint: "fa", version: "v2" }),
        t.failed("b", {}, "fb"),
        t.failed("c", { transient: true }, "fc"),
      ];
      assertEquals(await t.commit(lease, { outcomes }), { upserted: 1, refused: [] });
      const known = { transient: false, gone: false } as const;
      assertEquals(await t.ledger(), {
        a: { watermark: "a", fingerprint: "fa", version: "v2", outcome: "done", ...known },
        b: { watermark: "b", fingerprint: "fb", version: "v1", outcome: "failed", ...known },
        c: { watermark: "c", fingerprint: "fc", version: "v1", outcome: "failed", ...known, transient: true },
      });
    },
  },
  {
    name: "a later outcome replaces the earlier one",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("a", "ka"), t.failed("b", { transient: true })] });
      await t.commit(lease, {
        outcomes: [t.failed("a", {}, "f2"), t.done("b", "kb", { fingerprint: "f2", version: "v2" })],
      });
      const { a, b } = await t.ledger();
      assertEquals([a?.outcome, a?.fingerprint, a?.transient], ["failed", "f2", false]);
      assertEquals([b?.outcome, b?.fingerprint, b?.version, b?.transient], ["done", "f2", "v2", false]);
      assertEquals((await t.store.failures()).map(({ watermark }) => watermark), ["a"]);
    },
  },
  {
    name: "attempts count the tries in vain since the last success",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const attempts = async () => (await t.store.failures()).map((failure) => failure.attempts);
      await t.commit(lease, { outcomes: [t.failed("a")] });
      assertEquals(await attempts(), [1]);
      await t.commit(lease, { outcomes: [t.failed("a", { kind: "other" }, "f2")] });
      assertEquals(await attempts(), [2]);
      await t.commit(lease, { outcomes: [t.done("a", "key")] });
      assertEquals(await attempts(), []);
      await t.commit(lease, { outcomes: [t.failed("a")] });
      assertEquals(await attempts(), [1]);
    },
  },
  {
    name: "failures say what is known of them",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.failed("a", { kind: "k", reason: "first" })] });
      t.now += 5;
      await t.commit(lease, { outcomes: [t.failed("a", { kind: "k2", reason: "second", transient: true })] });
      const failedAt = t.now;
      t.now += 5;
      await t.commit(lease, { gone: ["a"] });
      const failure = { kind: "k2", reason: "second", transient: true };
      assertEquals(await t.store.failures(), [
        { source: "source", watermark: "a", location: "/at/a", ...failure, attempts: 2, failedAt, gone: true },
      ]);
    },
  },
  {
    name: "failures come in order of source and watermark, by code point, and can be asked of one source",
    about: ["ledger", "sources"],
    async run(t) {
      for (const source of ["s-😀", "s-\uff61"]) {
        const lease = await t.lease(source);
        await t.commit(lease, { outcomes: ["a\uff61", "a😀", "b"].map((watermark) => t.failed(watermark)) });
      }
      const places = (await t.store.failures()).map(({ source, watermark }) => `${source} ${watermark}`);
      const of = (source: string) => [`${source} a\uff61`, `${source} a😀`, `${source} b`];
      assertEquals(places, [...of("s-\uff61"), ...of("s-😀")]);
      const some = (await t.store.failures("s-😀")).map(({ source, watermark }) => `${source} ${watermark}`);
      assertEquals(some, of("s-😀"));
      assertEquals(await t.store.failures("nowhere"), []);
    },
  },
  {
    name: "an item that went is marked, and unmarked when it gives an outcome again",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("a", "ka"), t.failed("b"), t.done("c", "kc")] });
      await t.commit(lease, { gone: ["a", "b"] });
      const gone = async () => Object.values(await t.ledger()).filter((one) => one.gone).map((one) => one.watermark);
      assertEquals(await gone(), ["a", "b"]);
      assertEquals(await t.read("ka"), t.access.row("ka", 0));
      await t.commit(lease, { outcomes: [t.failed("a"), t.done("b", "kb")] });
      assertEquals(await gone(), []);
    },
  },
  {
    name: "an item that only looks different gets its new fingerprint, is no longer gone, and keeps the rest",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, { outcomes: [t.done("a", "key", { n: 1, snapshot: "s" }), t.failed("b")] });
      await t.commit(lease, { gone: ["a", "b"] });
      const looks = (watermark: string) => ({ watermark, fingerprint: "f2", location: `/at/${watermark}` });
      await t.commit(lease, { refreshed: [looks("a"), looks("b")] });
      const { a, b } = await t.ledger();
      assertEquals([a?.fingerprint, a?.gone, a?.outcome, a?.version], ["f2", false, "done", "v1"]);
      assertEquals([b?.fingerprint, b?.gone, b?.outcome], ["f2", false, "failed"]);
      assertEquals(await t.read("key"), t.access.row("key", 1));
      assertEquals([...await t.store.snapshots("source", ["a"])], [["a", "s"]]);
      assertEquals((await t.store.failures()).map(({ attempts }) => attempts), [1]);
    },
  },
  {
    name: "an item is where it was last seen, whether it failed again or only looked different",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const places = async () => (await t.store.failures()).map(({ location }) => location);
      await t.commit(lease, { outcomes: [t.failed("a"), t.failed("b")] });
      assertEquals(await places(), ["/at/a", "/at/b"]);
      await t.commit(lease, { outcomes: [{ ...t.failed("a"), location: "/moved/a" }] });
      await t.commit(lease, { refreshed: [{ watermark: "b", fingerprint: "f1", location: "/moved/b" }] });
      assertEquals(await places(), ["/moved/a", "/moved/b"]);
    },
  },
  {
    name: "an item that the ledger does not know can neither go nor look different",
    async run(t) {
      const lease = await t.lease();
      await t.commit(lease, {
        gone: ["a"],
        refreshed: [{ watermark: "b", fingerprint: "f", location: "/b" }],
      });
      assertEquals(await t.ledger(), {});
    },
  },
  {
    name: "snapshots are those of the last extractions",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const snapshots = async () => Object.fromEntries(await t.store.snapshots("source", ["a", "b", "c", "unknown"]));
      const outcomes = [t.done("a", "ka", { snapshot: "1" }), t.done("b", "kb"), t.done("c", "kc", { snapshot: "3" })];
      await t.commit(lease, { outcomes });
      assertEquals(await snapshots(), { a: "1", c: "3" });
      await t.commit(lease, { outcomes: [t.done("a", "ka", { snapshot: "1b" }), t.done("c", "kc")] });
      assertEquals(await snapshots(), { a: "1b" });
      await t.commit(lease, { outcomes: [t.failed("a")] });
      assertEquals(await snapshots(), {});
      assertEquals([...await t.store.snapshots("nowhere", ["a"])], []);
    },
  },
  {
    name: "many snapshots can be asked for at once",
    about: ["ledger"],
    async run(t) {
      const lease = await t.lease();
      const names = Array.from({ length: 501 }, (_, n) => `w${String(n).padStart(4, "0")}`);
      await t.commit(lease, { outcomes: names.map((name) => t.done(name, name, { snapshot: `s ${name}` })) });
      assertEquals([...await t.store.snapshots("source", names)].sort(), names.map((name) => [name, `s ${name}`]));
      assertEquals(Object.keys(await t.ledger()), names);
    },
  },
  {
    name: "sources have ledgers of their own",
    about: ["ledger", "sources"],
    async run(t) {
      const a = await t.lease("a"), b = await t.lease("A");
      await t.commit(a, { outcomes: [t.done("w", "ka", { fingerprint: "fa", snapshot: "sa" })] });
      await t.commit(b, { outcomes: [t.failed("w", {}, "fb")] });
      await t.commit(b, { gone: ["w"] });
      assertEquals((await t.store.states()).map(({ source }) => source), ["A", "a"]);
      const entries = [(await t.ledger("a")).w, (await t.ledger("A")).w];
      assertEquals(entries.map((one) => [one?.fingerprint, one?.outcome, one?.gone]), [
        ["fa", "done", false],
        ["fb", "failed", true],
      ]);
      assertEquals([...await t.store.snapshots("A", ["w"])], []);
      assertEquals(await t.ledger("nowhere"), {});
    },
  },
  {
    name: "the watermark never goes down, by code point, and null leaves it",
    async run(t) {
      const lease = await t.lease();
      const after = async (watermark: string | null) => {
        await t.commit(lease, { watermark });
        return (await t.store.states())[0]?.lastWatermark;
      };
      assertEquals(await after(null), null);
      assertEquals(await after(""), "");
      assertEquals(await after("b"), "b");
      assertEquals(await after("a"), "b");
      assertEquals(await after(null), "b");
      assertEquals(await after("ba"), "ba");
      // Above in UTF-16 units is below in code points.
      assertEquals(await after("c😀"), "c😀");
      assertEquals(await after("c\uff61"), "c😀");
      await t.store.complete(lease, t.now);
      assertEquals((await t.store.states())[0]?.lastWatermark, "c😀");
      assertEquals(await after("a"), "c😀");
    },
  },
  {
    name: "states come in order of source and count what the ledger holds",
    about: ["ledger", "sources"],
    async run(t) {
      const b = await t.lease("b\uff61"), c = await t.lease("b😀"), a = await t.lease("a");
      await t.commit(b, {
        outcomes: [t.done("1", "k"), t.done("2", "k"), t.done("3", "k3"), t.failed("4"), t.failed("5")],
      });
      await t.commit(b, { gone: ["2", "3", "5"] });
      await t.commit(c, { outcomes: [t.done("1", "kc")] });
      await t.store.release(a);
      const counts = (await t.store.states()).map(({ source, done, failed, gone, copies }) => (
        { source, done, failed, gone, copies }
      ));
      assertEquals(counts, [
        { source: "a", done: 0, failed: 0, gone: 0, copies: 0 },
        { source: "b\uff61", done: 3, failed: 2, gone: 3, copies: 0 },
        { source: "b😀", done: 1, failed: 0, gone: 0, copies: 0 },
      ]);
    },
  },
  {
    name: "copies are counted as in the states, by a store that counts them",
    about: ["copies", "sources"],
    async run(t) {
      const { store } = t, a = await t.lease("a"), b = await t.lease("b");
      await t.commit(a, { outcomes: [t.done("1", "k"), t.done("2", "k"), t.done("3", "k"), t.done("4", "k4")] });
      await t.commit(a, { gone: ["1"] });
      await t.commit(b, { outcomes: [t.done("1", "k"), t.done("2", "k2")] });
      if (!store.countCopies) return;
      for (const { source, copies } of await store.states()) assertEquals(await store.countCopies(source), copies);
      assertEquals(await store.countCopies("a") + await store.countCopies("b"), 2);
      assertEquals(await store.countCopies("nowhere"), 0);
    },
  },
];
