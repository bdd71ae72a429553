/**
 * docs/json.md against what commands print, and against the sets of values that they know.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { CodexLease } from "../../plugins/codex_repair/contract.ts";
import type { ExplainedFile } from "../../plugins/codex_repair/explained_files.ts";
import { CHANGE_KINDS } from "../../plugins/codex_repair/findings.ts";
import type { Repair } from "../../plugins/codex_repair/repair.ts";
import type { ObstacleCode } from "../../plugins/codex_repair/visibility.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import type { BackfillStatus } from "../../src/store.ts";
import { runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { makeStateDatabase } from "../codex_state/state_database.ts";
import { rolloutText, TemporaryHome, threadId } from "../home.ts";

const DOCS = Deno.readTextFileSync(new URL("../../docs/json.md", import.meta.url));

/** Fields whose own fields are no names of ours: the columns of Codex's, and the kinds of lines. */
const NAMED_ELSEWHERE = ["row", "unknown_lines"];

/** What docs/json.md says of a command. */
function sectionsOf(command: string): string {
  const sections = DOCS.split(/^## /m).filter((one) => one.split("\n")[0]?.includes(`\`${command}\``));
  assert(sections.length > 0, `docs/json.md says nothing of ${command}`);
  return sections.join("\n");
}

/** The fields of what a command prints, however deep. */
function fieldsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => [
    field,
    ...(NAMED_ELSEWHERE.includes(field) ? [] : fieldsOf(inner)),
  ]);
}

/** Which of some names a text does not have. */
function unnamed(names: readonly string[], text: string): string[] {
  return names.filter((name) => !text.includes(`\`${name}\``));
}

/** Every value of a set: the type checker misses one that is left out. */
function every<T extends string>(values: Record<T, true>): string[] {
  return Object.keys(values);
}

async function print(...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await runCli([...args, "--json"])).stdout);
}

/** Makes of a home one in which everything can be found that `verify` knows, with a database that may be that of others. */
function withEveryFinding(home: CodexHome): void {
  home.restored(1);
  home.indexed(2, { rollout_path: "/old/home/rollout.jsonl" });
  Deno.removeSync(home.indexed(3));
  home.indexed(4, { archived: 1, archived_at: 5 });
  home.indexed(5, { cwd: "/elsewhere" });
  home.indexed(6, {}, "sessions/2026/01/28");
  home.restored(6);
  home.write(`sessions/rollout-2026-01-27T12-34-56-${threadId(7)}.jsonl`, "torn\n");
  home.write("archived_sessions", "no folder");
  const theirs = join(home.top, "theirs.jsonl"), elsewhere = join(home.top, "elsewhere");
  Deno.writeTextFileSync(theirs, "");
  home.indexed(9, { rollout_path: theirs });
  home.indexed(10, { memory_mode: "disabled" });
  Deno.writeTextFileSync(home.indexed(11), `${rolloutText(threadId(11), "message 11")}torn\n`);
  home.write("session_index.jsonl", "torn\n");
  Deno.mkdirSync(elsewhere);
  Deno.renameSync(home.state, join(elsewhere, "state_5.sqlite"));
  makeStateDatabase(home.state);
  home.write("config.toml", `sqlite_home = ${JSON.stringify(elsewhere)}\n`);
}

Deno.test("docs/json.md names every field that run, status and failures print", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  home.rollout(1, "message 1", "archived_sessions");
  home.write("sessions/rollout-torn.jsonl", "torn\n");
  const db = ["--db", home.db];
  assertEquals(unnamed(fieldsOf(await print("run", "--codex-home", home.path, ...db)), sectionsOf("run")), []);
  await using store = await sqliteStore({ path: home.db });
  const owner = { host: "", pid: Deno.pid, startedAt: 0, token: crypto.randomUUID() };
  await store.claim({ source: "another", owner, leaseMs: 60_000, at: Date.now() });
  for (const [command, found] of [["status", ["given_by", "pid"]], ["failures", ["kind"]]] as const) {
    const fields = fieldsOf(await print(command, ...db));
    assertEquals(found.filter((field) => !fields.includes(field)), [], "a list is empty");
    assertEquals(unnamed(fields, sectionsOf(command)), [], command);
  }
});

Deno.test("docs/json.md names every field that verify, repair and explain print, and those of every kind of finding with it", async () => {
  using home = new CodexHome();
  withEveryFinding(home);
  const codex = ["--codex-home", home.path], about = sectionsOf("verify");
  const verified = await print("verify", ...codex), { samples } = verified;
  assert(typeof samples === "object" && samples !== null);
  for (const [kind, found] of Object.entries(samples)) {
    const line = about.split("\n").find((line) => line.startsWith(`| \`${kind}\``)) ?? "", fields = fieldsOf(found);
    // A Codex that writes at that very moment cannot be had here.
    assert(fields.length > 0 || kind === "in_use", `nothing of the kind ${kind} is found`);
    assertEquals(unnamed(fields, line), [], kind);
  }
  assertEquals(unnamed(fieldsOf(verified), about), []);
  for (const number of [1, 5]) {
    const explained = await print("explain", threadId(number), ...codex);
    assertEquals(unnamed(fieldsOf(explained), sectionsOf("explain")), []);
  }
  for (const flags of [[], ["--apply"]]) {
    const repaired = await print("repair", ...flags, ...codex);
    assertEquals(unnamed(fieldsOf(repaired), sectionsOf("repair")), []);
  }
});

Deno.test("docs/json.md names every value of the fields that have one of a few", () => {
  const backfill = every<BackfillStatus>({ pending: true, running: true, complete: true });
  const lease = every<CodexLease>({ idle: true, held: true, orphaned: true, complete: true, unknown: true });
  const repair = every<Repair["status"]>({ planned: true, applied: true, interrupted: true });
  const roles = every<ExplainedFile["role"]>({
    "gives the row": true,
    "not taken": true,
    copy: true,
    "another part": true,
    "other thread": true,
    "no row": true,
  });
  const codes = every<ObstacleCode>({
    "no-row": true,
    unreadable: true,
    unknown: true,
    "file-gone": true,
    archived: true,
    "no-preview": true,
    source: true,
    provider: true,
    attached: true,
  });
  assertEquals(unnamed(backfill, sectionsOf("status")), []);
  assertEquals(unnamed([...lease, ...backfill, ...CHANGE_KINDS], sectionsOf("verify")), []);
  assertEquals(unnamed([...lease, ...repair], sectionsOf("repair")), []);
  assertEquals(unnamed([...roles, ...codes, ...CHANGE_KINDS], sectionsOf("explain")), []);
});
