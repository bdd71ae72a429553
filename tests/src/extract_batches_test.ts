/**
 * What is held while batches are extracted and committed, what is begun ahead, and what worker threads are told of it.
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { type BatchPool, extractBatches } from "../../src/batches.ts";
import { DueItems } from "../../src/due.ts";
import type { Extractor } from "../../src/extractor.ts";
import { Extracted } from "../../src/pool/extracted.ts";
import type { Item, Source } from "../../src/source.ts";
import type { Outcome } from "../../src/store.ts";
import { Turns } from "../../src/turns.ts";

const COUNT = 3_000;

const extraction = { key: "k", rank: "", row: "row", records: 1, malformed: 0, unknown: {}, bytesRead: 10 };

const source: Source = { id: "s", items: () => [], open: () => ({ read: () => null, close() {} }) };

const extractor: Extractor<Item, string> = { version: "1", extract: () => extraction };

function dueItems(): DueItems<Item> {
  const due = new DueItems<Item>(true);
  for (let at = 0; at < COUNT; at++) {
    const watermark = String(at).padStart(6, "0");
    due.push({ item: { watermark, fingerprint: "1", location: watermark, size: 10 }, continues: true });
  }
  return due;
}

/** Threads that are done at once, and note what they are told. */
class InstantPool implements BatchPool<Item, string> {
  readonly workers = 2;
  readonly isOver = false;
  onIdle = (): void => {};
  /** How often something was begun. */
  begun = 0;
  /** How much was made and not released. */
  held = 0;
  /** The shares without which nothing goes on, by the number of the first item. */
  readonly awaited: number[] = [];

  extract(shares: Parameters<BatchPool<Item, string>["extract"]>[0]): Promise<Extracted<string>>[] {
    this.begun++;
    return shares.map(({ tasks }) => {
      const value = tasks.map(({ item }): Outcome<string> => ({ ...item, version: "1", extraction }));
      this.held += 1000;
      const answer = { outcomes: { value }, count: tasks.length, length: 1000 };
      return Promise.resolve(new Extracted<string>(tasks.length, answer));
    });
  }

  release(length: number): void {
    this.held -= length;
  }

  await(at: number): void {
    this.awaited.push(at);
  }

  async end(): Promise<void> {}
}

function batches(due: DueItems<Item>, pool?: BatchPool<Item, string>): AsyncGenerator<Outcome<string>[]> {
  return extractBatches<Item, string>(due, {
    source,
    extractor,
    batchSize: 200,
    pool,
    snapshots: () => Promise.resolve(new Map()),
    signal: new AbortController().signal,
    turns: new Turns(),
  });
}

for (const [what, pool] of [["with threads", new InstantPool()], ["without", undefined]] as const) {
  Deno.test(`items of batches that were committed are held no longer, ${what}`, async () => {
    const due = dueItems();
    let done = 0;
    for await (const outcomes of batches(due, pool)) {
      assertEquals([done, due.slice(0, done).length], [done, 0]);
      done += outcomes.length;
    }
    assertEquals([done, due.slice(0, COUNT).length], [COUNT, 0]);
  });
}

Deno.test("threads are told of all that was taken from them, and which share nothing goes on without", async () => {
  const pool = new InstantPool();
  let count = 0;
  for await (const outcomes of batches(dueItems(), pool)) count += outcomes.length;
  assertEquals([count, pool.held], [COUNT, 0]);
  const [first, ...others] = pool.awaited;
  assertEquals(first, 0);
  assert(others.length > 1);
  assertEquals(pool.awaited, [...new Set(pool.awaited)].toSorted((one, other) => one - other));
});

Deno.test("a few batches are begun ahead, and some more while a thread is idle", async () => {
  const pool = new InstantPool(), made = batches(dueItems(), pool);
  await made.next();
  const first = pool.begun;
  assertLess(first, 5);
  for (let times = 0; times < 20; times++) pool.onIdle();
  await new Promise((resolve) => setTimeout(resolve));
  assert(pool.begun > first);
  assertLess(pool.begun, 8);
  await made.return(undefined);
});
