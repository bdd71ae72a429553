/**
 * Lines of types that are not known are counted by type and by the version of Codex that wrote them, in the report and in metrics.
 */
import { assertEquals } from "@std/assert";
import { backfillCodex, type MetricsSink } from "../../../mod.ts";
import { TemporaryHome, threadId } from "../../home.ts";

function line(type: string, payload: object): string {
  return `${JSON.stringify({ timestamp: "2026-01-27T12:34:56Z", type, payload })}\n`;
}

function rollout(number: number, version: string, ...more: readonly string[]): [path: string, text: string] {
  const id = threadId(number);
  const meta = { id, timestamp: "2026-01-27T12:34:56Z", cwd: "/srv/demo", originator: "x", cli_version: version };
  const text = [line("session_meta", meta), ...more].join("");
  return [`sessions/2026/01/27/rollout-2026-01-27T12-34-56-${id}.jsonl`, text];
}

Deno.test("unknown types are counted by type and version, in the report and in metrics, where odd ones are one", async () => {
  using home = new TemporaryHome();
  const news = line("next_year", {}), event = line("event_msg", { type: "brand_new" });
  home.write(...rollout(1, "0.180.0", news, event, event));
  home.write(...rollout(2, "0.181.0", event));
  home.write(...rollout(3, "\u001b[2J", line("\u202eevil", {}), line("Odd", {}), line("Odd", {})));
  const counted: [kind: string, count: number][] = [];
  const sink: MetricsSink = {
    counter(name, value, { kind }) {
      if (name === "rollout.backfill.unknown_lines") counted.push([kind ?? "", value]);
    },
    timer() {},
  };
  const report = await backfillCodex({ codexHome: home.path, db: home.db, metrics: [sink] });
  assertEquals(report.unknown, {
    "event_msg/brand_new@0.180.0": 2,
    "event_msg/brand_new@0.181.0": 1,
    "next_year@0.180.0": 1,
    "\u202eevil@\u001b[2J": 1,
    "Odd@\u001b[2J": 2,
  });
  assertEquals(counted.sort(), [
    ["event_msg/brand_new@0.180.0", 2],
    ["event_msg/brand_new@0.181.0", 1],
    ["next_year@0.180.0", 1],
    ["other", 3],
  ]);
});

Deno.test("a long type is cut between two characters", async () => {
  using home = new TemporaryHome();
  const whole = `${"a".repeat(78)}😀`, halved = `${"b".repeat(79)}😀`;
  home.write(...rollout(1, "", line(whole, {}), line(halved, {})));
  const { unknown } = await backfillCodex({ codexHome: home.path, db: home.db });
  assertEquals(unknown, { [whole]: 1, ["b".repeat(79)]: 1 });
});
