import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillOptions } from "../../src/backfill_options.ts";
import { LeaseLostError, StoreError } from "../../src/errors.ts";
import type { Extractor } from "../../src/extractor.ts";
import type { Item, Source } from "../../src/source.ts";
import { denoRun } from "../child.ts";
import { TemporaryHome } from "../home.ts";
import makeExtractor, { type ThreadedRow } from "./pool_plugins/extractor.ts";
import makeSource from "./pool_plugins/source.ts";

const SOURCE = new URL("./pool_plugins/source.ts", import.meta.url).href;
const EXTRACTOR = new URL("./pool_plugins/extractor.ts", import.meta.url).href;

/** A source of many items of very different sizes, which names a module for worker threads. */
function source(count: number, options?: object): Source {
  return {
    id: "pool",
    items: () =>
      Array.from({ length: count }, (_, at) => {
        const watermark = `item-${String(at).padStart(5, "0")}`;
        const location = at % 10 === 3 ? `bad ${at}` : `text ${at}`;
        return { watermark, fingerprint: "1", location, size: at % 7 === 0 ? 20 << 20 : at };
      }),
    open: makeSource().open,
    worker: { url: SOURCE, options },
  };
}

function extractor(more: Partial<Extractor<Item, ThreadedRow>> = {}): Extractor<Item, ThreadedRow> {
  return { ...makeExtractor(), worker: { url: EXTRACTOR }, ...more };
}

async function run(options: Partial<BackfillOptions<Item, ThreadedRow>> = {}) {
  const store = memoryStore<ThreadedRow>(), watermarks: (string | null)[] = [];
  const report = await backfill({
    source: source(1000),
    extractor: extractor(),
    store,
    workers: 3,
    onEvent: (event) => event.type === "committed" && watermarks.push(event.batch.watermark),
    ...options,
  });
  const rows = new Map(store.rows());
  const threads = new Set([...rows.values()].map(({ onWorker }) => onWorker));
  return { report, rows, threads, watermarks, store };
}

Deno.test("backfill() extracts on every thread and commits in order", async () => {
  const { report, rows, threads, watermarks, store } = await run();
  assertEquals([report.status, report.upserted, report.failed], ["complete", 900, 100]);
  assertEquals(threads, new Set([true, false]));
  assertEquals(watermarks, ["item-00199", "item-00399", "item-00599", "item-00799", "item-00999"]);
  assertEquals(rows.get("item-00042")?.text, "text 42");
  assertEquals((await store.failures())[0]?.kind, "bad-text");
});

Deno.test("backfill() stays on the main thread for one worker, or a plugin that names no module", async () => {
  const { worker: _, ...unnamed } = extractor();
  for (const options of [{ workers: 1 }, { extractor: unnamed }, { source: source(5) }]) {
    const { report, threads } = await run(options);
    assertEquals([report.status, threads], ["complete", new Set([false])]);
  }
});

Deno.test("backfill() goes on without workers that cannot start", async () => {
  const missing = { url: new URL("./pool_plugins/missing.ts", import.meta.url).href };
  const wrong = { url: new URL("./pool_plugins/extractor.ts", import.meta.url).href, options: { version: "text/2" } };
  for (const worker of [missing, wrong]) {
    const { report, threads } = await run({ extractor: extractor({ worker }) });
    assertEquals([report.status, report.upserted, threads], ["complete", 900, new Set([false])]);
  }
});

Deno.test("workers may be started from JSR without a permission, and from elsewhere with one", async () => {
  const loadable = new URL("../../src/loadable.ts", import.meta.url).href;
  using home = new TemporaryHome();
  const script = home.write(
    "query.ts",
    `import { permissionFor } from ${JSON.stringify(loadable)};
     for (const module of Deno.args) console.log(Deno.permissions.querySync(permissionFor(new URL(module))).state);`,
  );
  const modules = ["https://jsr.io/@a/b/1.0.0/worker.ts", "http://127.0.0.1:8000/worker.ts", "file:///a/worker.ts"];
  const states = async (...permissions: string[]) => {
    const { stdout } = await denoRun(script, modules, { permissions }).output();
    return new TextDecoder().decode(stdout).trim().split("\n");
  };
  assertEquals(await states(), ["granted", "prompt", "prompt"]);
  assertEquals(await states("--allow-import=127.0.0.1:8000", "--allow-read=/a"), ["prompt", "granted", "granted"]);
});

