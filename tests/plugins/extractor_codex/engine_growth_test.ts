/**
 * Growth through the whole engine: the ledger keeps the snapshot, and the next run reads what is new.
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { backfillCodex } from "../../../mod.ts";
import { runCli } from "../../child.ts";
import { readTables } from "../../conformance/tables.ts";
import { rolloutText, TemporaryHome, threadId } from "../../home.ts";

const PATH = `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`;

const line = (payload: unknown): string =>
  `${JSON.stringify({ timestamp: "2026-01-27T12:40:00.000Z", type: "event_msg", payload })}\n`;

const answer = line({ type: "agent_message", message: "x".repeat(5000) });

const tokens = (total_tokens: number): string => {
  const usage = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1, reasoning_output_tokens: 0, total_tokens };
  const info = { total_token_usage: usage, last_token_usage: usage, model_context_window: 9 };
  return line({ type: "token_count", info, rate_limits: null });
};

/** What a database says of the threads of a home, except for what it notes when a row is made. */
function rows(db: string, home: string): unknown {
  return readTables(db, home).threads.map(({ recency_at: _, recency_at_ms: __, ...row }) => row);
}

for (const workers of [1, 2]) {
  Deno.test(`a rollout that grew costs what it grew by, with ${workers} worker(s)`, async () => {
    using home = new TemporaryHome();
    const text = rolloutText(threadId(1), "hello") + answer.repeat(8000) + tokens(5);
    const path = home.write(PATH, text);
    const options = { codexHome: home.path, db: home.db, workers };
    assertEquals((await backfillCodex(options)).bytesRead, text.length);
    const more = tokens(700);
    Deno.writeTextFileSync(path, more, { append: true });
    const grown = await backfillCodex(options);
    assertEquals([grown.upserted, grown.bytesRead], [1, 4096 + 1024 + more.length]);
    const fresh = `${home.top}/fresh.sqlite`;
    await backfillCodex({ ...options, db: fresh });
    assertEquals(rows(home.db, home.path), rows(fresh, home.path));
    // The same size and more, but another rollout.
    Deno.writeTextFileSync(path, rolloutText(threadId(2), "other") + answer.repeat(9000));
    const replaced = await backfillCodex(options);
    assert(replaced.bytesRead >= 9000 * answer.length);
    Deno.writeTextFileSync(path, rolloutText(threadId(1), "short") + answer.repeat(20));
    const cut = await backfillCodex(options);
    assertLess(cut.bytesRead, 25 * answer.length + 5120);
    assertEquals(cut.failed, 0);
  });
}

Deno.test("--strict counts a malformed line that no column needs", async () => {
  using home = new TemporaryHome();
  home.write(PATH, rolloutText(threadId(1), "hello") + answer.replace("xxx", "\u0001") + answer);
  const parseErrors = async (db: string, ...flags: string[]): Promise<unknown> => {
    const { code, stdout } = await runCli(["--codex-home", home.path, "--db", `${home.top}/${db}`, "--json", ...flags]);
    assertEquals(code, 0);
    return JSON.parse(stdout).parse_errors;
  };
  assertEquals(await parseErrors("one.sqlite"), 0);
  assertEquals(await parseErrors("two.sqlite", "--strict"), 1);
});
