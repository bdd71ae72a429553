import { assert, assertEquals } from "@std/assert";
import { memoryStore } from "../../plugins/store_memory.ts";
import { backfill } from "../../src/backfill.ts";
import type { Extractor } from "../../src/extractor.ts";
import { lengthOfOutcome } from "../../src/length.ts";
import type { Item } from "../../src/source.ts";

const LARGE = 1 << 20;

function extractionOf(row: unknown, bytesRead: number) {
  return { key: "a", row, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead };
}

/** How long an outcome with a row is taken to be. */
function lengthWith(row: unknown): number {
  const item = { watermark: "a", fingerprint: "1", location: "/a" };
  return lengthOfOutcome({ ...item, version: "1", extraction: extractionOf(row, 100) });
}

/** Half of a megabyte of text, so deep in other values. */
function nested(depth: number): unknown {
  return depth === 0 ? "x".repeat(LARGE / 2) : { inner: [nested(depth - 1)] };
}

Deno.test("lengthOfOutcome() counts text and bytes, wherever they are", () => {
  const text = "x".repeat(LARGE / 2), bytes = new Uint8Array(LARGE / 2);
  const rows = [{ text }, [text], new Map([["a", text]]), new Set([text]), nested(20), { bytes }, bytes.buffer];
  for (const row of rows) {
    const length = lengthWith(row);
    assert(length >= LARGE / 2 && length < LARGE / 2 + 1000, `${length}`);
  }
});

Deno.test("lengthOfOutcome() ends with rows that hold themselves, and with more values than it has to look at", () => {
  const all: unknown[] = [];
  for (let count = 0; count < 2000; count++) all.push({ all });
  assert(lengthWith(all) > LARGE / 2);
  assert(lengthWith(new Array(1e7).fill(1)) > LARGE / 2);
});

Deno.test("backfill() commits a batch in parts where small items give large rows", async () => {
  const items = Array.from({ length: 20 }, (_, at) => (
    { watermark: `${10 + at}`, fingerprint: "1", location: "/", size: 100 }
  ));
  const extractor: Extractor<Item, unknown> = {
    version: "1",
    extract: ({ watermark }) => ({ ...extractionOf(new Uint8Array(LARGE), 100), key: watermark }),
  };
  const source = { id: "s", items: () => items, open: () => ({ read: () => null, close: () => {} }) };
  const committed: number[] = [];
  await backfill({
    source,
    extractor,
    store: memoryStore<unknown>(),
    onEvent: (event) => event.type === "committed" && committed.push(event.batch.scanned),
  });
  assert(Math.max(...committed) <= 3, committed.join());
});

Deno.test("backfill() records what cannot be looked at as refused, and goes on", async () => {
  const items = ["a", "b"].map((watermark) => ({ watermark, fingerprint: "1", location: "/", size: LARGE }));
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const extractor: Extractor<Item, unknown> = {
    version: "1",
    extract: ({ watermark }) => extractionOf(watermark === "a" ? { inner: revoked.proxy } : "row", LARGE),
  };
  const source = { id: "s", items: () => items, open: () => ({ read: () => null, close: () => {} }) };
  const store = memoryStore<unknown>();
  const report = await backfill({ source, extractor, store });
  assertEquals([report.status, report.upserted, report.failed], ["complete", 1, 1]);
  assertEquals((await store.failures()).map(({ kind }) => kind), ["refused"]);
});
