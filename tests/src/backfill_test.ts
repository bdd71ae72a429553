import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { backfill } from "../../src/backfill.ts";
import { ExtractionError, LeaseHeldError, LeaseLostError, SourceError, StoreError } from "../../src/errors.ts";
import type { BackfillEvent } from "../../src/events.ts";
import type { Extractor } from "../../src/extractor.ts";
import type { MetricsSink } from "../../src/metrics.ts";
import type { Item, Source } from "../../src/source.ts";
import type { LeaseOwner, Store } from "../../src/store.ts";
import { denoRun } from "../child.ts";
import { Shelf, shelfOf, textExtractor } from "../shelf.ts";

const extractor = textExtractor();

function owner(token: string): LeaseOwner {
  return { host: "h", pid: 1, startedAt: 0, token };
}

/** Everything a store says about a source, without the times. */
async function everything(store: ReturnType<typeof memoryStore<string>>) {
  const ledger = [];
  for await (const entry of store.ledger("shelf")) ledger.push(entry);
  const states = (await store.states()).map(({ lastSuccessAt: _, ...state }) => state);
  const failures = (await store.failures()).map(({ failedAt: _, ...failure }) => failure);
  return {
    rows: [...store.rows()].sort(),
    ledger: ledger.sort((a, b) => a.watermark < b.watermark ? -1 : 1),
    states,
    failures,
  };
}

/** Collects metrics as lines. */
function recordingSink(): { sink: MetricsSink; lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    sink: {
      counter: (name, value, tags) => void lines.push(`${name} ${value} ${JSON.stringify(tags)}`),
      timer: (name, _, tags) => void lines.push(`${name} ${JSON.stringify(tags)}`),
    },
  };
}

Deno.test("backfill() stores every item and ends complete at the last watermark", async () => {
  const shelf = shelfOf(5), store = memoryStore<string>();
  const report = await backfill({ source: shelf, extractor, store, batchSize: 2, now: () => 7000 });
  assertEquals(report.status, "complete");
  assertEquals([report.listed, report.scanned, report.upserted, report.failed, report.skipped], [5, 5, 5, 0, 0]);
  assertEquals(report.bytesRead, 5 * "text 0000".length);
  const [state] = await store.states();
  assertEquals([state?.status, state?.lastWatermark, state?.lastSuccessAt], ["complete", "item-0004", 7000]);
  assertEquals(state?.holder, null);
  assertEquals(store.row("item-0003"), "text 0003");
  assertEquals([shelf.opened.length, shelf.closed], [5, 5]);
});

Deno.test("backfill() commits in ascending order of watermark, 200 at a time", async () => {
  const store = memoryStore<string>(), watermarks: (string | null)[] = [];
  await backfill({
    source: shelfOf(450),
    extractor,
    store,
    onEvent: (event) => event.type === "committed" && watermarks.push(event.batch.watermark),
  });
  assertEquals(watermarks, ["item-0199", "item-0399", "item-0449"]);
});

Deno.test("backfill() of nothing is complete and keeps the watermark", async () => {
  const store = memoryStore<string>();
  const report = await backfill({ source: new Shelf(), extractor, store });
  assertEquals([report.status, report.lastWatermark, report.scanned], ["complete", null, 0]);
  assertEquals((await store.states()).map(({ status, lastWatermark }) => [status, lastWatermark]), [[
    "complete",
    null,
  ]]);
});

Deno.test("backfill() resumes strictly above the watermark of a first pass that did not end", async () => {
  const store = memoryStore<string>(), shelf = new Shelf({ a: "first", b: "second" });
  const claim = await store.claim({ source: shelf.id, owner: owner("0"), leaseMs: 1000, at: 0 });
  assert(claim.granted);
  await store.commit(claim.lease, { outcomes: [], gone: [], refreshed: [], watermark: "a", at: 0 });
  await store.release(claim.lease);
  const report = await backfill({ source: shelf, extractor, store });
  assertEquals([report.scanned, report.skipped], [1, 1]);
  assertEquals([store.row("a"), store.row("b")], [undefined, "second"]);
  const [state] = await store.states();
  assertEquals([state?.status, state?.lastWatermark], ["complete", "b"]);
  // What the watermark passed over is not lost: the ledger misses it.
  assertEquals((await backfill({ source: shelf, extractor, store })).upserted, 1);
  assertEquals(store.row("a"), "first");
});

