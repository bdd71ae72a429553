/**
 * Plugins that do what their contract does not allow: what they get wrong is said where it is wrong, and a run always ends.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { untilAborted, within } from "../../src/abandon.ts";
import { backfill } from "../../src/backfill.ts";
import type { BackfillOptions } from "../../src/backfill_options.ts";
import { ExtractionError, SourceError } from "../../src/errors.ts";
import type { Extraction, Extractor } from "../../src/extractor.ts";
import type { MetricsSink } from "../../src/metrics.ts";
import type { Item, ItemReader, Source } from "../../src/source.ts";
import { Shelf, textExtractor } from "../shelf.ts";

function throwAway(): void {
  throw new Error("the folder cannot be closed");
}

const never = new Promise<never>(() => {});

/** A source with one item, different in something. */
function sourceWith(differing: Partial<Record<keyof Source, unknown>>): Source<Item> {
  const shelf = new Shelf({ a: "first", b: "second" });
  return Object.assign(
    { id: shelf.id, items: shelf.items.bind(shelf), open: shelf.open.bind(shelf) },
    differing,
  );
}

async function run(options: Partial<BackfillOptions<Item, string>>) {
  const store = memoryStore<string>();
  const report = await backfill({ source: sourceWith({}), extractor: textExtractor(), store, ...options });
  return { report, failures: (await store.failures()).map(({ kind, reason }) => `${kind}: ${reason}`), store };
}

for (
  const [what, differing] of [
    ["that never opens an item", { open: () => never }],
    ["that lists nothing and does not end", {
      async *items() {
        yield* [];
        await never;
      },
    }],
    ["that never answers a read", { open: () => ({ read: () => never, close: () => {} }) }],
  ] as const
) {
  Deno.test(`backfill() that is cancelled waits no longer for a source ${what}, and gives its lease back`, async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const { report, store } = await run({ source: sourceWith(differing), signal: controller.signal });
    assertEquals(report.status, "interrupted");
    assertEquals((await store.states())[0]?.holder, null);
  });
}

Deno.test("backfill() closes a reader that comes after the run was cancelled", async () => {
  const controller = new AbortController(), late = Promise.withResolvers<ItemReader>();
  setTimeout(() => controller.abort(), 20);
  await run({ source: sourceWith({ open: () => late.promise }), signal: controller.signal });
  const closed = Promise.withResolvers<void>();
  late.resolve({ read: () => null, close: () => closed.resolve() });
  await closed.promise;
});

Deno.test("backfill() that is cancelled commits what was extracted although an extractor was reading ahead", async () => {
  const controller = new AbortController(), store = memoryStore<string>();
  const ahead: Extractor<Item, string> = {
    version: "ahead/1",
    async extract({ watermark }, { open }) {
      if (watermark === "b") {
        const reader = await open(), next = reader.read(new Uint8Array(1), 0);
        controller.abort();
        // Works on what it has.
        await new Promise((resolve) => setTimeout(resolve, 20));
        await next;
      }
      return { key: watermark, row: watermark, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 0 };
    },
  };
  const source = sourceWith({ open: () => ({ read: () => never, close: () => {} }) });
  const { report } = await run({ source, extractor: ahead, store, signal: controller.signal });
  assertEquals([report.status, [...store.rows().keys()]], ["interrupted", ["a"]]);
});

for (const how of ["ends", "throws", "rejects"] as const) {
  Deno.test(`backfill() does not tell a listing to end that ${how} by itself`, async () => {
    let returned = 0;
    const broken = new Error("the listing broke");
    const next = () => {
      if (how === "throws") throw broken;
      return how === "ends" ? { done: true, value: undefined } : Promise.reject(broken);
    };
    const listing = { next, return: () => returned++ };
    for (const begin of [Symbol.iterator, Symbol.asyncIterator]) {
      const list = () => ({ [begin]: () => listing });
      await run({ source: sourceWith({ items: list }) }).catch(() => {});
      await run({ store: Object.assign(memoryStore<string>(), { ledger: list }) }).catch(() => {});
    }
    assertEquals(returned, 0);
  });
}

Deno.test("backfill() tells a listing to end that has to be refused, and rejects with why", async () => {
  for (const begin of [Symbol.iterator, Symbol.asyncIterator]) {
    let returned = 0;
    const listing = { next: () => ({ done: false, value: null }), return: () => ({ done: true, value: returned++ }) };
    const source = sourceWith({ items: () => ({ [begin]: () => listing }) });
    await assertRejects(() => run({ source }), SourceError, "what is no item: null");
    assertEquals(returned, 1);
  }
});

