import { assert, assertEquals } from "@std/assert";
import { findCollector } from "../../src/collector.ts";
import { Extracted } from "../../src/pool/extracted.ts";
import { pack } from "../../src/pool/packed.ts";
import type { Outcome } from "../../src/store.ts";

function outcome(watermark: string): Outcome<string> {
  const extraction = { key: watermark, row: "row", rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 3 };
  return { watermark, fingerprint: "1", location: watermark, version: "1", extraction };
}

Deno.test("Extracted gives what a thread made, packed or not, once", () => {
  const outcomes = [outcome("a"), outcome("b")], packed = pack(outcomes);
  assert("json" in packed);
  for (const [answer, length] of [[{ value: outcomes }, 7], [packed, packed.json.length]] as const) {
    const extracted = new Extracted<string>(2, { outcomes: answer, count: 2, length: 7 });
    assertEquals([extracted.tasks, extracted.length], [2, length]);
    assertEquals(extracted.take(), outcomes);
    assertEquals(extracted.take(), []);
  }
  const nothing = Extracted.nothing<string>();
  assertEquals([nothing.tasks, nothing.length, nothing.take()], [0, 0, []]);
});

Deno.test("Extracted knows before it is taken how many items there is an outcome of", () => {
  const answer = { outcomes: pack([outcome("a")]), count: 1, length: 7 };
  const all = [new Extracted<string>(1, answer), new Extracted<string>(2, answer), Extracted.nothing<string>()];
  assertEquals(all.map(({ tasks, count }) => [tasks, count]), [[1, 1], [2, 1], [0, 0]]);
});

Deno.test("Extracted does not hold what was taken", async () => {
  const collect = findCollector();
  assert(collect, "this version of Deno has no collector to find");
  let made: Outcome<string> | undefined = outcome("a");
  const seen = new WeakRef(made);
  const extracted = new Extracted<string>(1, { outcomes: { value: [made] }, count: 1, length: 1 });
  made = undefined;
  const next = async () => {
    // A reference is kept until the turn ends in which it was made or looked at.
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    return seen.deref()?.watermark;
  };
  assertEquals(await next(), "a");
  extracted.take();
  assertEquals(await next(), undefined);
  assertEquals(extracted.tasks, 1);
});