for (const stopAfter of [0, 1, 2, 3, 4]) {
  Deno.test(`backfill() interrupted after ${stopAfter} of 4 batches equals an uninterrupted run after the next`, async () => {
    const shelf = shelfOf(20);
    shelf.texts.set("item-0007", "bad seven");
    const whole = memoryStore<string>();
    await backfill({ source: shelf, extractor, store: whole, batchSize: 5 });

    const store = memoryStore<string>(), controller = new AbortController();
    let batches = 0;
    if (stopAfter === 0) controller.abort();
    const report = await backfill({
      source: shelf,
      extractor,
      store,
      batchSize: 5,
      signal: controller.signal,
      onEvent: (event) => event.type === "committed" && ++batches === stopAfter && controller.abort(),
    });
    assertEquals([report.status, report.scanned], ["interrupted", stopAfter * 5]);
    const rest = await backfill({ source: shelf, extractor, store, batchSize: 5 });
    assertEquals([rest.status, rest.scanned], ["complete", 20 - stopAfter * 5]);
    assertEquals(await everything(store), await everything(whole));
  });
}

Deno.test("backfill() cancelled inside a batch commits what was extracted so far", async () => {
  const shelf = shelfOf(10), store = memoryStore<string>(), controller = new AbortController();
  const open = shelf.open.bind(shelf);
  shelf.open = (item) => {
    if (item.watermark === "item-0004") controller.abort();
    return open(item);
  };
  const report = await backfill({ source: shelf, extractor, store, signal: controller.signal });
  assertEquals([report.status, report.upserted, report.lastWatermark], ["interrupted", 5, "item-0004"]);
  assertEquals((await backfill({ source: shelf, extractor, store })).upserted, 5);
});

Deno.test("backfill() cancelled while it waits for a source waits no longer", async () => {
  const shelf = shelfOf(5), store = memoryStore<string>(), controller = new AbortController();
  const open = shelf.open.bind(shelf);
  shelf.open = (item) => {
    if (item.watermark !== "item-0003") return open(item);
    setTimeout(() => controller.abort());
    return { ...open(item), read: () => new Promise(() => {}) };
  };
  const report = await backfill({ source: shelf, extractor, store, signal: controller.signal });
  assertEquals([report.status, report.upserted, report.failed, shelf.closed], ["interrupted", 3, 0, 4]);
});

Deno.test("backfill() asks a store that counts copies for nothing more", async () => {
  const store = memoryStore<string>(), { states } = store;
  let asked = 0;
  store.states = () => {
    asked++;
    return states.call(store);
  };
  assertEquals((await backfill({ source: shelfOf(2), extractor, store })).copies, 0);
  assertEquals(asked, 1);
  const counting: Store<string> = Object.assign(store, { countCopies: (source: string) => source === "shelf" ? 7 : 0 });
  assertEquals((await backfill({ source: shelfOf(2), extractor, store: counting })).copies, 7);
  assertEquals(asked, 1);
});

Deno.test("backfill() reads the ledger once, and again only where items are listed out of order", async () => {
  const shuffled = shelfOf(600), shelf = new Shelf(Object.fromEntries([...shuffled.texts].sort()));
  const store = memoryStore<string>(), { ledger } = store;
  await backfill({ source: shelf, extractor, store });
  let reads = 0;
  store.ledger = (source) => {
    reads++;
    return ledger.call(store, source);
  };
  assertEquals((await backfill({ source: shelf, extractor, store })).skipped, 600);
  assertEquals(reads, 1);
  const report = await backfill({ source: shuffled, extractor, store });
  assertEquals([report.listed, report.skipped, report.gone], [600, 600, 0]);
  assertEquals(reads, 3);
});

Deno.test("backfill() gives others their turn although nothing has to be waited for", async () => {
  const shelf = shelfOf(20), turns: number[] = [];
  const open = shelf.open.bind(shelf);
  let turn = 0;
  const timer = setInterval(() => turn++, 1);
  shelf.open = (item) => {
    turns.push(turn);
    for (const end = performance.now() + 10; performance.now() < end;);
    return open(item);
  };
  await backfill({ source: shelf, extractor, store: memoryStore<string>() });
  clearInterval(timer);
  assert(new Set(turns).size > 2, `${turns}`);
});

Deno.test("backfill() again upserts nothing and opens nothing", async () => {
  const shelf = shelfOf(5), store = memoryStore<string>();
  shelf.texts.set("x", "bad");
  await backfill({ source: shelf, extractor, store });
  shelf.opened.length = 0;
  const report = await backfill({ source: shelf, extractor, store });
  assertEquals([report.upserted, report.failed, report.skipped, shelf.opened], [0, 0, 6, []]);
});

