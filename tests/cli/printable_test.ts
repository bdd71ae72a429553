/**
 * What is printed is plain text, and JSON that every parser takes, whatever it is made of.
 */
import { assertEquals } from "@std/assert";
import { printableJson } from "../../src/cli/printable.ts";

Deno.test("JSON is well formed also of halves of characters, in names and in values", () => {
  const half = "\ud83d", other = "\ude00";
  for (const text of [half, other, `${other}${half}`, `\\${half}`, `\\\\${other}x`, `"${half}"`, `${half}\\ude00`]) {
    const json = printableJson({ [text]: [text, 1] });
    assertEquals(JSON.parse(json), { [text.toWellFormed()]: [text.toWellFormed(), 1] });
  }
  for (const text of ["😀", "\\ud83d", "\\\\ud83d\\ude00", "\u001b\u{e0001}"]) {
    assertEquals(JSON.parse(printableJson({ [text]: text })), { [text]: text });
  }
});
