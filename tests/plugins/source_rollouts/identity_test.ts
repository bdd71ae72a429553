/**
 * A rollout stays the item that it was, whatever Codex does to its file.
 */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { backfillCodex, type BackfillCodexOptions } from "../../../mod.ts";
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import { rolloutSource } from "../../../plugins/source_rollouts/mod.ts";
import { memoryStore } from "../../../plugins/store_memory.ts";
import { backfill } from "../../../src/backfill.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { rolloutText, TemporaryHome, threadId } from "../../home.ts";
import { ROLLOUT } from "./archives.ts";

const NAME = `rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`;
const LIVE = `sessions/2026/01/27/${NAME}`, ARCHIVED = `archived_sessions/${NAME}`;
const THEN = 1_735_787_045.125;

/** The same bytes that {@linkcode ROLLOUT} holds. */
const PLAIN = new TextEncoder().encode(rolloutText(threadId(1), "hello"));

/** Runs a backfill: what was read, what only looked different, what failed, what went. */
async function run(home: TemporaryHome, options: Partial<BackfillCodexOptions> = {}) {
  const { scanned, refreshed, failed, gone } = await backfillCodex({ codexHome: home.path, db: home.db, ...options });
  return { scanned, refreshed, failed, gone };
}

const NOTHING = { scanned: 0, refreshed: 0, failed: 0, gone: 0 };

function query(home: TemporaryHome, sql: string): unknown[][] {
  const database = new DatabaseSync(home.db, { readOnly: true });
  try {
    return database.prepare(sql).all().map((row) => Object.values(row));
  } finally {
    database.close();
  }
}

function threads(home: TemporaryHome): unknown[][] {
  return query(home, "SELECT id, replace(rollout_path, '" + home.path + "/', ''), title, archived FROM threads");
}

function watermarks(home: TemporaryHome): unknown[] {
  return query(home, "SELECT watermark FROM ledger WHERE gone_at_ms IS NULL").flat();
}

Deno.test("a rollout that is compressed in place is not read again, and its row follows it", async () => {
  using home = new TemporaryHome();
  home.writeBytes(LIVE, PLAIN, THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1 });

  home.remove(LIVE);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  assertEquals(await run(home), { ...NOTHING, refreshed: 1 });
  assertEquals(threads(home), [[threadId(1), `${LIVE}.zst`, "hello", 0]]);
  assertEquals(watermarks(home), [LIVE]);
  assertEquals(await run(home), NOTHING);

  home.remove(`${LIVE}.zst`);
  home.writeBytes(LIVE, PLAIN, THEN);
  assertEquals(await run(home), { ...NOTHING, refreshed: 1 });
  assertEquals(threads(home), [[threadId(1), LIVE, "hello", 0]]);
});

Deno.test("a rollout that was also changed when it was compressed is read again", async () => {
  using home = new TemporaryHome();
  home.writeBytes(LIVE, new TextEncoder().encode(rolloutText(threadId(1), "before")), THEN);
  await run(home);
  home.remove(LIVE);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN + 1);
  assertEquals(await run(home), { ...NOTHING, scanned: 1 });
  assertEquals(threads(home), [[threadId(1), `${LIVE}.zst`, "hello", 0]]);
  // The same form with other bytes is a change whatever its time.
  home.writeBytes(`${LIVE}.zst`, ROLLOUT.subarray(0, 99), THEN + 1);
  assertEquals(await run(home), { ...NOTHING, scanned: 1, failed: 1 });
});

Deno.test("a rollout that appears compressed, beside the plain one or alone, is one item", async () => {
  using home = new TemporaryHome();
  home.writeBytes(LIVE, PLAIN, THEN);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1 });
  assertEquals(threads(home), [[threadId(1), LIVE, "hello", 0]]);
  home.remove(LIVE);
  assertEquals(await run(home), { ...NOTHING, refreshed: 1 });
  assertEquals(threads(home), [[threadId(1), `${LIVE}.zst`, "hello", 0]]);
});

Deno.test("a rollout beside which its archive appears is not read again", async () => {
  using home = new TemporaryHome();
  home.writeBytes(LIVE, PLAIN, THEN);
  await run(home);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  assertEquals(await run(home), { ...NOTHING, refreshed: 1 });
  assertEquals(threads(home), [[threadId(1), LIVE, "hello", 0]]);
});

Deno.test("a compressed rollout that is archived moves, and its row with it", async () => {
  using home = new TemporaryHome();
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  await run(home);
  home.remove(`${LIVE}.zst`);
  home.writeBytes(`${ARCHIVED}.zst`, ROLLOUT, THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1, gone: 1 });
  assertEquals(threads(home), [[threadId(1), `${ARCHIVED}.zst`, "hello", 1]]);
  assertEquals(watermarks(home), [ARCHIVED]);
});