Deno.test("backfill() after complete finds what is new, changed or restored, wherever it sorts", async () => {
  const shelf = new Shelf({ c: "3", d: "4", e: "5" }), store = memoryStore<string>();
  await backfill({ source: shelf, extractor, store });
  shelf.texts.set("a", "1").set("d", "four").set("f", "6");
  shelf.opened.length = 0;
  const report = await backfill({ source: shelf, extractor, store });
  assertEquals([report.upserted, shelf.opened], [3, ["a", "d", "f"]]);
  assertEquals(["a", "d", "f"].map((key) => store.row(key)), ["1", "four", "6"]);
  assertEquals(report.lastWatermark, "f");
});

Deno.test("backfill() keeps the row of an item that vanished, and reads nothing when it comes back", async () => {
  const shelf = new Shelf({ a: "1", b: "2" }), store = memoryStore<string>();
  await backfill({ source: shelf, extractor, store });
  shelf.texts.delete("a");
  assertEquals((await backfill({ source: shelf, extractor, store })).gone, 1);
  assertEquals(store.row("a"), "1");
  assertEquals((await store.states())[0]?.gone, 1);
  shelf.texts.set("a", "1");
  shelf.opened.length = 0;
  const back = await backfill({ source: shelf, extractor, store });
  assertEquals([back.refreshed, back.upserted, shelf.opened], [1, 0, []]);
  assertEquals((await store.states())[0]?.gone, 0);
});

Deno.test("backfill() of another extractor version extracts everything again", async () => {
  const shelf = shelfOf(3), store = memoryStore<string>();
  await backfill({ source: shelf, extractor, store });
  assertEquals((await backfill({ source: shelf, extractor: textExtractor("text/2"), store })).upserted, 3);
  assertEquals((await backfill({ source: shelf, extractor: textExtractor("text/2"), store })).upserted, 0);
});

Deno.test("backfill() records a failure with kind, reason and attempts, and goes on", async () => {
  const shelf = new Shelf({ a: "1", b: "bad apple", c: "bug", d: "4" }), store = memoryStore<string>();
  const failed: string[] = [];
  const report = await backfill({
    source: shelf,
    extractor,
    store,
    onEvent: (event) => event.type === "failed" && failed.push(`${event.location} ${event.failure.kind}`),
  });
  assertEquals([report.status, report.upserted, report.failed], ["complete", 2, 2]);
  assertEquals(failed, ["/shelf/b bad-text", "/shelf/c unexpected"]);
  assertEquals((await store.failures()).map(({ watermark, kind, attempts }) => [watermark, kind, attempts]), [
    ["b", "bad-text", 1],
    ["c", "unexpected", 1],
  ]);
});

Deno.test("backfill() tries a failure again on request, when it changes, and when the extractor does", async () => {
  const shelf = new Shelf({ b: "bad" }), store = memoryStore<string>();
  const run = (more: object = {}) => backfill({ source: shelf, extractor, store, ...more });
  assertEquals((await run()).failedBefore, 0);
  const { scanned, failedBefore } = await run();
  assertEquals([scanned, failedBefore], [0, 1]);
  const retried = await run({ retryFailed: true });
  assertEquals([retried.failed, retried.failedBefore], [1, 0]);
  assertEquals((await run({ extractor: textExtractor("text/2") })).failed, 1);
  assertEquals((await store.failures())[0]?.attempts, 3);
  shelf.texts.set("b", "good");
  assertEquals((await run({ extractor: textExtractor("text/2") })).upserted, 1);
  assertEquals(await store.failures(), []);
});

Deno.test("backfill() takes an answer of an extractor that is none for a failure", async () => {
  const store = memoryStore<string>();
  for (const answer of [undefined, null, {}, { key: 1 }]) {
    // As in a program that no compiler checked.
    const extract = (): never => answer as never;
    const { upserted, failed } = await backfill({
      source: shelfOf(3),
      extractor: { version: `${answer}`, extract },
      store,
      retryFailed: true,
    });
    assertEquals([upserted, failed], [0, 3]);
  }
  assertEquals([...store.rows()], []);
  assertStringIncludes((await store.failures())[0]?.reason ?? "", "its key and its rank have to be text");
});

