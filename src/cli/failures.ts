/**
 * `backfill failures`
 *
 * @module
 */
import type { FailureRecord } from "../store.ts";
import type { Arguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import type { Output } from "./output.ts";
import { databaseOf } from "./paths.ts";
import { printable, printableJson } from "./printable.ts";
import { count, time } from "./wording.ts";

/**
 * Lists the items that gave no row, and why.
 *
 * @returns The exit code.
 */
export async function failuresCommand({ text, has }: Arguments, defaults: Defaults, output: Output): Promise<number> {
  await using store = await defaults.openExisting(databaseOf(text("db")));
  const failures = await store.failures();
  if (has("json")) output.result(printableJson({ failures: failures.map(toJson) }));
  else output.result(failures.length === 0 ? "no failures" : failures.map(toText).join("\n"));
  return 0;
}

function toText(failure: FailureRecord): string {
  return [
    `${printable(failure.location)}${failure.gone ? " (gone)" : ""}`,
    `  ${printable(failure.kind)}: ${printable(failure.reason)}`,
    `  ${count(failure.attempts, "attempt")}, the last ${time(failure.failedAt, "")}, in ${printable(failure.source)}`,
  ].join("\n");
}

function toJson(failure: FailureRecord): Record<string, unknown> {
  return {
    source: failure.source,
    watermark: failure.watermark,
    location: failure.location,
    kind: failure.kind,
    reason: failure.reason,
    transient: failure.transient,
    attempts: failure.attempts,
    failed_at: failure.failedAt,
    gone: failure.gone,
  };
}
