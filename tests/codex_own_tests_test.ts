/**
 * What Codex 0.99.0 tests of its own backfill, tested of this one.
 */
import {
  backfill,
  backfillCodex,
  codexExtractor,
  type CodexThread,
  memoryStore,
  rolloutSource,
  sqliteStore,
} from "@rollout/backfill";
import { assertEquals } from "@std/assert";
import { TemporaryHome, threadId } from "./home.ts";

const ID = threadId(1);

function line(type: string, payload: unknown, timestamp = "2026-01-27T12:34:56Z"): string {
  return `${JSON.stringify({ timestamp, type, payload })}\n`;
}

function sessionMeta(id: string, timestamp: string, cwd: string, model_provider: string): string {
  return line("session_meta", {
    id,
    timestamp,
    cwd,
    originator: "cli",
    cli_version: "0.0.0",
    source: "vscode",
    model_provider,
  });
}

/** The one row that a home gives under 0.99.0. */
async function only(home: TemporaryHome): Promise<Partial<CodexThread>> {
  const store = memoryStore<CodexThread>();
  const source = rolloutSource({ codexHome: home.path, compat: "0.99.0" });
  const report = await backfill({ source, extractor: codexExtractor({ profile: "0.99.0" }), store });
  assertEquals([report.upserted, report.failed, report.malformed], [1, 0, 0]);
  return [...store.rows().values()][0] ?? {};
}

const seconds = (time: string) => Date.parse(time) / 1000;

Deno.test("metadata comes from the session_meta, and updated_at from the file's mtime", async () => {
  using home = new TemporaryHome();
  const text = sessionMeta(ID, "2026-01-27T12:34:56Z", home.path, "openai");
  const path = home.write(`sessions/rollout-2026-01-27T12-34-56-${ID}.jsonl`, text);
  Deno.utimeSync(path, 0, seconds("2026-02-01T00:00:01Z"));
  const row = await only(home);
  const expected: Partial<CodexThread> = {
    id: ID,
    rollout_path: path,
    created_at: seconds("2026-01-27T12:34:56Z"),
    updated_at: seconds("2026-02-01T00:00:01Z"),
    source: "vscode",
    model_provider: "openai",
    cwd: home.path,
    cli_version: "0.0.0",
    title: "",
    first_user_message: "",
    sandbox_policy: '{"type":"read-only"}',
    approval_mode: "on-request",
    tokens_used: 0,
    archived: 0,
    archived_at: null,
    git_sha: null,
    git_branch: null,
    git_origin_url: null,
  };
  assertEquals({ ...row, ...expected }, row);
});

Deno.test("without a session_meta, id and time come from the file name", async () => {
  using home = new TemporaryHome();
  const path = `sessions/rollout-2026-01-27T12-34-56-${ID}.jsonl`;
  home.write(path, line("compacted", { message: "noop", replacement_history: null }));
  const { id, created_at, source } = await only(home);
  assertEquals({ id, created_at, source }, { id: ID, created_at: seconds("2026-01-27T12:34:56Z"), source: "vscode" });
});

Deno.test("a run resumes above the watermark and ends complete", async () => {
  using home = new TemporaryHome();
  const [first = "", second = ""] = [["34", ID], ["35", threadId(2)]].map(([minute = "", id = ""]) => {
    const watermark = `sessions/rollout-2026-01-27T12-${minute}-56-${id}.jsonl`;
    home.write(watermark, sessionMeta(id, `2026-01-27T12:${minute}:56Z`, home.path, "test-provider"));
    return watermark;
  });
  {
    await using store = await sqliteStore({ path: home.db });
    const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
    const claim = await store.claim({ source: home.path, owner, leaseMs: 60_000, at: Date.now() });
    if (!claim.granted) throw new Error("nobody else runs");
    const nothing = { outcomes: [], gone: [], refreshed: [] };
    await store.commit(claim.lease, { ...nothing, watermark: first, at: Date.now() });
    await store.release(claim.lease);
  }
  const options = { codexHome: home.path, db: home.db, compat: "0.99.0", defaultProvider: "test-provider" } as const;
  const report = await backfillCodex(options);
  assertEquals([report.listed, report.skipped, report.upserted], [2, 1, 1]);
  await using store = await sqliteStore({ path: home.db, readonly: true });
  assertEquals((await Array.fromAsync(store.ledger(home.path))).map(({ watermark }) => watermark), [second]);
  const [state] = await store.states();
  assertEquals([state?.status, state?.lastWatermark, state?.lastSuccessAt !== null], ["complete", second, true]);
});