Deno.test("backfill() tries an item that could not be read again at the next run", async () => {
  const shelf = new Shelf({ a: "1" }), store = memoryStore<string>();
  const open = shelf.open.bind(shelf);
  shelf.open = () => {
    throw new Deno.errors.PermissionDenied("not yours");
  };
  assertEquals((await backfill({ source: shelf, extractor, store })).failed, 1);
  const [failure] = await store.failures();
  assertEquals([failure?.kind, failure?.transient, failure?.reason], ["unreadable", true, "not yours"]);
  shelf.open = open;
  assertEquals((await backfill({ source: shelf, extractor, store })).upserted, 1);
});

Deno.test("backfill() closes what it opened when reading fails", async () => {
  const shelf = new Shelf({ a: "1" }), store = memoryStore<string>();
  let closed = 0;
  shelf.open = () => ({ read: () => Promise.reject(new Error("disk on fire")), close: () => void closed++ });
  assertEquals((await backfill({ source: shelf, extractor, store })).failed, 1);
  assertEquals(closed, 1);
  assertEquals((await store.failures())[0]?.reason, "disk on fire");
});

Deno.test("backfill() refuses a source that suddenly lists nothing, and marks nothing", async () => {
  const shelf = shelfOf(3), store = memoryStore<string>();
  await backfill({ source: shelf, extractor, store });
  const before = await everything(store);
  shelf.texts.clear();
  await assertRejects(() => backfill({ source: shelf, extractor, store }), SourceError, "the ledger has 3 items");
  assertEquals(await everything(store), before);
  assertEquals((await backfill({ source: shelf, extractor, store, allowEmpty: true })).gone, 3);
});

Deno.test("backfill() tells a second worker who runs", async () => {
  const store = memoryStore<string>(), shelf = shelfOf(1);
  const holder: LeaseOwner = { host: "build-7", pid: 4711, startedAt: 0, token: "1" };
  await store.claim({ source: shelf.id, owner: holder, leaseMs: 60_000, at: Date.now() });
  const error = await assertRejects(() => backfill({ source: shelf, extractor, store }), LeaseHeldError);
  assertStringIncludes(error.message, "process 4711 on build-7");
  assertEquals(shelf.opened, []);
});

Deno.test("backfill() that lost its lease commits nothing more", async () => {
  const store = memoryStore<string>(), shelf = shelfOf(4);
  let at = 0;
  const run = backfill({
    source: shelf,
    extractor,
    store,
    batchSize: 2,
    leaseMs: 1000,
    now: () => at,
    onEvent: (event) => {
      if (event.type !== "committed") return;
      at = 5000;
      store.claim({ source: shelf.id, owner: owner("2"), leaseMs: 60_000, at });
    },
  });
  await assertRejects(() => run, LeaseLostError);
  assertEquals([...store.rows()].length, 2);
});

Deno.test("backfill() reports metrics by the names of Codex's own backfill", async () => {
  const { sink, lines } = recordingSink();
  const shelf = new Shelf({ a: "what? why?", b: "bad", c: "hey!" });
  await backfill({ source: shelf, extractor, store: memoryStore<string>(), metrics: [sink] });
  assertEquals(lines.filter((line) => line.startsWith("codex.db")), [
    `codex.db.error 2 {"stage":"extract_metadata_from_rollout"}`,
    `codex.db.error 2 {"stage":"backfill_sessions"}`,
    `codex.db.backfill 2 {"status":"upserted"}`,
    `codex.db.backfill 1 {"status":"failed"}`,
    `codex.db.backfill.duration_ms {"status":"partial_failure"}`,
  ]);
  assert(lines.includes(`rollout.backfill.unknown_lines 1 {"kind":"shout"}`));
});

Deno.test("backfill() tells a sink that has gauges what was listed, is due and is gone, and no other of them", async () => {
  const shelf = shelfOf(3), store = memoryStore<string>(), gauges: unknown[] = [];
  await backfill({ source: shelf, extractor, store });
  shelf.texts.delete("item-0000");
  shelf.texts.set("item-0001", "changed");
  const sink: MetricsSink = { counter() {}, timer() {}, gauge: (...set) => void gauges.push(set) };
  await backfill({ source: shelf, extractor, store, metrics: [sink] });
  assertEquals(gauges, [
    ["rollout.backfill.items", 2, { kind: "listed" }],
    ["rollout.backfill.items", 1, { kind: "due" }],
    ["rollout.backfill.items", 1, { kind: "gone" }],
  ]);
});

