/**
 * What a list of Codex 0.169.0 hides: every expectation was established with `thread/list` of the real app-server, asked for what the
 * database has.
 */
import { assertEquals } from "@std/assert";
import type { StateRow } from "../../../plugins/codex_repair/contract.ts";
import { obstaclesOf } from "../../../plugins/codex_repair/visibility.ts";
import { threadId } from "../../home.ts";

const ROW: StateRow = {
  id: threadId(1),
  rollout_path: "/home/sessions/rollout.jsonl",
  archived: 0,
  source: "cli",
  model_provider: "openai",
  preview: "hello",
  cwd: "/srv/demo",
  updated_at_ms: 1_769_517_296_000,
  attached_thread_parent_id: null,
};

function codes(row: Partial<StateRow>, fileExists = true): string[] {
  return obstaclesOf({ ...ROW, ...row }, { provider: "openai", fileExists, pruning: { command: "prune" } }).map((
    { code },
  ) => code);
}

for (const source of ["cli", "vscode"]) {
  Deno.test(`visibility: threads of ${source} are shown`, () => assertEquals(codes({ source }), []));
}

for (
  const source of [
    "exec",
    "mcp",
    "unknown",
    '{"subagent":"review"}',
    '{"subagent":{"other":"x"}}',
    '{"custom":"foo"}',
    '{"internal":"guardian"}',
  ]
) {
  Deno.test(`visibility: threads of ${source} are hidden`, () => assertEquals(codes({ source }), ["source"]));
}

Deno.test("visibility: what else hides a thread", () => {
  assertEquals(codes({ archived: 1 }), ["archived"]);
  assertEquals(codes({ archived: 1n }), ["archived"]);
  assertEquals(codes({ model_provider: "azure" }), ["provider"]);
  assertEquals(codes({ preview: "" }), ["no-preview"]);
  assertEquals(codes({ attached_thread_parent_id: threadId(2) }), ["attached"]);
  assertEquals(codes({}, false), ["file-gone"]);
  assertEquals(codes({ archived: 1, preview: "", source: "exec" }, false), [
    "file-gone",
    "archived",
    "no-preview",
    "source",
  ]);
});

Deno.test("visibility: the folder hides nothing from the app-server", () => assertEquals(codes({ cwd: "" }), []));
