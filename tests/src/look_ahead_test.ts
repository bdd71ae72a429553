/** What worker threads begin before its turn, and how far that goes. Everything is counted, nothing is timed. */
import { assert, assertEquals } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillOptions } from "../../src/backfill_options.ts";
import { ShareQueue } from "../../src/pool/share_queue.ts";
import type { Item, Source } from "../../src/source.ts";
import type { Store } from "../../src/store.ts";
import { Counters } from "./pool_plugins/counting_source.ts";
import makeSource from "./pool_plugins/counting_source.ts";
import makeExtractor, { type ThreadedRow } from "./pool_plugins/extractor.ts";

const SOURCE = new URL("./pool_plugins/counting_source.ts", import.meta.url).href;
const EXTRACTOR = new URL("./pool_plugins/extractor.ts", import.meta.url).href;
const extractor = { ...makeExtractor(), worker: { url: EXTRACTOR } };
const MB = 1 << 20;

/** An item of a test: where it is says what it does. */
interface Part {
  readonly location: string;
  readonly size: number;
}

function sourceOf(parts: readonly Part[], counters: Counters): Source {
  const options = { shared: counters.shared };
  return {
    id: "counted",
    *items(): Generator<Item> {
      for (const [at, part] of parts.entries()) {
        yield { ...part, watermark: `item-${String(at).padStart(5, "0")}`, fingerprint: "1" };
      }
    },
    open: makeSource(options).open,
    worker: { url: SOURCE, options },
  };
}

function small(count: number): Part[] {
  return Array.from({ length: count }, (_, at) => ({ location: `text ${at}`, size: 100 }));
}

/** A store that keeps no texts, which may be long. */
function forgetful(store: Store<ThreadedRow>): Store<ThreadedRow> {
  const commit = store.commit.bind(store);
  store.commit = (lease, batch) => {
    const outcomes = batch.outcomes.map((one) =>
      one.extraction ? { ...one, extraction: { ...one.extraction, row: { text: "", onWorker: true } } } : one
    );
    return commit(lease, { ...batch, outcomes });
  };
  return store;
}

async function run(parts: readonly Part[], options: Partial<BackfillOptions<Item, ThreadedRow>> = {}) {
  const counters = new Counters(), store = memoryStore<ThreadedRow>();
  const report = await backfill({ source: sourceOf(parts, counters), extractor, store, workers: 2, ...options });
  return { report, text: (at: number) => store.row(`item-${String(at).padStart(5, "0")}`)?.text };
}

/** Counts the threads that are started while something is done. */
async function startedBy(work: (started: () => number) => Promise<unknown>): Promise<number> {
  const Original = globalThis.Worker;
  let started = 0;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      started++;
    }
  };
  try {
    await work(() => started);
  } finally {
    globalThis.Worker = Original;
  }
  return started;
}

Deno.test("while another thread reads a huge item of the first batch, the main one goes on with later batches", async () => {
  const { report, text } = await run([{ location: "wait 600", size: 90 * MB }, ...small(1_500)]);
  assertEquals([report.status, report.upserted, text(0)], ["complete", 1_501, "in time"]);
});

Deno.test("a huge item does not wait behind another while there is a thread that has nothing else to do", async () => {
  const parts = [{ location: "wait-for-signal", size: 90 * MB }, { location: "signal", size: 80 * MB }, ...small(500)];
  const { report, text } = await run(parts);
  assertEquals([report.status, report.upserted, text(0)], ["complete", 502, "in time"]);
});

Deno.test("how far the others go on is bounded", async () => {
  const { report, text } = await run([{ location: "settle", size: 90 * MB }, ...small(4_000)]);
  assertEquals([report.status, report.upserted], ["complete", 4_001]);
  const ahead = Number(text(0));
  assert(ahead >= 600 && ahead < 1_000, `${ahead} of 4000 were opened while the first batch was not committed`);
});

