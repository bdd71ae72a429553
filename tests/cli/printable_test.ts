/**
 * What is printed is plain text, and JSON that every parser takes, whatever it is made of.
 */
import { assert, assertEquals } from "@std/assert";
import { printable, printableJson } from "../../src/cli/printable.ts";

/** What shows nothing, or what comes before or after it otherwise than it is, by the code points of its ends. */
const UNSEEN: readonly (readonly [from: number, to: number])[] = [
  ...[[0, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x34f, 0x34f], [0x61c, 0x61c], [0x115f, 0x1160], [
    0x17b4,
    0x17b5,
  ]] as const,
  ...[[0x180b, 0x180f], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f], [0x3164, 0x3164], [
    0xfeff,
    0xfeff,
  ]] as const,
  ...[[0xffa0, 0xffa0], [0xfff0, 0xfffb], [0xe0000, 0xe0fff]] as const,
];

Deno.test("what nobody can see is escaped, for people and in JSON", () => {
  for (const [from, to] of UNSEEN) {
    for (let point = from; point <= to; point++) {
      const character = String.fromCodePoint(point), text = `a${character}b`, shown = printable(text);
      assert(/^a(\\u[0-9a-f]{4}){1,2}b$/.test(shown), shown);
      assertEquals(JSON.parse(`"${shown}"`), text);
      const json = printableJson([text]);
      assertEquals([json.includes(character) && character !== "\n", JSON.parse(json)], [false, [text]]);
    }
  }
});

Deno.test("what everybody can see is printed as it is", () => {
  for (
    const text of [
      "plain",
      "\u00a0é\u0301",
      "漢字かな\u3000",
      "Привет",
      "עברית",
      "العربية",
      "हिन्दी",
      "😀❤️🇫🇷1️⃣👍🏽",
      "𝒳𐍈",
    ]
  ) {
    assertEquals([printable(text), printableJson(text)], [text, `"${text}"`]);
  }
});

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
