/** The items that are due: few as they are, many squeezed, and the same again when they are taken. */
import { assert, assertEquals } from "@std/assert";
import { type DueItem, DueItems } from "../../src/due.ts";
import type { Item } from "../../src/source.ts";

/** An item with all that an item may have. */
interface Rich extends Item {
  readonly more?: unknown;
}

function due(at: number, more?: unknown): DueItem<Rich> {
  const watermark = `item-${String(at).padStart(6, "0")} \ud800😀`;
  const item = { watermark, fingerprint: `${at}`, location: `/${at}`, size: at };
  return { item: more === undefined ? item : { ...item, more }, continues: at % 3 === 0 };
}

async function filled(items: readonly DueItem<Rich>[]): Promise<DueItems<Rich>> {
  const all = new DueItems<Rich>(true);
  for (const item of items) {
    all.push(item);
    if (all.isFull) await all.squeeze();
  }
  all.sort();
  await all.squeeze();
  return all;
}

Deno.test("items that are due are the same when they are taken, few or many, in any order", async () => {
  for (const count of [0, 1, 99, 100, 101, 6_099, 6_101, 12_345]) {
    const items = Array.from({ length: count }, (_, at) => due(at, at % 700 === 699 ? { big: 2n ** 60n } : undefined));
    for (const added of [items, items.toReversed()]) {
      const all = await filled(added);
      assertEquals([all.length, all.bytes, all.isFull], [count, count * (count - 1) / 2, false]);
      assertEquals([...all], items);
      for (let at = 0; at <= count; at += 199) assertEquals(all.slice(at, at + 199), items.slice(at, at + 199));
    }
  }
});

Deno.test("bytes before a place are those of the items before it, within a part as if all were alike", async () => {
  const items = Array.from(
    { length: 250 },
    (_, at) => ({ ...due(at), item: { ...due(at).item, size: 7, contentSize: 10 } }),
  );
  const all = await filled(items.toReversed());
  assertEquals([0, 30, 100, 150, 249, 250, 900].map((at) => all.bytesBefore(at)), [
    0,
    300,
    1_000,
    1_500,
    2_490,
    2_500,
    2_500,
  ]);
  assertEquals(new DueItems().bytesBefore(0), 0);
  const few = await filled([due(30), due(10), due(20)]);
  assertEquals([few.bytesBefore(1), few.bytesBefore(3)], [20, 60]);
});

Deno.test("only the first of many items are kept as they are", async () => {
  const items = Array.from({ length: 30_000 }, (_, at) => due(at)), all = await filled(items);
  const same = items.map((item, at) => all.slice(at, at + 1)[0] === item);
  assert(same.slice(0, 6_000).every(Boolean));
  const kept = same.filter(Boolean).length;
  assert(kept <= 6_200, `${kept}`);
});

Deno.test("items that are released are forgotten, by whole parts", async () => {
  const items = Array.from({ length: 12_000 }, (_, at) => due(at)), all = await filled(items);
  all.release(11_150);
  assertEquals([all.slice(0, 11_100).length, all.length], [0, 12_000]);
  assertEquals(all.slice(11_150, 20_000), items.slice(11_150));
});