Deno.test("what comes before a huge item is committed while that is read", async () => {
  // The second batch is begun, and with it the huge item, while the first one is still extracted.
  const { report, text } = await run([...small(300), { location: "settle", size: 90 * MB }, ...small(4_000)]);
  assertEquals([report.status, report.upserted], ["complete", 4_301]);
  // Without a commit it would be the batch at hand and four others.
  assert(Number(text(300)) > 1_000, `${text(300)} were opened until nothing went on any more`);
});

Deno.test("a large item that is in reach is begun before the small ones before it", async () => {
  const parts = small(1_000);
  // The worker is asked for the large one and for 150 others; this is one of those that the main thread begins with.
  parts[160] = { location: "wait-for-signal", size: 100 };
  parts[350] = { location: "signal", size: 9 * MB };
  const { report, text } = await run(parts);
  assertEquals([report.status, report.upserted, text(160)], ["complete", 1_000, "in time"]);
  assert(Number(text(350)) <= 50, `${text(350)} of the 350 items before it were opened first`);
});

for (const [workers, least, most] of [[2, 21, 100], [4, 63, 200]] as const) {
  Deno.test(`outcomes that take much memory do not pile up while a batch is committed, with ${workers} threads`, async () => {
    const length = 100_000, parts = Array.from({ length: 600 }, () => ({ location: "text", size: length }));
    const counters = new Counters(), store = forgetful(memoryStore()), commit = store.commit.bind(store);
    let opened = 0;
    store.commit = async (lease, batch) => {
      // Until nothing more happens, and the first time only: it is then that most can pile up.
      while (opened === 0 && batch.outcomes.length > 0) {
        const before = counters.opened;
        await new Promise((resolve) => setTimeout(resolve, 250));
        if (before === counters.opened) opened = before;
      }
      return commit(lease, batch);
    };
    const long = { ...makeExtractor({ length }), worker: { url: EXTRACTOR, options: { length } } };
    const report = await backfill({
      source: sourceOf(parts, counters),
      extractor: long,
      store,
      workers,
      batchSize: 10,
    });
    assertEquals([report.status, report.upserted], ["complete", 600]);
    // 21 outcomes a worker are the limit; then come the batch itself, and what the threads had been asked for.
    assert(opened >= least && opened <= most, `${opened} of 600 were opened`);
  });
}

Deno.test("with threads, a batch is committed before it is whole once its outcomes take 128 KiB", async () => {
  const length = 2_000, parts = Array.from({ length: 1_000 }, (_, at) => ({ location: `text ${at}`, size: 20_000 }));
  const rows = { ...makeExtractor({ length }), worker: { url: EXTRACTOR, options: { length } } };
  for (const [workers, least, most] of [[2, 50, 150], [1, 200, 200]] as const) {
    const committed: number[] = [], store = memoryStore<ThreadedRow>(), commit = store.commit.bind(store);
    store.commit = (lease, batch) => {
      if (batch.outcomes.length > 0) committed.push(batch.outcomes.length);
      return commit(lease, batch);
    };
    const source = sourceOf(parts, new Counters());
    const report = await backfill({ source, extractor: rows, store, workers });
    assertEquals([report.status, report.upserted, report.lastWatermark], ["complete", 1_000, "item-00999"]);
    const largest = Math.max(...committed);
    assert(largest >= least && largest <= most, `${largest} of 200 were committed together by ${workers}`);
  }
});

for (const workers of [1, 2]) {
  Deno.test(`a batch whose outcomes take much memory is committed in parts, with ${workers} threads`, async () => {
    const length = 3_000_000, parts = Array.from({ length: 600 }, () => ({ location: "text", size: 100 }));
    for (let at = 0; at < 20; at++) parts[at] = { location: `long ${at}`, size: 1 << 20 };
    const counters = new Counters(), store = forgetful(memoryStore()), commit = store.commit.bind(store);
    const committed: number[] = [];
    store.commit = (lease, batch) => {
      committed.push(batch.outcomes.filter(({ location }) => location.startsWith("long")).length);
      return commit(lease, batch);
    };
    const options = { length, only: "long" };
    const long = { ...makeExtractor(options), worker: { url: EXTRACTOR, options } };
    const report = await backfill({ source: sourceOf(parts, counters), extractor: long, store, workers });
    assertEquals([report.status, report.upserted, report.lastWatermark], ["complete", 600, "item-00599"]);
    // One is more than may wait.
    assert(Math.max(...committed) === 1, committed.join());
  });
}

