import { assertEquals, assertRejects } from "@std/assert";
import { type MemoryStore, memoryStore } from "../../plugins/store_memory.ts";
import type { Store } from "../../src/store.ts";
import { StoreFixture } from "../../src/testing/fixture.ts";
import { testStore } from "../../src/testing/mod.ts";

type Row = {
  readonly key: string;
  readonly n: number;
  readonly inner: { readonly list: readonly (number | bigint)[] };
};

const stores = new WeakMap<Store<Row>, MemoryStore<Row>>();

testStore<Row>("memoryStore", {
  open() {
    const store = memoryStore<Row>();
    stores.set(store, store);
    return store;
  },
  row: (key, n) => ({ key, n, inner: { list: [n, 2n ** 70n] } }),
  read: (store, key) => stores.get(store)?.row(key),
  badRow: (key) => Object.assign({ key, n: 0, inner: { list: [] } }, { cannotBeCloned: () => {} }),
});

Deno.test("memoryStore: rows() gives every row, row() one, and they cannot be changed from outside", async () => {
  await using store = memoryStore<{ n: number }>();
  const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
  const claim = store.claim({ source: "s", owner, leaseMs: 10, at: 0 });
  if (!("granted" in claim) || !claim.granted) throw new Error("not granted");
  const counts = { rank: "", records: 0, malformed: 0, unknown: {}, bytesRead: 0 };
  const outcomes = ["a", "b"].map((key, n) => ({
    watermark: key,
    fingerprint: "",
    location: "",
    version: "",
    extraction: { key, row: { n }, ...counts },
  }));
  store.commit(claim.lease, { outcomes, gone: [], refreshed: [], watermark: null, at: 0 });
  for (const row of store.rows().values()) row.n = 99;
  Object.assign(store.row("a") ?? {}, { n: 99 });
  assertEquals([...store.rows()], [["a", { n: 0 }], ["b", { n: 1 }]]);
});

Deno.test("memoryStore: a commit in which relocate throws changes nothing", async () => {
  const relocate = (row: string, location: string) => {
    if (location === "/moved/b") throw new Error("cannot move");
    return `${row} at ${location}`;
  };
  await using store = memoryStore<string>({ relocate });
  const t = new StoreFixture<string>(
    { open: () => store, row: (key, n) => `${key} ${n}`, read: () => undefined },
    store,
  );
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("a", "ka"), t.done("b", "kb")] });
  const all = async () => [[...store.rows()], await t.ledger(), store.failures()];
  const before = await all();
  const refreshed = ["a", "b"].map((watermark) => ({ watermark, fingerprint: "f2", location: `/moved/${watermark}` }));
  await assertRejects(() => t.commit(lease, { outcomes: [t.done("c", "kc")], refreshed }), Error, "cannot move");
  assertEquals(await all(), before);
});

Deno.test("memoryStore: relocate makes the row of an item that was moved", async () => {
  await using store = memoryStore<string>({ relocate: (row, location) => `${row} at ${location}` });
  const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
  const claim = await store.claim({ source: "s", owner, leaseMs: 10, at: 0 });
  if (!claim.granted) throw new Error("not granted");
  const extraction = { key: "k", row: "row", rank: "", records: 0, malformed: 0, unknown: {}, bytesRead: 0 };
  const outcomes = [{ watermark: "w", fingerprint: "1", location: "here", version: "", extraction }];
  const batch = { outcomes: [], gone: [], refreshed: [], watermark: null, at: 0 };
  await store.commit(claim.lease, { ...batch, outcomes });
  await store.commit(claim.lease, { ...batch, refreshed: [{ watermark: "w", fingerprint: "2", location: "here" }] });
  assertEquals(store.row("k"), "row");
  await store.commit(claim.lease, { ...batch, refreshed: [{ watermark: "w", fingerprint: "2", location: "there" }] });
  assertEquals(store.row("k"), "row at there");
});