Deno.test("backfill() cancelled on worker threads commits whole prefixes, and the next run goes on", async () => {
  const controller = new AbortController();
  const watermarks: (string | null)[] = [];
  // More than threads go on with while a batch is committed.
  const count = 5000;
  const { report, store } = await run({
    source: source(count),
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type !== "committed") return;
      watermarks.push(event.batch.watermark);
      if (watermarks.length === 2) controller.abort();
    },
  });
  assertEquals(report.status, "interrupted");
  assert(report.scanned >= 400 && report.scanned < count, `${report.scanned}`);
  const rest = await backfill({ source: source(count), extractor: extractor(), store, workers: 3 });
  assertEquals([rest.status, rest.scanned], ["complete", count - report.scanned]);
  assertEquals([...store.rows()].length, 4500);
});

Deno.test("backfill() goes on without a worker that broke", async () => {
  const told: string[] = [];
  const { report, rows } = await run({
    source: source(1000, { throws: true }),
    onEvent: (event) => event.type === "worker_failed" && told.push(event.reason),
  });
  assertEquals([report.status, report.upserted, rows.size], ["complete", 900, 900]);
  assertEquals(told, ["a worker thread broke: Uncaught Error: a bug on a thread"]);
});

Deno.test("backfill() goes on where a plugin cannot be loaded on a worker, and says why", async () => {
  const nowhere = new URL("./pool_plugins/nowhere.ts", import.meta.url).href;
  for (
    const [worker, why] of [
      [{ url: nowhere }, /nowhere\.ts/],
      [{ url: "./relative.ts" }, /relative\.ts/],
      [{ url: nowhere, options: { call: () => {} } }, /could not be cloned/],
    ] as const
  ) {
    const told: string[] = [];
    const { report } = await run({
      extractor: extractor({ worker }),
      onEvent: (event) => event.type === "worker_failed" && told.push(event.reason),
    });
    assertEquals([report.status, report.upserted, told.length], ["complete", 900, 1]);
    assertMatch(told[0] ?? "", why);
  }
});

for (const ends of ["close", "exit", "post"] as const) {
  Deno.test(`backfill() goes on where a plugin on a worker does what ends threads: ${ends}`, async () => {
    const { report, rows } = await run({ source: source(1000, { ends }) });
    assertEquals([report.status, report.upserted, rows.size], ["complete", 900, 900]);
  });
}

/** Plugins for a run whose first commit fails while the main thread is at an item of the next batch. */
function failingWhile(error: Error, atItem: (signal: AbortSignal) => Promise<never>, onFailure = () => {}) {
  const inner = extractor(), store = memoryStore<ThreadedRow>(), begun = Promise.withResolvers<void>();
  store.commit = async () => {
    await begun.promise;
    onFailure();
    throw error;
  };
  const onMain = {
    extract(...[item, context]: Parameters<typeof inner.extract>) {
      if (item.watermark < "item-00200") return inner.extract(item, context);
      begun.resolve();
      return atItem(context.signal);
    },
  };
  return { extractor: extractor(onMain), store, workers: 2 };
}

for (const error of [new StoreError("the disk is full"), new LeaseLostError("another worker took over")]) {
  Deno.test(`backfill() that fails with a ${error.name} cancels what is being extracted, and gives its lease back`, async () => {
    const reasons: unknown[] = [];
    const heeding = (signal: AbortSignal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        })
      );
    const options = failingWhile(error, heeding);
    await assertRejects(() => run(options), Error, error.message);
    assertEquals(reasons, [error]);
    assertEquals((await options.store.states())[0]?.holder, null);
  });
}

Deno.test("backfill() tells of a commit that failed, whatever an extractor is still at and whether it is cancelled then", async () => {
  const controller = new AbortController(), cancel = () => void setTimeout(() => controller.abort(), 50);
  const never = () => new Promise<never>(() => {});
  await Promise.all([() => {}, cancel].map(async (onFailure) => {
    const options = failingWhile(new StoreError("the disk is full"), never, onFailure);
    await assertRejects(() => run({ ...options, signal: controller.signal }), StoreError, "the disk is full");
    assertEquals((await options.store.states())[0]?.holder, null);
  }));
});

Deno.test("backfill() that is cancelled does not wait forever for a worker that never loads its plugins", async () => {
  const controller = new AbortController();
  const never = new URL("./pool_plugins/never.ts", import.meta.url).href;
  const { report } = await run({
    extractor: extractor({ worker: { url: never } }),
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === "planned") setTimeout(() => controller.abort(), 100);
    },
  });
  assertEquals(report.status, "interrupted");
});
