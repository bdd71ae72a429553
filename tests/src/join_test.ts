/** Items and ledger side by side: the same answer in any order, and next to nothing kept where both are in order. */
import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Join } from "../../src/join.ts";
import type { Item } from "../../src/source.ts";
import type { LedgerEntry } from "../../src/store.ts";

function item(watermark: string, fingerprint = "1"): Item {
  return { watermark, fingerprint, location: `/${watermark}`, size: 1 };
}

function entry(watermark: string): LedgerEntry {
  return { watermark, fingerprint: "1", version: "v1", outcome: "done", transient: false, gone: false };
}

/** What a join found out. */
interface Found {
  readonly pairs: readonly string[];
  readonly again: readonly string[];
  readonly unlisted: readonly string[];
}

function join(items: readonly Item[], ledger: readonly LedgerEntry[], size: number): Found {
  const pairs: string[] = [], again: string[] = [], strangers = new Set<string>();
  const joined = new Join<Item>({
    pair: ({ watermark, fingerprint }, known) => {
      pairs.push(`${watermark} ${fingerprint} ${known?.watermark ?? "-"}`);
      if (!known) strangers.add(watermark);
    },
    again: ({ watermark, fingerprint }) => again.push(`${watermark} ${fingerprint}`),
    strangers: () => strangers,
  });
  const rest = [...ledger], more = () => joined.read(rest.splice(0, size));
  for (const one of items) while (!joined.list(one)) more();
  while (!joined.hasLedger) more();
  const { doubtful } = joined;
  joined.finish(new Set(ledger.map(({ watermark }) => watermark).filter((watermark) => doubtful.has(watermark))));
  return { pairs: pairs.sort(), again: again.sort(), unlisted: [...joined.unlisted.keys()].sort() };
}

/** The obvious way. */
function lookUp(items: readonly Item[], ledger: readonly LedgerEntry[]): Found {
  const known = new Map(ledger.map((one) => [one.watermark, one])), seen = new Set<string>();
  const pairs: string[] = [], again: string[] = [];
  for (const { watermark, fingerprint } of items) {
    if (seen.has(watermark)) again.push(`${watermark} ${fingerprint}`);
    else pairs.push(`${watermark} ${fingerprint} ${known.get(watermark)?.watermark ?? "-"}`);
    seen.add(watermark);
  }
  const unlisted = [...known.keys()].filter((watermark) => !seen.has(watermark));
  return { pairs: pairs.sort(), again: again.sort(), unlisted: unlisted.sort() };
}

Deno.test("a join finds the same in any order of items and ledger", () => {
  const watermark = fc.oneof(fc.constantFrom("", "a", "b", "b/1", "c", "\uff61", "😀", "\ud800"), fc.string());
  const property = fc.property(
    fc.array(watermark),
    fc.uniqueArray(watermark),
    fc.boolean(),
    fc.integer({ min: 1, max: 5 }),
    (listed, known, isSorted, size) => {
      if (isSorted) [listed, known].forEach((one) => one.sort());
      const items = listed.map((one, at) => item(one, `${at}`)), ledger = known.map(entry);
      assertEquals(join(items, ledger, size), lookUp(items, ledger));
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

Deno.test("a join of what is in order takes every item as it comes, and keeps none", () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `item-${String(at).padStart(4, "0")}`);
  let paired = 0, read = 0;
  const joined = new Join<Item>({
    pair: (one, known) => {
      assertEquals([one.watermark, known?.watermark], [names[paired], names[paired]]);
      paired++;
    },
    again: () => assert(false),
    strangers: () => new Set(),
  });
  for (const name of names) {
    while (!joined.list(item(name))) joined.read(names.slice(read, read += 10).map(entry));
    assertEquals([read - paired < 10, joined.unlisted.size], [true, 0]);
  }
  assertEquals([paired, joined.unlisted.size, joined.doubtful.size], [1_000, 0, 0]);
});