Deno.test("a thread whose outcomes take much memory is asked for the rest of a share again", async () => {
  const length = 300_000, count = 600, options = { length };
  const long = { ...makeExtractor(options), worker: { url: EXTRACTOR, options } };
  const store = memoryStore<ThreadedRow>(), commit = store.commit.bind(store);
  const onWorker: boolean[] = [], told: string[] = [];
  store.commit = (lease, batch) => {
    for (const { extraction } of batch.outcomes) if (extraction) onWorker.push(extraction.row.onWorker);
    return commit(lease, { ...batch, outcomes: [] });
  };
  // Of which nothing is known beforehand: fifty of them are a share.
  const parts = Array.from({ length: count }, (_, at) => ({ location: `text ${at}`, size: 0 }));
  const { report } = await run(parts, {
    extractor: long,
    store,
    onEvent: ({ type }) => told.push(type),
  });
  assertEquals([report.status, onWorker.length, told.includes("worker_failed")], ["complete", count, false]);
  assert(onWorker.slice(count / 2).includes(true), "no thread was asked for more");
});

Deno.test("shares go together once little came of others, and do not where much does", async () => {
  const original = ShareQueue.prototype.takeForWorker;
  for (const [length, together] of [[10, true], [300_000, false]] as const) {
    const largest = { bytes: 0 }, counters = new Counters();
    ShareQueue.prototype.takeForWorker = function (...args) {
      const taken = original.apply(this, args);
      largest.bytes = Math.max(largest.bytes, taken?.share.bytes ?? 0);
      return taken;
    };
    try {
      const parts = Array.from({ length: 900 }, (_, at) => ({ location: `text ${at}`, size: 300 << 10 }));
      const watermarks: (string | null)[] = [];
      const report = await backfill({
        source: sourceOf(parts, counters),
        extractor: { ...makeExtractor({ length }), worker: { url: EXTRACTOR, options: { length } } },
        store: forgetful(memoryStore()),
        workers: 2,
        onEvent: (event) => event.type === "committed" && watermarks.push(event.batch.watermark),
      });
      assertEquals([report.status, report.upserted, counters.opened], ["complete", 900, 900]);
      assertEquals(watermarks, watermarks.toSorted());
      assertEquals(watermarks.at(-1), "item-00899");
      assertEquals(largest.bytes > MB, together, `${largest.bytes} bytes at once`);
    } finally {
      ShareQueue.prototype.takeForWorker = original;
    }
  }
});

Deno.test("threads are started while the source is still listed, if a first pass will need them", async () => {
  const counters = new Counters(), store = memoryStore<ThreadedRow>();
  let whenListed = 0;
  const count = await startedBy(async (started) => {
    const source = sourceOf(small(2_000), counters);
    await backfill({
      source: {
        ...source,
        *items(options): Generator<Item> {
          yield* source.items(options) as Iterable<Item>;
          whenListed = started();
        },
      },
      extractor,
      store,
      workers: 2,
    });
  });
  assertEquals([whenListed, count], [1, 1]);
});

Deno.test("no more threads are started than four a core, however many are asked for", async () => {
  const started = await startedBy(() => run(small(1_000), { workers: 1_000 }));
  assertEquals(started, 4 * navigator.hardwareConcurrency - 1);
});

Deno.test("no thread is started for a run that has nothing or little to do", async () => {
  const counters = new Counters(), store = memoryStore<ThreadedRow>(), parts = small(2_000);
  const go = () => backfill({ source: sourceOf(parts, counters), extractor, store, workers: 2 });
  await go();
  assertEquals(await startedBy(async () => assertEquals((await go()).skipped, 2_000)), 0);
  parts.push(...small(3));
  assertEquals(await startedBy(async () => assertEquals((await go()).upserted, 3)), 0);
  parts.push(...small(2_000));
  assertEquals(await startedBy(async () => assertEquals((await go()).upserted, 2_000)), 1);
});
