/**
 * What the documentation says is not noticed, and what costs a reading although no byte changed.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
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
