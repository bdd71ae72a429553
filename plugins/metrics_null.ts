/**
 * A metrics sink that takes everything and keeps nothing.
 *
 * @module
 */
import type { MetricsSink } from "../src/metrics.ts";

/**
 * Makes a sink that does nothing.
 *
 * @returns The sink.
 *
 * @example
 * ```ts
 * import { nullMetrics } from "@rollout/backfill/metrics-null";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nullMetrics().counter("codex.db.backfill", 1, { status: "upserted" }), undefined);
 * ```
 */
export function nullMetrics(): MetricsSink {
  return { counter: () => {}, timer: () => {}, gauge: () => {} };
}