for (const [texts, status] of [[{ a: "1" }, "success"], [{ a: "bad" }, "failed"], [{}, "success"]] as const) {
  Deno.test(`backfill() of ${JSON.stringify(texts)} times a ${status}`, async () => {
    const { sink, lines } = recordingSink();
    await backfill({ source: new Shelf(texts), extractor, store: memoryStore<string>(), metrics: [sink] });
    assertEquals(lines.at(-1), `codex.db.backfill.duration_ms {"status":"${status}"}`);
  });
}

for (
  const [method, stage] of [
    ["claim", "backfill_state_mark_running"],
    ["ledger", "backfill_state_read"],
    ["commit", "backfill_state_checkpoint"],
    ["complete", "backfill_state_mark_complete"],
  ] as const
) {
  Deno.test(`backfill() counts an error of the store's ${method} as ${stage}`, async () => {
    const { sink, lines } = recordingSink();
    const store: Store<string> = memoryStore<string>();
    store[method] = () => {
      throw new StoreError("disk full");
    };
    await assertRejects(
      () => backfill({ source: shelfOf(1), extractor, store, metrics: [sink] }),
      StoreError,
      "disk full",
    );
    assertEquals(lines.filter((line) => line.startsWith("codex.db.error")), [`codex.db.error 1 {"stage":"${stage}"}`]);
    const upserted = method === "complete" ? 1 : 0, status = upserted > 0 ? "partial_failure" : "failed";
    assertEquals(lines.slice(-3), [
      `codex.db.backfill ${upserted} {"status":"upserted"}`,
      `codex.db.backfill 0 {"status":"failed"}`,
      `codex.db.backfill.duration_ms {"status":"${status}"}`,
    ]);
  });
}

Deno.test("backfill() counts what it committed before it broke, and nothing where another worker runs", async () => {
  const { sink, lines } = recordingSink();
  const store = memoryStore<string>(), shelf = new Shelf({ a: "1", b: "bad", c: "3" });
  const commit = store.commit.bind(store);
  store.commit = (lease, batch) => {
    if (batch.watermark === "c") throw new StoreError("disk full");
    return commit(lease, batch);
  };
  const run = () => backfill({ source: shelf, extractor, store, metrics: [sink], batchSize: 1 });
  await assertRejects(run, StoreError);
  assertEquals(lines.slice(-4), [
    `codex.db.error 1 {"stage":"backfill_state_checkpoint"}`,
    `codex.db.backfill 1 {"status":"upserted"}`,
    `codex.db.backfill 1 {"status":"failed"}`,
    `codex.db.backfill.duration_ms {"status":"partial_failure"}`,
  ]);
  lines.length = 0;
  await store.claim({ source: shelf.id, owner: owner("2"), leaseMs: 60_000, at: Date.now() });
  await assertRejects(run, LeaseHeldError);
  assertEquals(lines, []);
});

Deno.test("backfill() ends as it did when the store cannot take the lease back", async () => {
  const store = memoryStore<string>(), shelf = shelfOf(2);
  store.release = () => {
    throw new StoreError("disk full");
  };
  assertEquals((await backfill({ source: shelf, extractor, store })).status, "complete");
  const broken = memoryStore<string>();
  broken.release = store.release;
  broken.commit = () => {
    throw new StoreError("disk on fire");
  };
  await assertRejects(() => backfill({ source: shelf, extractor, store: broken }), StoreError, "disk on fire");
});

Deno.test("backfill() goes on when a sink throws or rejects, and says so once", async () => {
  const told: BackfillEvent[] = [];
  const { sink, lines } = recordingSink();
  const thrower: MetricsSink = {
    counter: () => {
      throw new Error("no route to host");
    },
    timer: () => {},
  };
  const rejecter: MetricsSink = { counter: () => Promise.reject(new Error("timed out")), timer: () => {} };
  const report = await backfill({
    source: new Shelf({ a: "1?", b: "2?" }),
    extractor,
    store: memoryStore<string>(),
    metrics: [thrower, rejecter, sink],
    batchSize: 1,
    onEvent: (event) => event.type === "sink_failed" && told.push(event),
  });
  assertEquals(report.upserted, 2);
  assertEquals(told, [
    { type: "sink_failed", reason: "no route to host" },
    { type: "sink_failed", reason: "timed out" },
  ]);
  assert(lines.length > 0);
});

Deno.test("backfill() goes on when the listener throws", async () => {
  const report = await backfill({
    source: shelfOf(2),
    extractor,
    store: memoryStore<string>(),
    onEvent: () => {
      throw new Error("broken progress bar");
    },
  });
  assertEquals(report.upserted, 2);
});

