/**
 * Where there is no WebAssembly, the extractor gives the same, and goes on from the same snapshots.
 */
import { assertEquals } from "@std/assert";
import type { ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { takeScanner } from "../../../plugins/extractor_codex/scanner/scanners.ts";
import { PlainScanner } from "../../../plugins/extractor_codex/scanner/plain_scanner.ts";
import fc from "../../fast_check.ts";
import { actual, bytesOf, comparable, extract, itemOf } from "./actual.ts";
import { reference } from "./reference.ts";
import { damaged, rolloutBytes } from "./rollouts.ts";

Reflect.deleteProperty(globalThis, "WebAssembly");

Deno.test("the scanner in TypeScript is taken", () => {
  assertEquals(takeScanner({ ...PROFILES.default }) instanceof PlainScanner, true);
});

Deno.test("rollouts that chance makes, between lines that are longer than a read", () => {
  const profiles = fc.constantFrom<ProfileName>("default", "0.99.0", "0.169.0");
  const long = fc.constantFrom(0, 1000, 300_000);
  return fc.assert(
    fc.asyncProperty(fc.oneof(rolloutBytes, damaged(rolloutBytes)), long, profiles, async (first, size, profile) => {
      const text = `{"timestamp":"t","type":"response_item","payload":{"type":"other","x":"${"é".repeat(size)}"}}\n`;
      const bytes = Uint8Array.from([...first, 10, ...bytesOf(text), ...first]);
      const expected = reference(itemOf(bytes), bytes, profile);
      assertEquals(comparable(await actual(bytes, { profile, piece: () => 70_000 })), comparable(expected));
      assertEquals(await actual(bytes, { profile, strict: true }), expected);
      if ("failure" in expected) return;
      const { snapshot } = await extract(bytes, { profile });
      const grown = Uint8Array.from([...bytes, 10, ...first]);
      const whole = comparable(reference(itemOf(grown), grown, profile));
      assertEquals(comparable(await actual(grown, { profile, snapshot })), whole);
    }),
    { numRuns: 60 },
  );
});
