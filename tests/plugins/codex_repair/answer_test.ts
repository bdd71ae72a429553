/**
 * What the commands show a person of values that are long.
 */
import { assertEquals } from "@std/assert";
import { shown, shownChange } from "../../../plugins/codex_repair/answer.ts";

Deno.test("a long value is cut between two characters", () => {
  assertEquals(shown(`${"a".repeat(57)}😀${"b".repeat(9)}`), `"${"a".repeat(57)}😀…`);
  assertEquals(shown(`${"a".repeat(58)}😀${"b".repeat(9)}`), `"${"a".repeat(58)}…`);
});

Deno.test("what is the same of two long values is left out up to a whole character", () => {
  const long = `${"a".repeat(70)}😀${"b".repeat(9)}`;
  assertEquals(shownChange(`${long}1`, `${long}2`), `"…😀${"b".repeat(9)}1" → "…😀${"b".repeat(9)}2"`);
  assertEquals(shownChange(`${long}b1`, `${long}b2`), `"…${"b".repeat(10)}1" → "…${"b".repeat(10)}2"`);
});
