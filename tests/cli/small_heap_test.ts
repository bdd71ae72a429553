import { assertEquals } from "@std/assert";
import { type HeapControls, keepHeapSmall } from "../../src/cli/small_heap.ts";

const MB = 1e6;

/** Who only looks at the memory keeps no process alive. */
function keepAwake(): Disposable {
  const timer = setInterval(() => {}, 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** What the process and the heap take, in MB, whenever they are looked at; and which of these looks led to a collection. */
async function collectionsOf(looks: readonly (readonly [rss: number, heap: number])[], controls: HeapControls = {}) {
  const collected: number[] = [], { promise, resolve } = Promise.withResolvers<void>();
  let at = -1;
  using _awake = keepAwake();
  using _heap = keepHeapSmall({
    threads: 2,
    find: () => () => void collected.push(at),
    ...controls,
    usage: () => {
      at++;
      if (at >= looks.length) resolve();
      const [rss, heapTotal] = looks[at] ?? [0, 0];
      return { rss: rss * MB, heapTotal: heapTotal * MB };
    },
  });
  await promise;
  return collected;
}

Deno.test("keepHeapSmall() collects once the process takes much, and most of the heap is garbage", async () => {
  // The look after a collection says what is in use.
  assertEquals(await collectionsOf([[120, 60], [141, 60], [143, 60], [110, 11]]), [2]);
  assertEquals(await collectionsOf([[500, 19], [500, 21], [480, 11]]), [1]);
});

Deno.test("keepHeapSmall() collects again once the heap has grown by what is worth it, and as much again as is in use", async () => {
  assertEquals(await collectionsOf([[143, 60], [110, 11], [141, 40], [143, 21], [143, 23], [110, 11]]), [0, 4]);
  assertEquals(await collectionsOf([[300, 200], [200, 90], [280, 170], [300, 185], [200, 90]]), [0, 3]);
});

Deno.test("keepHeapSmall() does not take for in use what the heap gave back", async () => {
  assertEquals(await collectionsOf([[300, 200], [200, 90], [200, 20], [300, 39], [300, 41], [110, 11]]), [0, 4]);
});

Deno.test("keepHeapSmall() leaves a process with more threads more memory", async () => {
  assertEquals(await collectionsOf([[190, 60], [220, 60], [150, 11]], { threads: 4 }), [1]);
});

Deno.test("keepHeapSmall() looks no more where nothing collects, and after it was disposed", async () => {
  using _awake = keepAwake();
  let looks = 0;
  const usage = () => (looks++, { rss: 999 * MB, heapTotal: 99 * MB });
  const { promise, resolve } = Promise.withResolvers<void>();
  using _none = keepHeapSmall({ usage, find: () => (resolve(), undefined) });
  await promise;
  let collections = 0;
  const disposed = keepHeapSmall({ usage, find: () => () => collections++ });
  disposed[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals([looks, collections], [1, 0]);
});
