/**
 * Metrics, derived from the events of a run, by the names that Codex's own backfill uses: {@linkcode MetricsSink} lists them.
 *
 * A run that an error ends is counted and timed like any other, by what it committed; one that never got the lease is not.
 *
 * @module
 */
import { within } from "./abandon.ts";
import { reasonOf } from "./errors.ts";
import type { BackfillEvent, BackfillListener } from "./events.ts";
import type { MetricsSink, MetricTags } from "./metrics.ts";
import type { BackfillReport } from "./report.ts";
import { isPromise } from "./promises.ts";
import type { MaybePromise } from "./source.ts";

/** How long a sink may take to flush at the end before the run goes on without it, in milliseconds. */
const FLUSH_LIMIT_MS = 5_000;

/**
 * A kind comes from the content of an item: only what is spelled like one, perhaps with the version that wrote it, becomes a
 * tag. Nobody's secret is.
 */
const PLAIN_KIND =
  /^[a-z][a-z_]{0,39}(?:\/[a-z][a-z_]{0,39})?(?:@\d{1,4}(?:\.\d{1,4}){1,3}(?:-[a-z]{1,10}(?:\.\d{1,4})?)?)?$/;

/** What a run came to. */
type Ending = Pick<BackfillReport, "upserted" | "failed" | "durationMs">;

/** Feeds sinks from events. A sink that fails is dropped, told of once, and costs nothing else. */
export class MetricsRecorder {
  readonly #live: Set<MetricsSink>;
  /** What sinks are still at. */
  readonly #pending = new Map<MetricsSink, Set<Promise<void>>>();
  readonly #onBroken: BackfillListener;
  readonly #startedAt = performance.now();
  /** What the run that goes on has committed. */
  #running: { upserted: number; failed: number } | undefined;

  /**
   * Starts recording.
   *
   * @param sinks Where the numbers go.
   * @param onBroken Is told, once a sink, that it failed.
   */
  constructor(sinks: readonly MetricsSink[], onBroken: BackfillListener) {
    this.#live = new Set(sinks);
    this.#onBroken = onBroken;
  }

  /** Records what an event says in numbers. */
  record(event: BackfillEvent): void {
    switch (event.type) {
      case "claimed":
        this.#running = { upserted: 0, failed: 0 };
        return;
      case "planned":
        this.#gauge("rollout.backfill.items", event.listed, { kind: "listed" });
        this.#gauge("rollout.backfill.items", event.due, { kind: "due" });
        this.#gauge("rollout.backfill.items", event.gone, { kind: "gone" });
        return;
      case "committed":
        if (event.batch.malformed > 0) {
          this.#count("codex.db.error", event.batch.malformed, { stage: "extract_metadata_from_rollout" });
          this.#count("codex.db.error", event.batch.malformed, { stage: "backfill_sessions" });
        }
        if (this.#running) {
          this.#running.upserted += event.batch.upserted;
          this.#running.failed += event.batch.failed;
        }
        if (event.batch.bytesRead > 0) this.#count("rollout.backfill.bytes_read", event.batch.bytesRead, {});
        return;
      case "store_failed":
        this.#running ??= { upserted: 0, failed: 0 };
        this.#count("codex.db.error", 1, { stage: event.stage });
        return;
      case "finished":
        this.#finished(event.report);
        return;
      default:
        return;
    }
  }

  /** Says what a run came to that an error ended, and gives every sink that still works the chance to send what it holds back. */
  async flush(): Promise<void> {
    if (this.#running) this.#ended({ ...this.#running, durationMs: performance.now() - this.#startedAt }, false);
    await Promise.all([...this.#live].map(async (sink) => {
      try {
        const late = `what it was at, and its flush, took longer than ${FLUSH_LIMIT_MS} ms`;
        await within(this.#flushOne(sink), FLUSH_LIMIT_MS, late);
      } catch (error) {
        this.#drop(sink, error);
      }
    }));
  }

  /** Waits for what a sink is still at, has it send what it holds back, and waits for what that began. */
  async #flushOne(sink: MetricsSink): Promise<void> {
    await this.#settled(sink);
    if (this.#live.has(sink)) await sink.flush?.();
    await this.#settled(sink);
  }

  async #settled(sink: MetricsSink): Promise<void> {
    await Promise.all(this.#pending.get(sink) ?? []);
  }

  #finished(report: BackfillReport): void {
    const lines = new Map<string, number>();
    for (const [kind, count] of Object.entries(report.unknown)) {
      const tag = PLAIN_KIND.test(kind) ? kind : "other";
      lines.set(tag, (lines.get(tag) ?? 0) + count);
    }
    for (const [kind, count] of lines) this.#count("rollout.backfill.unknown_lines", count, { kind });
    this.#ended(report, report.failed === 0);
  }

  #ended({ upserted, failed, durationMs }: Ending, success: boolean): void {
    this.#running = undefined;
    this.#count("codex.db.backfill", upserted, { status: "upserted" });
    this.#count("codex.db.backfill", failed, { status: "failed" });
    const status = success ? "success" : upserted === 0 ? "failed" : "partial_failure";
    this.#each((sink) => sink.timer("codex.db.backfill.duration_ms", durationMs, { status }));
  }

  #count(name: string, value: number, tags: MetricTags): void {
    this.#each((sink) => sink.counter(name, value, tags));
  }

  #gauge(name: string, value: number, tags: MetricTags): void {
    this.#each((sink) => sink.gauge?.(name, value, tags));
  }

  #each(call: (sink: MetricsSink) => MaybePromise<void> | undefined): void {
    for (const sink of this.#live) {
      try {
        const answer = call(sink);
        if (isPromise(answer)) this.#await(sink, answer);
      } catch (error) {
        this.#drop(sink, error);
      }
    }
  }

  #await(sink: MetricsSink, answer: PromiseLike<void>): void {
    const pending = this.#pending.get(sink) ?? new Set();
    this.#pending.set(sink, pending);
    const settled = Promise.resolve(answer).catch((error) => this.#drop(sink, error)).finally(() =>
      pending.delete(settled)
    );
    pending.add(settled);
  }

  #drop(sink: MetricsSink, error: unknown): void {
    if (this.#live.delete(sink)) this.#onBroken({ type: "sink_failed", reason: reasonOf(error) });
  }
}
