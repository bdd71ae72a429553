import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { isFull, isHuge, isLarge, shares } from "../../src/pool/share.ts";
import { Threads } from "../../src/pool/threads.ts";

const MB = 1 << 20;

function tasks(sizes: readonly number[]) {
  return sizes.map((size, at) => ({ item: { watermark: String(at), fingerprint: "", location: "", size } }));
}

Deno.test("shares() keeps every item, in order, and cuts by count and by bytes", () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 20 * MB }), { maxLength: 300 }), (sizes) => {
    const all = tasks(sizes), cut = shares(all);
    assertEquals(cut.flatMap(({ tasks }) => tasks), all);
    for (const { tasks, bytes } of cut) {
      assertEquals(bytes, tasks.reduce((sum, { item }) => sum + item.size, 0));
      assert(tasks.length > 0 && tasks.length <= 50);
      assert(bytes <= 8 * MB || tasks.length === 1);
    }
  }));
  assertEquals(shares(tasks(Array(120).fill(1))).map(({ tasks }) => tasks.length), [50, 50, 20]);
});

Deno.test("an item that is stored compressed counts as what there is to read of it", () => {
  const [first, second] = tasks([2 * MB, 1 * MB]);
  assert(first && second);
  const cut = shares([{ item: { ...first.item, contentSize: 9 * MB } }, second]);
  assertEquals(cut.map(({ bytes }) => bytes), [9 * MB, 1 * MB]);
  let started = 0;
  const expect = (contentSize: number, count: number) => {
    using threads = new Threads(() => (started++, undefined));
    for (let n = 0; n < count; n++) threads.expect({ ...first.item, contentSize });
    return started;
  };
  assertEquals([expect(2 * MB, 60), expect(8 * MB, 60)], [0, 1]);
});

Deno.test("a large item is a share of its own, and two are enough for a worker", () => {
  const [small, large, after] = shares(tasks([1, 9 * MB, 1]));
  assert(small && large && after);
  assertEquals([small, large, after].map(isLarge), [false, true, false]);
  assertEquals([small, large, ...shares(tasks([90 * MB]))].map(isHuge), [false, false, true]);
  assertEquals([[], [small], [large], [large, large]].map(isFull), [false, false, false, true]);
  assertEquals([150, 200].map((count) => isFull(shares(tasks(Array(count).fill(1))))), [false, true]);
  assertEquals([[90 * MB], [90 * MB, 1]].map((sizes) => isFull(shares(tasks(sizes)))), [false, true]);
});
