/**
 * What the documentation says is not noticed, and what costs a reading although no byte changed.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";
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

/** A rollout so large that what is known of it is kept, also when it is compressed. */
function largeText(message: string): string {
  const text = Array.from({ length: 40_000 }, (_, n) => Math.sin(n).toString(36)).join("");
  const filler = { type: "response_item", payload: { type: "message", role: "assistant", text } };
  const long = JSON.stringify({ timestamp: "2026-01-27T12:35:00.000Z", ...filler });
  const [meta, ...rest] = rolloutText(threadId(0), message).split("\n");
  return [meta, long, ...rest.slice(0, -1), long, ""].join("\n");
}

const FORMS = {
  plain: (text: string) => new TextEncoder().encode(text),
  compressed: (text: string) => zstdCompressSync(text),
};

for (const [before, after] of [["plain", "plain"], ["compressed", "compressed"], ["compressed", "plain"]] as const) {
  Deno.test(`a large rollout that is edited in place is read anew once its time changes: ${before}, then ${after}`, async () => {
    using home = homeOf(1);
    const plain = join(home.path, PATH), paths = { plain, compressed: `${plain}.zst` };
    Deno.removeSync(plain);
    Deno.writeFileSync(paths[before], FORMS[before](largeText("hunter2 is my password")));
    assertEquals(reported(await run(home), 0).upserted, 1);
    Deno.removeSync(paths[before]);
    Deno.writeFileSync(paths[after], FORMS[after](largeText("......................")));
    Deno.utimeSync(paths[after], new Date(0), new Date(0));
    assertEquals(reported(await run(home), 0).upserted, 1);
    using database = new DatabaseSync(home.db);
    const row = database.prepare("SELECT title FROM threads WHERE id = ?").get(threadId(0));
    assertEquals(row?.title, "......................");
  });
}

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
