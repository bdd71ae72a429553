/**
 * What a rollout gives depends on it alone, the counts included: not on what the same extractor, or the same thread, read before.
 * Else a run that was killed, or one with more threads, would leave another ledger.
 */
import { assertEquals } from "@std/assert";
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import { bytesOf, CountingReader, itemOf } from "./actual.ts";
import { answer, line, META, SEVEN_TOKENS, tokens } from "./written_lines.ts";

/** A total, then hundreds of lines without one, the last third of them malformed: none that is kept for the end is enough. */
const DOUBTFUL = [
  META,
  tokens(SEVEN_TOKENS),
  ...Array.from({ length: 300 }, (_, at) => [tokens(at < 200 ? null : 5), answer("x".repeat(3000))]).flat(),
  "",
];

/** A total, malformed lines, and then so much else that what waited was let go: but not where there is more room. */
const LET_GO = [
  META,
  tokens(SEVEN_TOKENS),
  ...Array.from({ length: 6 }, () => tokens(5)),
  ...Array.from({ length: 250 }, () => answer("x".repeat(3000))),
  "",
];

/** A line that is held whole, and for which room is made. */
const LONG = [META, line("unheard_of", { text: "x".repeat(1_500_000) }), answer("x".repeat(10)), ""];

Deno.test("what a rollout gives does not depend on what was read before it", async () => {
  const extractor = codexExtractor(), signal = new AbortController().signal;
  const read = async (lines: readonly string[]) => {
    const bytes = bytesOf(lines.join("\n")), reader = new CountingReader(bytes);
    const extraction = await extractor.extract(itemOf(bytes), { open: () => reader, signal });
    return { ...extraction, counted: reader.count };
  };
  const doubtful = await read(DOUBTFUL), letGo = await read(LET_GO), long = await read(LONG);
  for (const again of [LONG, DOUBTFUL, LET_GO, LONG, LET_GO, DOUBTFUL]) {
    const expected = again === LONG ? long : again === LET_GO ? letGo : doubtful;
    assertEquals(await read(again), expected);
  }
  assertEquals([doubtful.row.tokens_used, letGo.row.tokens_used, long.records], [7, 7, 3]);
});
