import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { compareCodePoints, sortBy } from "../../src/order.ts";

/** What UTF-8 bytes compare as: the order of Rust's strings. */
function compareBytes(a: string, b: string): number {
  const left = new TextEncoder().encode(a), right = new TextEncoder().encode(b);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]! - right[at]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

Deno.test("compareCodePoints() orders an emoji above U+FF61, as UTF-8 does and UTF-16 does not", () => {
  assert("\uff61" > "😀");
  assert(compareCodePoints("\uff61", "😀") < 0);
});

Deno.test("compareCodePoints() compares whole paths, not their parts", () => {
  const paths = ["a/b", "a.b", "a-b", "a b"];
  assertEquals(paths.sort(compareCodePoints), ["a b", "a-b", "a.b", "a/b"]);
});

Deno.test("compareCodePoints() agrees with the order of UTF-8 bytes", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  fc.assert(fc.property(text, text, (a, b) => {
    assertEquals(Math.sign(compareCodePoints(a, b)), Math.sign(compareBytes(a, b)));
  }));
});

Deno.test("sortBy() agrees with compareCodePoints()", () => {
  const text = fc.string({ unit: "binary", maxLength: 4 });
  fc.assert(fc.property(fc.array(text), (texts) => {
    const sorted = sortBy(texts.map((text) => ({ text })), ({ text }) => text).map(({ text }) => text);
    assertEquals(sorted, [...texts].sort(compareBytes));
  }));
});
