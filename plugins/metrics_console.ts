/**
 * A metrics sink that prints a line for every number.
 *
 * @module
 */
import type { MetricsSink, MetricTags } from "../src/metrics.ts";

/**
 * Makes a sink that prints lines such as `codex.db.backfill +12 status=upserted`.
 *
 * @param print Where the lines go. Default: standard error, so that standard output stays what the program prints.
 * @returns The sink.
 *
 * @example
 * ```ts
 * import { consoleMetrics } from "@rollout/backfill/metrics-console";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const sink = consoleMetrics((line) => lines.push(line));
 * sink.counter("codex.db.backfill", 12, { status: "upserted" });
 * sink.timer("codex.db.backfill.duration_ms", 34.56, { status: "success" });
 * assertEquals(lines, [
 *   "codex.db.backfill +12 status=upserted",
 *   "codex.db.backfill.duration_ms 34.6 ms status=success",
 * ]);
 * ```
 */
export function consoleMetrics(print: (line: string) => void = console.error): MetricsSink {
  const line = (name: string, value: string, tags: MetricTags): void =>
    print([name, value, ...Object.entries(tags).map(([tag, text]) => `${tag}=${text}`)].join(" "));
  return {
    counter: (name, value, tags) => line(name, `+${value}`, tags),
    timer: (name, ms, tags) => line(name, `${ms.toFixed(1)} ms`, tags),
    gauge: (name, value, tags) => line(name, `${value}`, tags),
  };
}
