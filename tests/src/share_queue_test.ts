import { assertEquals } from "@std/assert";
import { Extracted } from "../../src/pool/extracted.ts";
import { shares } from "../../src/pool/share.ts";
import { type QueuedShare, ShareQueue } from "../../src/pool/share_queue.ts";
import type { Item } from "../../src/source.ts";
import { densityOf } from "./density_of.ts";

const MB = 1 << 20;

/** Of batches of items, given by their sizes: the queue, and what each share was told. */
function queueOf(...batches: (readonly number[])[]) {
  const queue = new ShareQueue<Item, string>(), told: [at: number, tasks: number | undefined][] = [];
  let at = 0;
  for (const sizes of batches) {
    const batch = at;
    const tasks = sizes.map((size) => ({ item: { watermark: "", fingerprint: "", location: "", size } }));
    for (const share of shares(tasks)) {
      const from = at;
      queue.add({ share, at, batch, resolve: (extracted) => told.push([from, extracted?.tasks]) });
      at += share.tasks.length;
    }
  }
  return { queue, told };
}

const little = densityOf(0), much = densityOf(1);

/** Which items a share holds: from where on, and how many. */
function itemsOf(taken: QueuedShare<Item, string> | undefined) {
  return taken && [taken.at, taken.share.tasks.length, taken.share.bytes / MB];
}

Deno.test("ShareQueue gives the main thread what comes first, and a huge item only if there is nothing else", () => {
  const { queue } = queueOf([99 * MB, MB, 9 * MB, MB], [MB]);
  const all = Array.from({ length: 6 }, () => itemsOf(queue.takeForMain(little)));
  assertEquals(all, [[1, 1, 1], [2, 1, 9], [3, 1, 1], [4, 1, 1], [0, 1, 99], undefined]);
});

Deno.test("ShareQueue gives a worker what is largest, and a huge item only if it is idle", () => {
  const { queue } = queueOf([MB, 99 * MB, MB, 9 * MB], [10 * MB, MB]);
  assertEquals(itemsOf(queue.takeForWorker(false, little)), [4, 1, 10]);
  assertEquals(itemsOf(queue.takeForWorker(true, little)), [1, 1, 99]);
  assertEquals(itemsOf(queue.takeForWorker(true, little)), [3, 1, 9]);
  // What does not follow it is not joined to it, nor is another batch.
  const rest = Array.from({ length: 4 }, () => itemsOf(queue.takeForWorker(true, little)));
  assertEquals(rest, [[0, 1, 1], [2, 1, 1], [5, 1, 1], undefined]);
});

Deno.test("ShareQueue joins shares that follow each other where little comes of them", () => {
  const { queue } = queueOf([MB, MB, MB], [MB, MB]);
  assertEquals(itemsOf(queue.takeForWorker(true, much)), [0, 1, 1]);
  assertEquals(itemsOf(queue.takeForWorker(true, little)), [1, 2, 2]);
  assertEquals(itemsOf(queue.takeForMain(much)), [3, 1, 1]);
  assertEquals(itemsOf(queue.takeForMain(little)), [4, 1, 1]);
});

Deno.test("what came of joined shares is told to the first, and nothing to the others", () => {
  const { queue, told } = queueOf([MB, MB, MB]);
  const taken = queue.takeForWorker(true, little);
  assertEquals(itemsOf(taken), [0, 3, 3]);
  taken?.resolve(new Extracted<string>(3, { outcomes: { value: [] }, count: 0, length: 0 }));
  assertEquals(told, [[0, 3], [1, 0], [2, 0]]);
  const broken = queueOf([MB, MB]);
  broken.queue.takeForWorker(true, little)?.resolve(undefined);
  assertEquals(broken.told, [[0, undefined], [1, undefined]]);
});

Deno.test("ShareQueue gives the one share that is waited for, alone, and all that are left", () => {
  const { queue } = queueOf([MB, MB, MB], [MB]);
  assertEquals([1, 1, 7].map((at) => itemsOf(queue.takeAt(at))), [[1, 1, 1], undefined, undefined]);
  assertEquals(queue.clear().map(itemsOf), [[0, 1, 1], [2, 1, 1], [3, 1, 1]]);
  assertEquals([queue.takeForMain(little), queue.takeForWorker(true, little)], [undefined, undefined]);
});
