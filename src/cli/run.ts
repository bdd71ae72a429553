/**
 * `backfill run`
 *
 * @module
 */
import type { BackfillReport } from "../report.ts";
import type { Arguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import { integer, oneOf } from "./flag_values.ts";
import { loadMetrics } from "./metrics_flag.ts";
import type { Output } from "./output.ts";
import { databaseOf, defaultCodexHome, processEnvironment } from "./paths.ts";
import { printable, printableJson } from "./printable.ts";
import { progressListener } from "./progress.ts";
import { type Stop, stopOnSignals } from "./signals.ts";
import { tolerateStrayErrors } from "./stray_errors.ts";
import { count, duration, size, whyCopies } from "./wording.ts";

/**
 * Runs a backfill.
 *
 * @returns The exit code.
 */
export async function runCommand({ text, has }: Arguments, defaults: Defaults, output: Output): Promise<number> {
  const batchSize = integer("--batch-size", text("batch-size"));
  const workers = integer("--workers", text("workers"));
  const compat = oneOf("--compat", text("compat"), defaults.compatVersions);
  const codexHome = text("codex-home") ?? defaultCodexHome(processEnvironment);
  const db = databaseOf(text("db"));
  const metrics = await loadMetrics(text("metrics"), defaults.metrics);
  const source = text("source"), defaultProvider = text("default-provider");
  const quiet = has("quiet");
  const note = quiet ? () => {} : output.note;
  const { onEvent, summarizeTrouble, sawEverything } = progressListener(note, Deno.stderr.isTerminal());
  using stop: Stop = stopOnSignals();
  using _tolerance = metrics.length > 0 ? tolerateStrayErrors(note) : undefined;
  const report = await defaults.run({
    codexHome,
    db,
    metrics,
    signal: stop.signal,
    onEvent,
    strict: has("strict"),
    durable: has("durable"),
    retryFailed: has("retry-failed"),
    allowEmpty: has("allow-empty"),
    ...(source === undefined ? {} : { source }),
    ...(compat === undefined ? {} : { compat }),
    ...(defaultProvider === undefined ? {} : { defaultProvider }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(workers === undefined ? {} : { workers }),
  });
  summarizeTrouble();
  if (has("json")) output.result(printableJson(toJson(report, db)));
  else if (!quiet) output.result(toText(report, db));
  if (report.status === "interrupted") return stop.exitCode;
  return report.failed > 0 || !sawEverything() ? 3 : 0;
}

function toText(report: BackfillReport, db: string): string {
  const lines = [
    `${count(report.upserted, "rollout")} indexed, ${report.skipped} unchanged or done before, ` +
    `${report.failed} failed; ${size(report.bytesRead)} read in ${duration(report.durationMs)}`,
  ];
  if (report.status === "interrupted") lines.push("interrupted; run the same command again to go on");
  if (report.gone > 0) {
    lines.push(
      `${count(report.gone, "rollout")} no longer there; what is known of ${report.gone === 1 ? "it" : "them"} is kept`,
    );
  }
  if (report.copies > 0) {
    const are = report.copies === 1 ? "is a copy" : "are copies";
    lines.push(`${count(report.copies, "rollout")} ${are}: ${whyCopies(report.copies)}; see backfill status`);
  }
  if (report.failedBefore > 0) {
    lines.push(`${count(report.failedBefore, "rollout")} failed before and did not change; see backfill failures`);
  }
  if (report.malformed > 0) lines.push(`${count(report.malformed, "malformed line")} passed over`);
  const unknown = Object.entries(report.unknown).map(([kind, lines]) => `${printable(kind)} (${lines})`);
  if (unknown.length > 0) lines.push(`lines of unknown kinds: ${unknown.join(", ")}`);
  lines.push(`database: ${printable(db)}`);
  return lines.join("\n");
}

function toJson(report: BackfillReport, db: string): Record<string, unknown> {
  return {
    status: report.status,
    scanned: report.scanned,
    skipped: report.skipped,
    upserted: report.upserted,
    failed: report.failed,
    failed_before: report.failedBefore,
    parse_errors: report.malformed,
    bytes_read: report.bytesRead,
    duration_ms: Math.round(report.durationMs),
    last_watermark: report.lastWatermark,
    listed: report.listed,
    gone: report.gone,
    refreshed: report.refreshed,
    copies: report.copies,
    problems: report.problems,
    unknown_lines: report.unknown,
    source: report.source,
    db,
  };
}