Deno.test("an archive that cannot be read is a failure with a reason, and due when anything about its file changes", async () => {
  using home = new TemporaryHome();
  home.writeBytes(`${LIVE}.zst`, ROLLOUT.subarray(0, ROLLOUT.length - 1), THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1, failed: 1 });
  assertEquals(await run(home), NOTHING);
  assertEquals(query(home, "SELECT kind, reason, attempts FROM ledger"), [
    ["truncated-archive", "the archive ends before its last frame is complete", 1],
  ]);
  // The plain file comes back from somewhere, with the time that it had.
  home.remove(`${LIVE}.zst`);
  home.writeBytes(LIVE, PLAIN, THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1 });
  assertEquals(threads(home), [[threadId(1), LIVE, "hello", 0]]);
});

Deno.test("compressed rollouts are read on worker threads as well", async () => {
  using home = new TemporaryHome();
  for (let number = 0; number < 60; number++) {
    home.writeBytes(`sessions/rollout-${number}.jsonl.zst`, number % 3 === 0 ? ROLLOUT.subarray(0, 50) : ROLLOUT, THEN);
  }
  assertEquals(await run(home, { workers: 2 }), { ...NOTHING, scanned: 60, failed: 20 });
  assertEquals(threads(home).map(([id, , title]) => [id, title]), [[threadId(1), "hello"]]);
});

Deno.test("to Codex 0.169.0 a compressed rollout is another item, with its own path", async () => {
  using home = new TemporaryHome();
  const store = memoryStore<CodexThread>();
  const again = () =>
    backfill({
      source: rolloutSource({ codexHome: home.path, compat: "0.169.0" }),
      extractor: codexExtractor({ profile: "0.169.0" }),
      store,
    });
  home.writeBytes(LIVE, PLAIN, THEN);
  assertEquals((await again()).lastWatermark, LIVE);
  home.remove(LIVE);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  const { scanned, gone, lastWatermark } = await again();
  assertEquals([scanned, gone, lastWatermark], [1, 1, `${LIVE}.zst`]);
  assertEquals(store.row(threadId(1))?.rollout_path, `${home.path}/${LIVE}.zst`);
});

for (const [what, garbage] of [["is empty", ""], ["holds garbage", "\0\0\0\0\n{"], ["names nobody", "{}"]] as const) {
  Deno.test(`a good archive stands in for a plain file that ${what}`, async () => {
    using home = new TemporaryHome();
    home.write(LIVE, garbage);
    home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
    assertEquals(await run(home), { ...NOTHING, scanned: 1 });
    assertEquals(threads(home), [[threadId(1), `${LIVE}.zst`, "hello", 0]]);
    assertEquals(watermarks(home), [LIVE]);
    assertEquals(await run(home), NOTHING);
    // Once the plain file holds something it is the rollout again.
    home.writeBytes(LIVE, new TextEncoder().encode(rolloutText(threadId(1), "longer")), THEN + 5);
    assertEquals(await run(home), { ...NOTHING, scanned: 1 });
    assertEquals(threads(home), [[threadId(1), LIVE, "longer", 0]]);
  });
}

Deno.test("a plain file that gives no row is due again when an archive appears beside it, or another one", async () => {
  using home = new TemporaryHome();
  home.write(LIVE, "");
  assertEquals(await run(home), { ...NOTHING, scanned: 1, failed: 1 });
  home.writeBytes(`${LIVE}.zst`, ROLLOUT.subarray(0, 40), THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1, failed: 1 });
  const path = `${home.path}/${LIVE}.zst`;
  assertEquals(query(home, "SELECT kind, reason FROM ledger"), [
    ["empty", `no line of it can be read; and "${path}": the archive ends before its last frame is complete`],
  ]);
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  assertEquals(await run(home), { ...NOTHING, scanned: 1 });
  assertEquals(threads(home), [[threadId(1), `${LIVE}.zst`, "hello", 0]]);
});

Deno.test("nothing stands in for a plain file in what versions of Codex do", async () => {
  using home = new TemporaryHome();
  home.write(LIVE, "");
  home.writeBytes(`${LIVE}.zst`, ROLLOUT, THEN);
  for (const compat of ["0.99.0", "0.169.0"] as const) {
    const source = rolloutSource({ codexHome: home.path, compat });
    const report = await backfill({ source, extractor: codexExtractor({ profile: compat }), store: memoryStore() });
    assertEquals([report.listed, report.failed], [1, 1]);
  }
  const source = rolloutSource({ codexHome: home.path });
  const report = await backfill({ source, extractor: codexExtractor({ profile: "0.169.0" }), store: memoryStore() });
  assertEquals([report.listed, report.failed], [1, 1]);
});
