/**
 * The fourth contract: where numbers go.
 *
 * @module
 */
import type { MaybePromise } from "./source.ts";

/** What a number is about: a few names with a few possible values each. Never holds content of an item. */
export type MetricTags = Readonly<Record<string, string>>;

/**
 * Takes the numbers of a run.
 *
 * The engine derives them from its events, a few calls a batch and never in the hot loop:
 *
 * | name | kind | tags |
 * |---|---|---|
 * | `codex.db.backfill` | counter | `status`: `upserted`, `failed` |
 * | `codex.db.backfill.duration_ms` | timer | `status`: `success`, `partial_failure`, `failed` |
 * | `codex.db.error` | counter | `stage`: see `StoreStage`, and `extract_metadata_from_rollout`, `backfill_sessions` for malformed lines |
 * | `rollout.backfill.items` | gauge | `kind`: `listed`, `due`, `gone` |
 * | `rollout.backfill.bytes_read` | counter | |
 * | `rollout.backfill.unknown_lines` | counter | `kind` |
 *
 * A method may answer with a promise. Nothing waits for that before the next call, so that calls of such a sink may overlap; at
 * the end all are waited for, then {@linkcode MetricsSink.flush}, for up to five seconds together. A sink that throws or rejects
 * is reported once and not called again; the run goes on.
 *
 * @example A sink that keeps totals
 * ```ts
 * import type { MetricsSink } from "@rollout/backfill";
 * import { assertEquals } from "@std/assert";
 *
 * const totals = new Map<string, number>();
 * const sink: MetricsSink = {
 *   counter: (name, value) => void totals.set(name, (totals.get(name) ?? 0) + value),
 *   timer: () => {},
 * };
 * sink.counter("codex.db.backfill", 2, { status: "upserted" });
 * assertEquals(totals.get("codex.db.backfill"), 2);
 * ```
 */
export interface MetricsSink {
  /** Adds `value` to a count. */
  counter(name: string, value: number, tags: MetricTags): MaybePromise<void>;
  /** Records a duration in milliseconds. */
  timer(name: string, ms: number, tags: MetricTags): MaybePromise<void>;
  /** Sets a value that goes up and down. Optional. */
  gauge?(name: string, value: number, tags: MetricTags): MaybePromise<void>;
  /** Called once when the run is over: send what is still held back. Optional. */
  flush?(): MaybePromise<void>;
}
