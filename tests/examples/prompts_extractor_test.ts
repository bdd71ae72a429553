import { backfill, memoryStore, rolloutSource } from "@rollout/backfill";
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { promptsExtractor } from "../../examples/prompts_extractor.ts";
import { denoRun } from "../child.ts";
import { SAMPLE_HOME, TemporaryHome } from "../home.ts";

Deno.test("examples: the prompts extractor finds the prompts of every session in the sample home", async () => {
  const store = memoryStore<string[]>();
  const source = rolloutSource({ codexHome: SAMPLE_HOME });
  const report = await backfill({ source, extractor: promptsExtractor, store });
  assertEquals([report.status, report.upserted, report.failed, report.malformed], ["complete", 3, 0, 0]);
  assertEquals([...store.rows().values()].flat().sort(), [
    "Make the header sticky",
    "Why is the checkout total off by one cent?",
    "Write the release notes",
  ]);
});

Deno.test("examples: the prompts extractor passes over bad lines, whatever their length, and catches up", async () => {
  using home = new TemporaryHome();
  const prompt = (message: unknown) =>
    JSON.stringify({ type: "event_msg", payload: { type: "user_message", message } });
  const long = "x".repeat(200_000), lines = [prompt(long), "{", "null", '{"type":"event_msg"}', "", "7", prompt("é😀")];
  home.write("sessions/rollout-a.jsonl", lines.join("\n"));
  const store = memoryStore<string[]>(), source = rolloutSource({ codexHome: home.path });
  const run = () => backfill({ source, extractor: promptsExtractor, store });
  const first = await run();
  assertEquals([first.upserted, first.malformed], [1, 3]);
  assertEquals(first.bytesRead, new TextEncoder().encode(lines.join("\n")).length);
  assertEquals(store.row("sessions/rollout-a.jsonl"), [long, "é😀"]);
  home.write("sessions/rollout-a.jsonl", prompt("again"));
  home.write("sessions/0/rollout-b.jsonl", prompt("new"));
  assertEquals((await run()).upserted, 2);
  assertEquals([...store.rows().values()].sort(), [["again"], ["new"]]);
  assertEquals((await run()).upserted, 0);
});

Deno.test("examples: the prompts extractor runs as its first lines say", async () => {
  const module = fromFileUrl(new URL("../../examples/prompts_extractor.ts", import.meta.url));
  const { code, stdout } = await denoRun(module, [SAMPLE_HOME], { permissions: ["--allow-read"] }).output();
  assertEquals([code, new TextDecoder().decode(stdout).split("\n")[0]], [0, "3 sessions"]);
});