Deno.test("backfill() goes on when the listener rejects, and does not wait for it", async () => {
  // A rejection that nobody handles would fail the test.
  const onEvent = async ({ type }: BackfillEvent) => {
    await Promise.resolve();
    if (type === "finished") await new Promise(() => {});
    throw new Error("the socket of the progress bar is closed");
  };
  const report = await backfill({ source: shelfOf(2), extractor, store: memoryStore<string>(), onEvent });
  assertEquals(report.upserted, 2);
  await new Promise((resolve) => setTimeout(resolve));
});

Deno.test("backfill() takes the first of two items with one watermark and reports the other", async () => {
  const problems: string[] = [];
  const twice = {
    id: "twice",
    items: () => ["/one", "/two"].map((location) => ({ watermark: "a", fingerprint: "1", location, size: 1 })),
    open: () => ({ read: () => null, close: () => {} }),
  };
  const report = await backfill({
    source: twice,
    extractor,
    store: memoryStore<string>(),
    onEvent: (event) => event.type === "problem" && problems.push(event.problem.location),
  });
  assertEquals([report.upserted, report.problems, problems], [1, 1, ["/two"]]);
});

Deno.test("backfill() refuses a batch size that is none", async () => {
  const run = () => backfill({ source: shelfOf(1), extractor, store: memoryStore<string>(), batchSize: 0 });
  await assertRejects(run, RangeError, "Cannot backfill with batchSize 0: it must be a positive integer");
});

Deno.test("backfill() takes an item up again whose extractor made something else of the cancellation", async () => {
  const store = memoryStore<string>(), source = shelfOf(3);
  for (const made of [new ExtractionError("timeout", "it took too long"), new Error("aborted")]) {
    const controller = new AbortController();
    const hasty: Extractor<Item, string> = {
      ...extractor,
      extract: ({ watermark }, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(made));
          setTimeout(() => controller.abort(), watermark === "item-0000" ? 0 : 1);
        }),
    };
    const report = await backfill({ source, extractor: hasty, store, signal: controller.signal });
    assertEquals([report.status, report.failed], ["interrupted", 0]);
  }
  assertEquals((await backfill({ source, extractor, store })).upserted, 3);
});

Deno.test("backfill() closes a reader that was opened when nobody waited for it any more", async () => {
  const shelf = shelfOf(1), opened = Promise.withResolvers<void>(), store = memoryStore<string>();
  const slow: Source = {
    id: "slow",
    items: (options) => shelf.items(options),
    open: async (item) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      opened.resolve();
      return shelf.open(item);
    },
  };
  const hasty: Extractor<Item, string> = {
    ...extractor,
    extract: async (item, { open }) => {
      void open();
      return await extractor.extract(item, { open: () => shelf.open(item), signal: new AbortController().signal });
    },
  };
  await backfill({ source: slow, extractor: hasty, store });
  const { closed } = shelf;
  await opened.promise;
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(shelf.closed, closed + 1);
});

/** A source that takes its time to list and never waits meanwhile. */
function* slowly(count: number, onListed: (at: number) => void = () => {}): Generator<Item> {
  for (let at = 0; at < count; at++) {
    for (const until = performance.now() + 5; performance.now() < until;);
    onListed(at);
    yield { watermark: String(at).padStart(6, "0"), fingerprint: "1", location: `/${at}`, size: 1 };
  }
}

Deno.test("backfill() keeps its lease while a source lists that never waits", async () => {
  const store = memoryStore<string>(), heartbeat = store.heartbeat.bind(store);
  let beats = 0, before = 0;
  store.heartbeat = (lease, at) => {
    beats++;
    return heartbeat(lease, at);
  };
  const source: Source = { ...shelfOf(0), id: "slow", items: () => slowly(60), open: shelfOf(0).open };
  const failing: Extractor<Item, string> = { ...extractor, extract: () => Promise.reject(new Error("no")) };
  await backfill({
    source,
    extractor: failing,
    store,
    leaseMs: 60,
    onEvent: ({ type }) => {
      if (type === "planned") before = beats;
    },
  });
  assert(before > 0, "no heartbeat while it listed");
});

