import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Prefixes } from "../../src/prefixes.ts";

Deno.test("Prefixes finds what any of them begins, however they lie to each other", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "\uff61", "😀"), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), fc.array(text, { maxLength: 20 }), (prefixes, texts) => {
      const known = new Prefixes(prefixes);
      for (const text of texts) {
        assertEquals(
          known.begins(text),
          prefixes.some((prefix) => text.startsWith(prefix)),
          text,
        );
      }
    }),
    { numRuns: 2000 },
  );
});
