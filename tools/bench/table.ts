/**
 * Results as a table that people read, on a terminal as well as in the README.
 *
 * @module
 */
import type { CorpusResult, Result } from "./results.ts";

/** What the columns are aligned to. */
const HEAD = ["", "median", "compared", "peak memory", "rollouts"] as const;

/**
 * Spells the results of one corpus as Markdown.
 *
 * @param corpus The results.
 * @param base The measure that the others are compared with.
 */
export function table({ results }: CorpusResult, base: string): string {
  const unit = results.find(({ measure }) => measure === base)?.ms;
  const rows = [HEAD, ...results.map((result) => cells(result, unit))];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${
      widths.map((width, at) => at === 0 ? (row[at] ?? "").padEnd(width) : (row[at] ?? "").padStart(width)).join(" | ")
    } |`;
  const rule = widths.map((width, at) => at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  const [head = [], ...body] = rows;
  return [line(head), line(rule), ...body.map(line)].join("\n");
}

/** `336 rollouts, 1.36 GB`. */
export function size({ files, bytes }: Pick<CorpusResult, "files" | "bytes">): string {
  const amount = bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
  return `${files.toLocaleString("en")} rollouts, ${amount}`;
}

function cells({ measure, ms, peakBytes, rows }: Result, unit: number | undefined): readonly string[] {
  return [
    measure,
    ms < 9_995 ? `${(ms / 1000).toFixed(ms < 995 ? 3 : 2)} s` : `${(ms / 1000).toFixed(1)} s`,
    unit === undefined ? "" : `${(ms / unit).toFixed(ms < 10 * unit ? 2 : 1)}×`,
    peakBytes === null ? "unknown" : `${Math.round(peakBytes / 1e6)} MB`,
    rows === null ? "" : rows.toLocaleString("en"),
  ];
}
