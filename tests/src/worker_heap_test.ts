import { assert, assertEquals } from "@std/assert";
import { Extracted } from "../../src/pool/extracted.ts";
import { PoolWorker } from "../../src/pool/pool_worker.ts";
import { WorkerHeap } from "../../src/pool/worker_heap.ts";
import type { Item } from "../../src/source.ts";

/** What the heap takes at each look, in MB, and after a collection; and which looks led to one. */
function collectionsOf(looks: readonly (number | readonly [before: number, after: number])[], finds = true) {
  const collected: number[] = [];
  let at = 0, now = 0, found = 0;
  const heap = new WorkerHeap({
    usage: () => ({ heapTotal: now * 1e6 }),
    find: () => {
      found++;
      if (!finds) return undefined;
      return () => {
        collected.push(at);
        const look = looks[at];
        if (typeof look === "object") now = look[1];
      };
    },
  });
  for (const look of looks) {
    now = typeof look === "object" ? look[0] : look;
    heap.look();
    at++;
  }
  return { collected, found };
}

Deno.test("WorkerHeap collects once the heap takes much", () => {
  assertEquals(collectionsOf([10, 20, 31, 25]), { collected: [], found: 0 });
  assertEquals(collectionsOf([10, [33, 12], 20, 31, [33, 12]]), { collected: [1, 4], found: 1 });
});

Deno.test("WorkerHeap waits until there may be as much garbage as there is in use", () => {
  assertEquals(collectionsOf([[90, 60], 90, 119, [121, 30], 59, [61, 10], 31, [33, 10]]).collected, [0, 3, 5, 7]);
});

Deno.test("WorkerHeap does not take for in use what the heap gave back", () => {
  assertEquals(collectionsOf([[90, 60], 20, 39, [41, 10]]).collected, [0, 3]);
});

Deno.test("WorkerHeap looks for a collector once, and for no more where there is none", () => {
  assertEquals(collectionsOf([50, 500, 5_000], false), { collected: [], found: 1 });
});

Deno.test("a worker thread begins a share without the garbage that the one before it left", async () => {
  const module = (name: string) => ({ url: new URL(`./pool_plugins/${name}`, import.meta.url).href });
  const worker = new PoolWorker<Item, number>({
    source: module("source.ts"),
    extractor: module("littering_extractor.ts"),
    version: "litter/1",
  });
  try {
    const tasks = [{ item: { watermark: "a", fingerprint: "1", location: "a", size: 1 } }];
    const heaps: (number | undefined)[] = [];
    for (let share = 0; share < 3; share++) {
      const [outcome] = new Extracted(1, await worker.extract({ tasks, bytes: 1 })).take();
      heaps.push(outcome?.extraction?.row);
    }
    assert(heaps.every((heap) => heap !== undefined && heap < 32e6), `it took ${heaps}`);
  } finally {
    worker.terminate();
  }
});