Deno.test("backfill() cancelled while a source lists stops the listing", async () => {
  const controller = new AbortController();
  let listed = 0;
  const items = () =>
    slowly(2000, (at) => {
      listed = at;
      if (at === 3) setTimeout(() => controller.abort(), 0);
    });
  const source: Source = { id: "slow", items, open: shelfOf(0).open };
  const report = await backfill({ source, extractor, store: memoryStore(), signal: controller.signal });
  assertEquals(report.status, "interrupted");
  assert(listed < 1999, "it listed to the end");

  const throwing: Source = {
    id: "throwing",
    async *items({ signal }) {
      yield* slowly(3);
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    open: shelfOf(0).open,
  };
  const again = new AbortController();
  setTimeout(() => again.abort(), 50);
  const stopped = await backfill({ source: throwing, extractor, store: memoryStore(), signal: again.signal });
  assertEquals(stopped.status, "interrupted");
});

Deno.test("backfill() opens the items that a source listed, not copies, where they are not said to be plain data", async () => {
  const shelf = shelfOf(1), listed = new Set<Item>();
  const source: Source = {
    id: "rich",
    *items() {
      for (let at = 0; at < 6500; at++) {
        const item = { watermark: String(at).padStart(6, "0"), fingerprint: "1", location: "/", size: 1 };
        listed.add(item);
        yield item;
      }
    },
    open(item) {
      assert(listed.has(item), `${item.watermark} is a copy`);
      return shelf.open({ ...item, watermark: "item-0000" });
    },
  };
  assertEquals((await backfill({ source, extractor, store: memoryStore<string>() })).upserted, 6500);
});

Deno.test("backfill() knows an item again whose watermark has half of a surrogate pair", async () => {
  const texts = { "a\ud800": "1", b: "2" }, store = memoryStore<string>();
  const shelf = new Shelf(texts), open = shelf.open.bind(shelf);
  shelf.open = (item) => open({ ...item, watermark: item.watermark.replace("\ufffd", "\ud800") });
  assertEquals((await backfill({ source: shelf, extractor, store })).upserted, 2);
  const again = await backfill({ source: shelf, extractor, store });
  assertEquals([again.scanned, again.skipped, again.gone], [0, 2, 0]);
});

Deno.test("backfill() knows an item again whose fingerprint has half of a surrogate pair", async () => {
  const shelf = shelfOf(2), store = memoryStore<string>();
  const source: Source = {
    id: "shelf",
    *items(options) {
      for (const item of shelf.items(options)) yield { ...item, fingerprint: `${item.fingerprint}\ud800` };
    },
    open: (item) => shelf.open(item),
  };
  assertEquals((await backfill({ source, extractor, store })).upserted, 2);
  assertEquals((await backfill({ source, extractor, store })).skipped, 2);
});

Deno.test("backfill() says which item has half of a surrogate pair where it cannot make a copy of it", async () => {
  class Note implements Item {
    readonly #name: string;
    readonly fingerprint = "1";
    readonly size = 1;

    constructor(name: string) {
      this.#name = name;
    }

    get watermark(): string {
      return this.#name;
    }

    get location(): string {
      return `/notes/${this.#name.length}`;
    }
  }
  const run = (...names: string[]) => {
    const source: Source = { id: "notes", items: () => names.map((name) => new Note(name)), open: shelfOf(0).open };
    return backfill({ source, extractor, store: memoryStore<string>() });
  };
  assertEquals((await run("a", "b")).status, "complete");
  await assertRejects(() => run("a", "b\ud800"), SourceError, '"/notes/2" has half of a surrogate pair');
});

Deno.test("backfill() that is cancelled when everything was done is complete", async () => {
  const store = memoryStore<string>(), controller = new AbortController();
  const complete = store.complete.bind(store);
  store.complete = async (lease, at) => {
    await complete(lease, at);
    controller.abort();
  };
  const report = await backfill({ source: shelfOf(3), extractor, store, signal: controller.signal });
  assertEquals([report.status, (await store.states())[0]?.status], ["complete", "complete"]);
});

Deno.test("backfill() tells of every batch how much of what was planned it was", async () => {
  const shelf = shelfOf(450), planned: number[] = [], committed: number[] = [];
  shelf.texts.set("item-0003", "bad three");
  const source: Source = {
    id: "shelf",
    *items(options) {
      for (const item of shelf.items(options)) yield { ...item, size: 10, contentSize: 80 };
    },
    open: (item) => shelf.open(item),
  };
  await backfill({
    source,
    extractor,
    store: memoryStore<string>(),
    onEvent: (event) => {
      if (event.type === "planned") planned.push(event.bytes);
      if (event.type === "committed") committed.push(event.bytes);
    },
  });
  assertEquals([planned, committed], [[36_000], [16_000, 16_000, 4_000]]);
});

Deno.test("backfill() that is cancelled lets the process end, whatever its extractor is still at", async () => {
  const script = Deno.makeTempFileSync({ suffix: ".ts" });
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  try {
    Deno.writeTextFileSync(
      script,
      `import { backfill } from ${from("../../src/backfill.ts")};
       import { memoryStore } from ${from("../../plugins/store_memory.ts")};
       const cancelled = new AbortController();
       const item = { watermark: "a", fingerprint: "1", location: "/a", size: 1 };
       const report = await backfill({
         source: { id: "s", items: () => [item], open: () => ({ read: () => null, close: () => {} }) },
         extractor: { version: "1", extract: () => (cancelled.abort(), new Promise(() => {})) },
         store: memoryStore(),
         signal: cancelled.signal,
       });
       console.log(report.status);`,
    );
    const { code, stdout } = await denoRun(script, [], { through: ["timeout", "60"] }).output();
    assertEquals([code, new TextDecoder().decode(stdout).trim()], [0, "interrupted"]);
  } finally {
    Deno.removeSync(script);
  }
});

Deno.test("backfill() with a lease for longer than a timer takes sends no heartbeat at once", async () => {
  const store = memoryStore<string>();
  let beats = 0;
  store.heartbeat = () => void beats++;
  const waiting: Extractor<Item, string> = {
    ...extractor,
    extract: async (item, context) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return await extractor.extract(item, context);
    },
  };
  await backfill({ source: shelfOf(1), extractor: waiting, store, leaseMs: 1e13 });
  assertEquals(beats, 0);
});

