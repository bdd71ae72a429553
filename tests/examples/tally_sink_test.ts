import { backfillCodex } from "@rollout/backfill";
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import tallySink from "../../examples/tally_sink.ts";
import { runCli } from "../child.ts";
import { SAMPLE_HOME, TemporaryHome } from "../home.ts";

/** What a run over the sample home counts. The time it took is somebody else's business. */
function assertTotals(line: string): void {
  const { "codex.db.backfill.duration_ms": ms, ...totals } = JSON.parse(line);
  assertEquals(Number.isInteger(ms), true);
  assertEquals([totals["codex.db.backfill.upserted"], totals["codex.db.backfill.failed"]], [3, 0]);
}

Deno.test("examples: the tally sink prints the totals of a run once", async () => {
  using home = new TemporaryHome();
  const lines: string[] = [];
  const metrics = [tallySink((line) => lines.push(line))];
  await backfillCodex({ codexHome: SAMPLE_HOME, db: home.db, metrics });
  assertEquals(lines.length, 1);
  assertTotals(lines[0] ?? "");
});

Deno.test("examples: the tally sink is loaded by --metrics, by path and by URL", async () => {
  const url = new URL("../../examples/tally_sink.ts", import.meta.url);
  for (const metrics of [url.href, fromFileUrl(url)]) {
    using home = new TemporaryHome();
    const args = ["run", "--codex-home", SAMPLE_HOME, "--db", home.db, "--quiet", "--metrics", metrics];
    const { code, stdout, stderr } = await runCli(args);
    assertEquals([code, stdout], [0, ""]);
    assertTotals(stderr);
  }
});
