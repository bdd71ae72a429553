/**
 * The real Codex on what a repair left. Ignored where Codex cannot be installed from npm.
 */
import { assertEquals } from "@std/assert";
import { type Codex, installCodex, InstallError } from "../../tools/oracle/install.ts";
import { judgeRepair } from "../../tools/oracle/repair_judge.ts";
import { rolloutText, threadId } from "../home.ts";

/** How many rollouts there are. */
const AMOUNT = 12;

async function install(): Promise<Codex | undefined> {
  try {
    return await installCodex("0.169.0");
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.log(`left out: ${error.message}`);
    return undefined;
  }
}

Deno.test("oracle: after a repair codex doctor agrees, and the app-server lists what was restored", async () => {
  const codex = await install();
  if (!codex) return;
  const home = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    const ids = Array.from({ length: AMOUNT }, (_, number) => threadId(number));
    const rollouts = new Map(ids.map((id, at) => {
      const folder = at % 3 === 0 ? "archived_sessions" : "sessions/2026/01/27";
      const text = rolloutText(id, `message ${at}`);
      return [`${folder}/rollout-2026-01-27T12-34-56-${id}.jsonl`, new TextEncoder().encode(text)];
    }));
    const verdict = await judgeRepair(codex, home, "openai", rollouts);
    assertEquals(verdict.before.status, "warning");
    assertEquals(verdict.listedBefore.length, AMOUNT / 2);
    assertEquals(verdict.touched, []);
    assertEquals(verdict.exitCodes, [3, 0, 0, 0]);
    const { status, counts } = verdict.after;
    const missing = [counts["missing active rows"], counts["missing archived rows"], counts["stale rows"]];
    assertEquals([status, ...missing, counts.rows], ["ok", 0, 0, 0, AMOUNT]);
    assertEquals(verdict.listed, ids);
    assertEquals(verdict.ownedAfter, verdict.owned);
    // Where a rollout keeps its history in the old way, Codex puts the name into the title.
    const named = Object.values(verdict.owned).filter(({ name, title }) => [name, title].includes("A name, by hand"));
    assertEquals(named.map(({ is_pinned, thread_section_id }) => [is_pinned, thread_section_id !== null]), [[
      1n,
      true,
    ]]);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});
