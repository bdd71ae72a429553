/**
 * `backfill explain`: one verdict, the reasons, and what to do.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { threadId } from "../home.ts";

/** What the command prints, as far as these tests look into it. */
interface Explained extends Record<string, unknown> {
  readonly reasons?: readonly { readonly reason: string; readonly remedy: string }[];
}

async function explain(home: CodexHome, number: number): Promise<{ json: Explained; codes: string[] }> {
  const before = home.hashes();
  const { code, stdout, stderr } = await runCli(["explain", threadId(number), "--codex-home", home.path, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(home.hashes(), before);
  const json = JSON.parse(stdout);
  return { json, codes: json.reasons.map((reason: { code: string }) => reason.code) };
}

Deno.test("explain: a thread that is shown", async () => {
  using home = new CodexHome();
  const path = home.indexed(1);
  const { json, codes } = await explain(home, 1);
  assertEquals([json.shown, codes, json.change], [true, [], null]);
  assertEquals(json.files, [
    { path, size: Deno.statSync(path).size, archived: false, role: "gives the row", reason: null, malformed_lines: 0 },
  ]);
  const { stdout } = await runCli(["explain", threadId(1).toUpperCase(), "--codex-home", home.path]);
  assertMatch(stdout, new RegExp(`^Codex shows ${threadId(1)}, in /srv/demo: `));
});

Deno.test("explain: a rollout without a row, which Codex's own backfill never looks for again", async () => {
  using home = new CodexHome();
  home.restored(1);
  const { json, codes } = await explain(home, 1);
  assertEquals([json.shown, codes, json.row], [false, ["no-row"], null]);
  assertStringIncludes(String(json.verdict), "once complete, never looks again");
  const { stdout } = await runCli(["explain", threadId(1), "--codex-home", home.path]);
  assertStringIncludes(
    stdout,
    `do now   put the database right: backfill repair --apply --codex-home ${home.path}\n`,
  );
});

Deno.test("explain: each flag and filter that hides a thread", async () => {
  using home = new CodexHome();
  home.indexed(1, {}, "archived_sessions");
  home.indexed(2, { source: "exec" });
  home.indexed(3, { model_provider: "azure" });
  home.indexed(4, { preview: "" });
  Deno.removeSync(home.indexed(5));
  home.indexed(6, { attached_thread_parent_id: threadId(1) });
  home.indexed(7, { archived: 1, archived_at: 5, rollout_path: "/old/rollout.jsonl" });
  const expected = ["archived", "source", "provider", "no-preview", "file-gone", "attached"];
  for (const [at, code] of expected.entries()) assertEquals((await explain(home, at + 1)).codes, [code]);
  const { json, codes } = await explain(home, 7);
  assertEquals(codes, ["file-gone", "archived"]);
  const change = json.change as { kinds: string[] };
  assertEquals(change.kinds, ["stale", "archived"]);
});

Deno.test("explain: what would still hide a thread once the database is put right", async () => {
  using home = new CodexHome();
  home.restored(1, "archived_sessions");
  const missing = await explain(home, 1);
  assertEquals(missing.codes, ["no-row", "archived"]);
  assertMatch(String(missing.json.reasons?.[1]?.reason), /^once that is done, its row says that it is archived/);
  home.indexed(2, { rollout_path: "/old/rollout.jsonl" }, "archived_sessions");
  home.change((database) => database.exec(`UPDATE threads SET archived = 0 WHERE id = '${threadId(2)}'`));
  assertEquals((await explain(home, 2)).codes, ["file-gone", "archived"]);
});

Deno.test("explain: a provider other than the configured one hides a thread", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write("config.toml", 'model_provider = "azure"\n');
  assertEquals((await explain(home, 1)).codes, ["provider"]);
  // As where Codex is started with another one than the files say.
  const args = ["explain", threadId(1), "--codex-home", home.path, "--json"];
  const { shown } = JSON.parse((await runCli([...args, "--default-provider", "openai"])).stdout);
  assertEquals(shown, true);
});

Deno.test("explain: a configuration that cannot be used, by which a list may show others, is noted", async () => {
  using home = new CodexHome();
  home.indexed(1);
  const config = home.write("config.toml", "model_provider = 3\n");
  const { stdout } = await runCli(["explain", threadId(1), "--codex-home", home.path]);
  assertStringIncludes(stdout, `note: ${config}: model_provider is not a text; codex does not start with it, `);
});

Deno.test("explain: several files of one thread, and which of them counts", async () => {
  using home = new CodexHome();
  const counts = home.indexed(1);
  const copy = home.restored(1, "archived_sessions");
  const { json } = await explain(home, 1);
  const files = json.files as { path: string; role: string }[];
  assertEquals(files.map(({ path, role }) => [path, role]), [[copy, "copy"], [counts, "gives the row"]]);
});

Deno.test("explain: a rollout that cannot be read, and a thread that nobody knows", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write(`sessions/rollout-2026-01-27T12-34-56-${threadId(2)}.jsonl`, "torn\n");
  const broken = await explain(home, 2);
  assertEquals(broken.codes, ["unreadable"]);
  assertStringIncludes(String(broken.json.verdict), "empty: no line of it can be read");
  assertEquals((await explain(home, 3)).codes, ["unknown"]);
});