Deno.test("backfill() takes an item up again whose extractor answered by what it had when it was cancelled", async () => {
  const store = memoryStore<string>(), shelf = shelfOf(1), controller = new AbortController();
  const hanging: Source = {
    id: "shelf",
    items: (options) => shelf.items(options),
    open: () => ({ read: () => new Promise<never>(() => setTimeout(() => controller.abort(), 0)), close: () => {} }),
  };
  const lenient: Extractor<Item, string> = {
    ...extractor,
    async extract({ watermark }, { open }) {
      try {
        await (await open()).read(new Uint8Array(1), 0);
      } catch {
        // Half is better than nothing, it thinks.
      }
      return { key: watermark, row: "half", rank: "", records: 0, malformed: 0, unknown: {}, bytesRead: 0 };
    },
  };
  const stopped = await backfill({ source: hanging, extractor: lenient, store, signal: controller.signal });
  assertEquals([stopped.status, stopped.scanned], ["interrupted", 0]);
  assertEquals((await backfill({ source: shelf, extractor, store })).upserted, 1);
});

Deno.test("backfill() rejects with the failure of the store also where it is cancelled while it lists", async () => {
  const store = memoryStore<string>(), controller = new AbortController();
  store.ledger = () => {
    controller.abort();
    throw new StoreError("the disk is full");
  };
  await assertRejects(
    () => backfill({ source: shelfOf(3), extractor, store, signal: controller.signal }),
    StoreError,
    "the disk is full",
  );
});

Deno.test("backfill() leaves nothing at the signal that it was given", async () => {
  const { signal } = new AbortController(), listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal), remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: EventListener) => {
    listeners.add(listener);
    add(type, listener);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  const broken = memoryStore<string>();
  broken.commit = () => Promise.reject(new StoreError("the disk is full"));
  await backfill({ source: shelfOf(5), extractor, store: memoryStore<string>(), signal });
  await assertRejects(() => backfill({ source: shelfOf(5), extractor, store: broken, signal }), StoreError);
  assertEquals(listeners.size, 0);
});

Deno.test("backfill() commits what is gone in parts, between which it can be cancelled", async () => {
  const shelf = shelfOf(1300), store = memoryStore<string>();
  await backfill({ source: shelf, extractor, store });
  const parts: number[] = [], controller = new AbortController();
  const commit = store.commit.bind(store);
  const counted: Store<string> = Object.assign(store, {
    commit: (...[lease, batch]: Parameters<Store<string>["commit"]>) => {
      parts.push(batch.gone.length);
      if (parts.length === 2) controller.abort();
      return commit(lease, batch);
    },
  });
  const empty = new Shelf();
  const report = await backfill({
    source: empty,
    extractor,
    store: counted,
    allowEmpty: true,
    signal: controller.signal,
  });
  assertEquals([report.status, parts, report.gone], ["interrupted", [500, 500], 1000]);
  const rest = await backfill({ source: empty, extractor, store, allowEmpty: true });
  assertEquals([rest.status, rest.gone], ["complete", 300]);
});
