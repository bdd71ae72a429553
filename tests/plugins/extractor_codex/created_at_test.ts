/**
 * When a thread was created, where its session_meta does not say it plainly.
 */
import { assertEquals } from "@std/assert";
import { codexExtractor, type ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { rolloutText, threadId } from "../../home.ts";
import { extractText } from "./extract_text.ts";

/** When the thread was created by whose session_meta this is the time. */
async function createdAt(timestamp: string, profile: ProfileName): Promise<unknown> {
  const id = threadId(1);
  const [meta = "", ...rest] = rolloutText(id, "hello").split("\n");
  const { payload, ...more } = JSON.parse(meta);
  const text = [JSON.stringify({ ...more, payload: { ...payload, timestamp } }), ...rest].join("\n");
  return (await extractText(codexExtractor({ profile }), text, id))?.created_at_ms;
}

Deno.test("a thread whose session_meta has a time that cannot be read was created when the name of its file says", async () => {
  // The name is rollout-2026-05-06T01-02-03, with the id.
  assertEquals(await createdAt("odd", "default"), Date.UTC(2026, 4, 6, 1, 2, 3));
});

Deno.test("Codex 0.99 cuts a leap second to the second before it", async () => {
  // To its library it is a part of that second.
  for (const leap of ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.500Z"]) {
    assertEquals(await createdAt(leap, "0.99.0"), Date.UTC(2016, 11, 31, 23, 59, 59));
  }
});