Deno.test("backfill() that is cancelled is so also where what a source does at the end of its listing fails", async () => {
  const shelf = new Shelf({ a: "first" });
  const items: Record<string, Source["items"]> = {
    *prompt(options) {
      try {
        for (;;) yield* shelf.items(options);
      } finally {
        throwAway();
      }
    },
    async *waiting(options): AsyncGenerator<Item> {
      try {
        for (;;) yield* shelf.items(options);
      } finally {
        throwAway();
      }
    },
  };
  for (const list of Object.values(items)) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const { report } = await run({ source: sourceWith({ items: list }), signal: controller.signal });
    assertEquals(report.status, "interrupted");
  }
});

Deno.test("backfill() says what is wrong with a listing", async () => {
  const item = { watermark: "a", fingerprint: "f", location: "/a", size: 1 };
  for (
    const [items, message] of [
      [() => Promise.resolve([item]), "items() has to be a generator"],
      [() => undefined, "items() has to be a generator"],
      [() => [null], "what is no item: null"],
      [() => [{ ...item, watermark: 1 }], 'the watermark, fingerprint and location of "/a" have to be text'],
      [() => [{ ...item, fingerprint: undefined }], 'the watermark, fingerprint and location of "/a" have to be text'],
      [() => [{ ...item, location: new URL("file:///a") }], "the watermark, fingerprint and location of"],
      [() => [{ ...item, size: NaN }], 'the size of "/a" has to be a number of bytes'],
      [() => [{ ...item, size: Infinity }], 'the size of "/a" has to be a number of bytes'],
      [() => [{ ...item, contentSize: -1 }], 'the contentSize of "/a" has to be a number of bytes'],
    ] as const
  ) await assertRejects(() => run({ source: sourceWith({ items }) }), SourceError, message);
});

Deno.test("backfill() refuses a source without an id, and an extractor without a version", async () => {
  for (const id of [undefined, "", 5]) {
    await assertRejects(() => run({ source: sourceWith({ id }) }), TypeError, "the source has no id");
  }
  const extractor: Extractor<Item, string> = Object.assign(textExtractor(), { version: undefined });
  await assertRejects(() => run({ extractor }), TypeError, "the extractor has no version");
});

Deno.test("backfill() says which plugin it was not given, and that sinks are a list", async () => {
  const all = { source: sourceWith({}), extractor: textExtractor(), store: memoryStore<string>() };
  for (const name of ["source", "extractor", "store"]) {
    const options: BackfillOptions<Item, string> = Object.assign({ ...all }, { [name]: undefined });
    await assertRejects(() => backfill(options), TypeError, `Cannot backfill: the ${name} is missing`);
  }
  const metrics: Record<string, unknown> = { metrics: { counter() {}, timer() {} } };
  const options: BackfillOptions<Item, string> = Object.assign({ ...all }, metrics);
  await assertRejects(() => backfill(options), TypeError, "metrics has to be a list of sinks");
});

Deno.test("backfill() takes a read that answers no number of bytes for an item that cannot be read", async () => {
  for (const answer of [NaN, 0.5, -1, 1e9, undefined, "1"]) {
    for (const read of [() => answer, () => Promise.resolve(answer)]) {
      const { failures } = await run({ source: sourceWith({ open: () => ({ read, close: () => {} }) }) });
      assertEquals(failures.length, 2);
      for (const one of failures) assert(/^unreadable: .*the source answered a read of \d+ bytes with/.test(one), one);
    }
  }
});

Deno.test("backfill() takes an extraction that counts nothing, or has no row, for a failure", async () => {
  const good = { key: "k", row: "r", rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
  for (
    const [differing, reason] of [
      [{ row: undefined }, "it has no row"],
      [{ malformed: NaN }, "have to be numbers of something"],
      [{ records: -1 }, "have to be numbers of something"],
      [{ unknown: { a: "3" } }, "its unknown has to hold numbers of lines"],
      [{ snapshot: null }, "its snapshot has to be text"],
    ] as const
  ) {
    const extraction: Extraction<string> = Object.assign({ ...good }, differing);
    const { failures } = await run({ extractor: { version: "1", extract: () => extraction } });
    assertEquals(failures.map((one) => one.includes(reason)), [true, true], reason);
  }
});

Deno.test("backfill() records an ExtractionError without a kind as unexpected", async () => {
  const error: ExtractionError = Object.assign(new ExtractionError("kind", "why"), { kind: undefined });
  const extract = () => {
    throw error;
  };
  assertEquals((await run({ extractor: { version: "1", extract } })).failures, ["unexpected: why", "unexpected: why"]);
});

Deno.test("backfill() waits for what a sink is still at, before and after it flushes", async () => {
  const lines: string[] = [];
  const slowly = async (line: string) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    lines.push(line);
  };
  const pending: Promise<void>[] = [];
  const sink: MetricsSink = {
    counter: (name) => slowly(name),
    timer: () => {},
    flush: async () => {
      lines.push("flush");
      pending.push(slowly("sent"));
      await Promise.all(pending);
    },
  };
  await run({ metrics: [sink] });
  assertEquals(lines.slice(-2), ["flush", "sent"]);
  assertEquals(lines.slice(0, -2).sort(), [
    "codex.db.backfill",
    "codex.db.backfill",
    "rollout.backfill.bytes_read",
  ]);
});

