/**
 * A metrics sink of one's own: keeps totals and prints them as one JSON line at the end.
 *
 *     deno task -q backfill run --codex-home examples/codex_home --db /tmp/sample.sqlite --metrics ./examples/tally_sink.ts
 */
import type { MetricsSink } from "@rollout/backfill";

export default function tallySink(print: (line: string) => void = console.error): MetricsSink {
  const totals: Record<string, number> = {};
  return {
    counter(name, value, tags) {
      const key = [name, ...Object.values(tags)].join(".");
      totals[key] = (totals[key] ?? 0) + value;
    },
    timer: (name, ms) => void (totals[name] = Math.round(ms)),
    flush: () => print(JSON.stringify(totals)),
  };
}
