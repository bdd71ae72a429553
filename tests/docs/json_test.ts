import { assert, assertEquals } from "@std/assert";
import { runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { TemporaryHome, threadId } from "../home.ts";

const DOCS = Deno.readTextFileSync(new URL("../../docs/json.md", import.meta.url));

/** What docs/json.md says of a command. */
function sectionOf(command: string): string {
  const section = DOCS.split(/^## /m).find((one) => one.split("\n")[0]?.includes(`\`${command}\``));
  assert(section, `docs/json.md says nothing of ${command}`);
  return section;
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

Deno.test("docs/json.md names every field that commands print", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  home.write("sessions/rollout-torn.jsonl", "torn\n");
  using codex = new CodexHome();
  codex.restored(1);
  const db = ["--db", home.db, "--json"], state = ["--codex-home", codex.path, "--json"];
  const commands = [
    ["run", "--codex-home", home.path, ...db],
    ["status", ...db],
    ["failures", ...db],
    ["verify", ...state],
    ["repair", "--apply", ...state],
    ["explain", threadId(1), ...state],
  ];
  for (const [command = "", ...args] of commands) {
    const json = JSON.parse((await runCli([command, ...args])).stdout);
    const { sources: [source] = [], failures: [failure] = [], files: [file] = [], plan, backfill, samples } = json;
    const keys = [json, source, failure, file, plan, backfill, samples].flatMap(keysOf);
    assertEquals(keys.filter((key) => !sectionOf(command).includes(`\`${key}\``)), [], command);
  }
});
