/**
 * What the documentation says is not noticed, and what costs a reading although no byte changed.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { rolloutText, threadId } from "../home.ts";
import { homeOf, reported, run } from "./harm.ts";

const PATH = `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(0)}.jsonl`;

Deno.test("a rollout that is rewritten with its size and its time is not noticed until one of them changes", async () => {
  using home = homeOf(2);
  reported(await run(home), 0);
  const path = join(home.path, PATH), { mtime } = Deno.statSync(path);
  Deno.writeTextFileSync(path, rolloutText(threadId(0), "massage 0"));
  Deno.utimeSync(path, mtime ?? 0, mtime ?? 0);
  assertEquals(reported(await run(home), 0).scanned, 0);
  Deno.utimeSync(path, new Date(), new Date());
  assertEquals(reported(await run(home), 0).upserted, 1);
});

Deno.test("a large rollout that is edited in place is read anew once its time changes", async () => {
  using home = homeOf(2);
  const path = join(home.path, PATH),
    filler = { type: "response_item", payload: { type: "message", role: "assistant" } };
  const long = JSON.stringify({ timestamp: "2026-01-27T12:35:00.000Z", ...filler, text: "x".repeat(300_000) });
  const [meta, ...rest] = rolloutText(threadId(0), "massage 0").split("\n");
  const text = [meta, long, ...rest.slice(0, -1), long, ""].join("\n");
  Deno.writeTextFileSync(path, text);
  reported(await run(home), 0);
  Deno.writeTextFileSync(path, text.replace("massage 0", "message 0"));
  Deno.utimeSync(path, new Date(0), new Date(0));
  assertEquals(reported(await run(home), 0).upserted, 1);
  using database = new DatabaseSync(home.db);
  const row = database.prepare("SELECT title FROM threads WHERE id = ?").get(threadId(0));
  assertEquals(row?.title, "message 0");
});

Deno.test("a rollout whose mode, links and inode change is not read again, one whose time changes is", async () => {
  using home = homeOf(2);
  reported(await run(home), 0);
  const path = join(home.path, PATH), { mtime } = Deno.statSync(path);
  Deno.linkSync(path, join(home.top, "backup"));
  if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
  Deno.copyFileSync(path, `${path}.new`);
  Deno.utimeSync(`${path}.new`, mtime ?? 0, mtime ?? 0);
  Deno.renameSync(`${path}.new`, path);
  assertEquals(reported(await run(home), 0).scanned, 0);
  Deno.utimeSync(path, new Date(), new Date());
  assertEquals(reported(await run(home), 0).scanned, 1);
});
