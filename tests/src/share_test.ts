import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Density } from "../../src/pool/density.ts";
import { countTogether, isFull, isHuge, isLarge, shares } from "../../src/pool/share.ts";
import { Threads } from "../../src/pool/threads.ts";
import { densityOf } from "./density_of.ts";

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
      assert(bytes <= MB || tasks.length === 1);
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
  const little = densityOf(0), isFullOf = (sizes: readonly number[]) => isFull(shares(tasks(sizes)), little);
  assertEquals([[], [1], [9 * MB], [9 * MB, 9 * MB]].map(isFullOf), [false, false, false, true]);
  assertEquals([150, 200].map((count) => isFullOf(Array(count).fill(1))), [false, true]);
  assertEquals([[63 * MB], [90 * MB], [90 * MB, 1]].map(isFullOf), [false, true, true]);
});

Deno.test("bytes weigh more, the more comes of them", () => {
  assertEquals([0, 1 / 32, 1 / 16].map((units) => Math.round(densityOf(units).weigh(MB))), [MB, MB, MB]);
  assertEquals([1 / 4, 1, 99].map((units) => Math.round(densityOf(units).weigh(MB))), [4 * MB, 16 * MB, 16 * MB]);
  const density = new Density();
  assertEquals(density.weigh(MB), 16 * MB);
  density.learn(0, 0);
  const once = density.weigh(MB);
  density.learn(MB, 0);
  assert(once < 16 * MB && density.weigh(MB) < once, "what came last says nothing");
});

Deno.test("a worker is asked for less at a time, the more is to be expected of it", () => {
  const many = shares(tasks(Array(100).fill(MB / 2)));
  assertEquals(many.length, 50);
  assertEquals([0, 1 / 9, 1 / 2, 1].map((units) => countTogether(many, densityOf(units))), [8, 4, 1, 1]);
  assertEquals([0, 1 / 2].map((units) => isFull(many.slice(0, 3), densityOf(units))), [false, true]);
  // Nor more than fifty items, and one share at least.
  assertEquals(countTogether(shares(tasks(Array(40).fill(MB / 16))), densityOf(0)), 3);
  assertEquals(countTogether(shares(tasks([90 * MB, 1])), densityOf(0)), 1);
});
