/** How batches are cut out of what is due, and how often that is looked at. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { backfill } from "../../src/backfill.ts";
import { StoreError } from "../../src/errors.ts";
import type { BackfillEvent } from "../../src/events.ts";
import type { Item, Source } from "../../src/source.ts";
import makeExtractor from "./pool_plugins/extractor.ts";
import makeSource from "./pool_plugins/source.ts";

const COUNT = 1_000, LENGTH = 25_000;

/** Plugins whose rows take much memory, and whose items go on from snapshots. */
function plugins(fingerprint: string) {
  const module = (name: string) => new URL(`./pool_plugins/${name}`, import.meta.url).href;
  const source: Source = {
    id: "s",
    items: () =>
      Array.from({ length: COUNT }, (_, at) => {
        const watermark = `item-${String(at).padStart(5, "0")}`;
        return { watermark, fingerprint, location: `text ${at}`, size: LENGTH };
      }),
    open: makeSource().open,
    worker: { url: module("source.ts") },
  };
  const options = { length: LENGTH, snapshot: "so far" };
  return { source, extractor: { ...makeExtractor(options), worker: { url: module("extractor.ts"), options } } };
}

Deno.test("a store that could not find snapshots is asked for nothing more, and its failure is told once", async () => {
  const store = memoryStore<unknown>();
  await backfill<Item, unknown>({ ...plugins("1"), store, workers: 3 });
  const commit = store.commit.bind(store), calls: string[] = [], told: string[] = [];
  store.snapshots = () => {
    calls.push("snapshots");
    throw new StoreError("the connection is gone");
  };
  store.commit = (...given) => {
    calls.push("commit");
    return commit(...given);
  };
  const onEvent = (event: BackfillEvent) => event.type === "store_failed" && told.push(event.reason);
  await assertRejects(
    () => backfill<Item, unknown>({ ...plugins("2"), store, workers: 3, batchSize: 50, onEvent }),
    StoreError,
    "the connection is gone",
  );
  assertEquals([calls, told], [["snapshots"], ["the connection is gone"]]);
});

for (const workers of [1, 2]) {
  for (const batchSize of [10, 200, 1_000_000]) {
    Deno.test(`snapshots are read once and a few at a time, in batches of ${batchSize} with ${workers} threads`, async () => {
      const store = memoryStore<unknown>();
      await backfill<Item, unknown>({ ...plugins("1"), store, workers });
      const find = store.snapshots.bind(store), asked: number[] = [];
      store.snapshots = (source, watermarks) => {
        asked.push(watermarks.length);
        return find(source, watermarks);
      };
      const report = await backfill<Item, unknown>({ ...plugins("2"), store, workers, batchSize });
      assertEquals([report.status, report.upserted], ["complete", COUNT]);
      assertEquals(asked.reduce((sum, one) => sum + one, 0), COUNT);
      assert(Math.max(...asked) <= 200, `${Math.max(...asked)} were held at once`);
    });
  }

  Deno.test(`batches are as large as they were asked for where rows take little, with ${workers} threads`, async () => {
    const { source } = plugins("1"), store = memoryStore<unknown>();
    const extractor = {
      ...makeExtractor(),
      worker: { url: new URL("./pool_plugins/extractor.ts", import.meta.url).href },
    };
    const committed: number[] = [];
    await backfill<Item, unknown>({
      source,
      extractor,
      store,
      workers,
      batchSize: 450,
      onEvent: (event) => event.type === "committed" && committed.push(event.batch.scanned),
    });
    assertEquals(committed, [450, 450, 100]);
  });
}