Deno.test("explain: a rollout that is named for another thread is found by what it holds", async () => {
  using home = new CodexHome();
  const path = home.restored(1);
  const other = path.replace(threadId(1), threadId(2));
  Deno.renameSync(path, other);
  const files = (await explain(home, 1)).json.files as { path: string; role: string }[];
  assertEquals(files.map(({ path, role }) => [path, role]), [[other, "gives the row"]]);
  const named = (await explain(home, 2)).json.files as { path: string; role: string; reason: string }[];
  assertEquals(named.map(({ role, reason }) => [role, reason]), [["other thread", threadId(1)]]);
});

for (const [args, text] of [[[], '"explain" needs a THREAD_ID'], [["1"], '"1" is not the id of a thread']] as const) {
  Deno.test(`explain ${args.join(" ")} is wrong usage`, async () => {
    const { code, stdout, stderr } = await runCli(["explain", ...args]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, text);
  });
}

Deno.test("explain: the sources that Codex's own programs have are shown, other custom ones not", async () => {
  using home = new CodexHome();
  home.indexed(1, { source: '{"custom":"atlas"}' });
  home.indexed(2, { source: '{"custom":"chatgpt"}' });
  home.indexed(3, { source: '{"custom":"other"}' });
  const shown = await Promise.all([1, 2, 3].map(async (number) => (await explain(home, number)).codes));
  assertEquals(shown, [[], [], ["source"]]);
});

Deno.test("explain: a row may name a rollout as it was compressed, or as it is no more", async () => {
  using home = new CodexHome();
  const path = home.indexed(1);
  home.change((database) => database.exec(`UPDATE threads SET rollout_path = '${path}.zst'`));
  assertEquals((await explain(home, 1)).codes, []);
});

Deno.test("explain: a row whose file is gone is to be removed only where a repair would do that", async () => {
  using home = new CodexHome();
  Deno.removeSync(home.indexed(1));
  const remedy = async (number: number) => String((await explain(home, number)).json.reasons?.[0]?.remedy);
  assertStringIncludes(await remedy(1), "no repair removes the row: the home has no rollout at all");
  home.indexed(2);
  assertStringIncludes(await remedy(1), "or remove the row, with all else that a repair does: backfill repair --prune");
  home.indexed(3, { rollout_path: "/elsewhere/rollout.jsonl" });
  Deno.removeSync(home.restored(3));
  assertStringIncludes(await remedy(3), "no repair removes the row: it named a file outside of this home");
});

Deno.test("explain: where the home of a row's file is not there, it is to be mounted or given up, though this home has a copy", async () => {
  using home = new CodexHome();
  const shared = join(home.top, "state_5.sqlite"), other = join(home.top, "other"), folder = join(other, "sessions");
  const path = home.indexed(1, { updated_at_ms: Date.parse("2026-02-01") });
  home.change((database) =>
    database.prepare("UPDATE threads SET rollout_path = ?").run(path.replace(home.path, other))
  );
  Deno.renameSync(home.state, shared);
  const { stdout } = await runCli([
    "explain",
    threadId(1),
    ...["--codex-home", home.path, "--state-db", shared, "--json"],
  ]);
  const { reasons, files } = JSON.parse(stdout);
  assertEquals(reasons.map(({ code }: Record<string, unknown>) => code), ["file-gone"]);
  assertEquals(
    reasons[0].remedy,
    `mount the disk of "${folder}"; if that is gone for good, make it as an empty folder, and put the database right: ` +
      `backfill repair --apply --codex-home ${home.path} --state-db ${shared}`,
  );
  assertEquals(files[0].role, "not taken");
});

Deno.test({
  name: "explain: why a repair leaves a row with a file that cannot be read, though there is a copy",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    const path = home.indexed(1), copy = home.restored(1, "archived_sessions");
    const ask = (...flags: string[]) =>
      runCli(["explain", threadId(1), "--codex-home", home.path, ...flags], { heedModes: true });
    Deno.chmodSync(path, 0);
    const { files, change, stays } = JSON.parse((await ask("--json")).stdout);
    const { stdout } = await ask();
    Deno.chmodSync(path, 0o600);
    const roles = files.map(({ path, role }: Record<string, unknown>) => [path, role]);
    assertEquals([roles, change, stays], [
      [[copy, "not taken"], [path, "no row"]],
      null,
      "its file could not be read",
    ]);
    assertMatch(stdout, /^ +left as it is by a repair: its file could not be read$/m);
  },
});