Deno.test("backfill() has no sink flush that failed at what it was still at", async () => {
  let flushed = 0;
  const sink: MetricsSink = {
    counter: () => {},
    timer: () => new Promise((_, reject) => setTimeout(() => reject(new Error("no route")), 20)),
    flush: () => void flushed++,
  };
  await run({ metrics: [sink] });
  assertEquals(flushed, 0);
});

/** A promise as database clients give: none of the runtime's own, and nothing is done until somebody waits for it. */
class LazyPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = "LazyPromise";

  constructor(readonly begin: () => Promise<T>) {}

  then<A = T, B = never>(...on: Parameters<typeof Promise.prototype.then<A, B>>): Promise<A | B> {
    return this.begin().then(...on);
  }

  catch<B = never>(...on: Parameters<typeof Promise.prototype.catch<B>>): Promise<T | B> {
    return this.then(null, ...on);
  }

  finally(...on: Parameters<typeof Promise.prototype.finally>): Promise<T> {
    return this.begin().finally(...on);
  }
}

Deno.test("backfill() waits for promises that are not the runtime's own, whatever answers by them", async () => {
  const done: string[] = [];
  const lazily = <T>(what: string, value: T) =>
    new LazyPromise(() => {
      done.push(what);
      return Promise.resolve(value);
    });
  const item = { watermark: "a", fingerprint: "1", location: "/a", size: 1 };
  const steps = [{ done: false, value: item }, { done: true, value: undefined }];
  const reader = {
    read: (_: Uint8Array, offset: number) => lazily("read", offset === 0 ? 1 : null),
    close: () => lazily("closed", undefined),
  };
  const source = sourceWith({
    items: () => ({ [Symbol.asyncIterator]: () => ({ next: () => lazily("listed", steps.shift()) }) }),
    open: () => lazily("opened", reader),
  });
  const inner = textExtractor();
  const lazy: Extractor<Item, string> = {
    version: "1",
    extract: (...given) => new LazyPromise(async () => await inner.extract(...given)),
  };
  const sink: MetricsSink = { counter: () => {}, timer: () => lazily("timed", undefined) };
  const { report, failures } = await run({ source, extractor: lazy, metrics: [sink] });
  assertEquals([report.upserted, failures], [1, []]);
  assertEquals(done, ["listed", "listed", "opened", "read", "closed", "timed"]);
});

Deno.test("backfill() drops a sink whose promise of its own rejects", async () => {
  const told: string[] = [];
  const sink: MetricsSink = {
    counter: () => {},
    timer: () => new LazyPromise(() => Promise.reject(new Error("no route to host"))),
  };
  await run({ metrics: [sink], onEvent: (event) => event.type === "sink_failed" && told.push(event.reason) });
  assertEquals(told, ["no route to host"]);
});

Deno.test("untilAborted() gives what is waited for some time after the signal, and drops what comes later", async () => {
  const signal = AbortSignal.abort("cancelled");
  const soon = new Promise((resolve) => setTimeout(() => resolve("came"), 10));
  assertEquals(await untilAborted(soon, signal, 5000), "came");
  assertEquals(await untilAborted(never, signal, 10).catch(String), "cancelled");
  assertEquals(await untilAborted(never, signal).catch(String), "cancelled");
});

Deno.test("within() waits no longer than it is told", async () => {
  assertEquals(await within(Promise.resolve(1), 5000, "it took longer than 5 s"), 1);
  await assertRejects(() => within(never, 10, "it took longer than 10 ms"), Error, "it took longer than 10 ms");
});

Deno.test({
  name: "untilAborted() and within() leave neither a listener nor a timer behind once what they wait for came",
  sanitizeOps: true,
  async fn() {
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => void listeners++;
    signal.removeEventListener = () => void listeners--;
    await untilAborted(Promise.resolve(), signal);
    assertEquals(listeners, 0);
    await untilAborted(Promise.resolve(), AbortSignal.abort(), 60_000);
    await within(Promise.resolve(), 60_000, "it took longer than a minute");
  },
});
