/**
 * No line takes for ever, or all the memory there is. Each runs in a process of its own, which ends when a rollout takes longer
 * than a minute.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { verdict } from "../../tools/fuzz/verdict.ts";
import { watchRun } from "../../tools/fuzz/watch.ts";
import { TemporaryHome, threadId } from "../home.ts";
import { longLines, rolloutAround } from "./long_lines.ts";

/** At this length what takes a step for every pair of characters takes hours. */
const LENGTH = 2_000_000;

const FOLDER = "sessions/2026/01/27/rollout-2026-01-27T12-34-56";

for (const profile of ["default", "0.99.0", "0.169.0"] as const) {
  Deno.test(`long lines of every kind are read in linear time by the rules "${profile}"`, async () => {
    using home = new TemporaryHome();
    const kinds = new Map<string, string>();
    for (const [number, [kind, line]] of Object.entries(longLines(LENGTH)).entries()) {
      const path = `${FOLDER}-${threadId(number)}.jsonl`;
      home.write(path, rolloutAround(threadId(number), line));
      kinds.set(path, kind);
    }
    const watch = join(home.top, "watch");
    const result = await watchRun({ home: home.path, db: home.db, watch, profile, workers: 1 });
    assert(!("what" in result), JSON.stringify(result));
    assertEquals(verdict(home.db, result, kinds.size, (path) => kinds.get(path) ?? ""), []);
    assertEquals([result.first.upserted, result.first.failed], [kinds.size, 0]);
  });
}

Deno.test("a line of more values than memory has room for costs itself, and a line beyond every limit too", async () => {
  using home = new TemporaryHome();
  const lines = {
    "values": `{"type":"event_msg","payload":{"type":"user_message","message":"x","x":[${"{},".repeat(20_000_000)}0]}}`,
    "one text": `{"type":"event_msg","payload":{"type":"user_message","message":"${"x".repeat(150_000_000)}"}}`,
  };
  for (const [number, line] of Object.values(lines).entries()) {
    home.write(`${FOLDER}-${threadId(number)}.jsonl`, rolloutAround(threadId(number), line));
  }
  const watch = join(home.top, "watch");
  const result = await watchRun({ home: home.path, db: home.db, watch, profile: "default", workers: 1 });
  assert(!("what" in result), JSON.stringify(result));
  assertEquals(verdict(home.db, result, 2, String), []);
  assertEquals([result.first.upserted, result.first.malformed], [2, 2]);
  using db = new DatabaseSync(home.db);
  assertEquals(db.prepare("SELECT DISTINCT title FROM threads").all().map(({ title }) => title), ["after it"]);
});
