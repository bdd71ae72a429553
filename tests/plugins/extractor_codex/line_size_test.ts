import { assertEquals } from "@std/assert";
import { holdsTooMuch } from "../../../plugins/extractor_codex/line_size.ts";

/** More than a line may hold, if they are values. */
const COMMAS = ",".repeat(1_000_001);

Deno.test("what stands in a text is no value, however its quotes and backslashes are escaped", () => {
  for (const before of ["", '\\"', "\\\\", '\\\\\\"', '\\"\\\\', '\\\\\\"a\\"']) {
    assertEquals([before, holdsTooMuch(`["${before}${COMMAS}"]`)], [before, false]);
  }
});

Deno.test("what stands behind a text is, however that ends", () => {
  for (const text of ["", "a", "\\\\", '\\"', '\\"\\\\', '\\\\\\"', '\\"'.repeat(1000), "\\\\".repeat(1000)]) {
    assertEquals([text, holdsTooMuch(`["${text}"${COMMAS}]`)], [text, true]);
  }
});

Deno.test("a text that does not end holds no values", () => {
  assertEquals(holdsTooMuch(`["${COMMAS}`), false);
  assertEquals(holdsTooMuch(`["${COMMAS}\\"`), false);
});
