/**
 * The engine: one loop from source to store.
 *
 * @module
 */
import { GRACE_MS, untilAborted } from "./abandon.ts";
import { type BackfillOptions, checked } from "./backfill_options.ts";
import { extractBatches } from "./batches.ts";
import { DueItems } from "./due.ts";
import { LeaseHeldError, LeaseLostError, reasonOf, StoreError, type StoreStage } from "./errors.ts";
import type { BackfillEvent } from "./events.ts";
import { claimLease, LeaseKeeper } from "./lease.ts";
import { thisProcess } from "./owner.ts";
import { type Plan, Planner } from "./plan.ts";
import { readIntoPlan } from "./planning.ts";
import { Pool } from "./pool/pool.ts";
import { Threads } from "./pool/threads.ts";
import { isPromise } from "./promises.ts";
import { MetricsRecorder } from "./recorder.ts";
import { type BackfillReport, summarize, Tally } from "./report.ts";
import type { Item, MaybePromise, SourceProblem } from "./source.ts";
import type { Batch, Outcome, SourceState } from "./store.ts";
import { Turns } from "./turns.ts";

/** How many items that are gone, or only look different, are committed together. */
const CHANGES_AT_ONCE = 500;

/** How long a run that is cancelled or failed waits for an extractor on this thread: longer than for those on others, which are ended. */
const ABANDON_MS = 2 * GRACE_MS;

/**
 * Brings a store up to date with a source.
 *
 * Items are taken in ascending order of watermark, in batches; the rows, the ledger, the failures and the watermark of a
 * batch are committed in one transaction. A run that was killed or cancelled is continued by the next one. A run after
 * `complete` takes only what is new, changed, restored or due for retry.
 *
 * @typeParam I The items.
 * @typeParam R The rows.
 * @param options The four plugins, and how to run them.
 * @returns What the run did.
 * @throws {RangeError} If `batchSize`, `leaseMs` or `workers` is not a positive integer.
 * @throws {TypeError} If the source has no id, or the extractor no version.
 * @throws {LeaseHeldError} If another worker runs.
 * @throws {LeaseLostError} If another worker took the lease over; what was committed before stands.
 * @throws {SourceError} If the source cannot be listed, or lists nothing although the ledger has items.
 * @throws {StoreError} If the store fails; what was committed before stands.
 *
 * @example A source, an extractor and a store of your own
 * ```ts
 * import { backfill, type Extractor, type Item, memoryStore, type Source } from "@rollout/backfill";
 * import { assertEquals } from "@std/assert";
 *
 * const notes: Source = {
 *   id: "notes",
 *   items: () => [{ watermark: "a", fingerprint: "1", location: "notes/a", size: 2 }],
 *   open: () => ({
 *     read: (into, offset) => offset > 0 ? null : into.set(new TextEncoder().encode("hi")) ?? 2,
 *     close: () => {},
 *   }),
 * };
 * const text: Extractor<Item, string> = {
 *   version: "text/1",
 *   async extract(item, { open }) {
 *     const bytes = new Uint8Array(100);
 *     const size = await (await open()).read(bytes, 0) ?? 0;
 *     const row = new TextDecoder().decode(bytes.subarray(0, size));
 *     return { key: item.watermark, row, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: size };
 *   },
 * };
 * const store = memoryStore<string>();
 * const first = await backfill({ source: notes, extractor: text, store });
 * assertEquals(first.upserted, 1);
 * const second = await backfill({ source: notes, extractor: text, store });
 * assertEquals([second.upserted, second.skipped], [0, 1]);
 * ```
 */
export async function backfill<I extends Item, R>(options: BackfillOptions<I, R>): Promise<BackfillReport> {
  await using run = new Run(options);
  return await run.execute();
}

/** One call of {@linkcode backfill}. */
class Run<I extends Item, R> implements AsyncDisposable {
  readonly #recorder: MetricsRecorder;
  readonly #options: BackfillOptions<I, R>;
  readonly #batchSize: number;
  readonly #leaseMs: number;
  readonly #workers: number;
  readonly #signal: AbortSignal;
  /** Cancels what is being extracted: where the run is cancelled, and where it fails. */
  readonly #extracting = new AbortController();
  readonly #cancel = (): void => this.#extracting.abort(this.#signal.reason);
  readonly #now: () => number;
  readonly #tally = new Tally();
  readonly #startedAt = performance.now();
  /** Whether extracting broke, or is not waited for any longer as an extractor does not heed that it was cancelled. */
  #isAbandoned = false;
  #hasFailed = false;

  constructor(options: BackfillOptions<I, R>) {
    this.#options = options;
    const { batchSize, leaseMs, workers } = checked(options);
    this.#batchSize = batchSize;
    this.#leaseMs = leaseMs;
    this.#workers = workers;
    this.#signal = options.signal ?? new AbortController().signal;
    // Not by AbortSignal.any(): the signal of a program that runs many would keep something of each.
    this.#signal.addEventListener("abort", this.#cancel);
    if (this.#signal.aborted) this.#cancel();
    this.#now = options.now ?? Date.now;
    this.#recorder = new MetricsRecorder(options.metrics ?? [], (event) => this.#tell(event));
  }

  async execute(): Promise<BackfillReport> {
    const { source, extractor, store, owner = thisProcess() } = this.#options, { signal } = this.#extracting;
    const request = { source: source.id, owner, leaseMs: this.#leaseMs, at: this.#now() };
    const { lease, state, takenFrom } = await this.#step("mark_running", () => claimLease(store, request));
    await using keeper = new LeaseKeeper(store, lease, this.#leaseMs, this.#now);
    this.#tally.lastWatermark = state.lastWatermark;
    this.#emit({ type: "claimed", state, ...(takenFrom ? { takenFrom } : {}) });

    const onBroken = (reason: string) => this.#emit({ type: "worker_failed", reason });
    using threads = new Threads(() => Pool.start<I, R>(source, extractor, this.#workers, signal, onBroken));
    const { due, gone, refreshed } = await this.#plan(state, keeper, threads);
    // Before any row: else a row could be left with an item that is gone.
    await this.#commitChanges({ gone, refreshed }, keeper);
    // Also where they are not waited for any longer: what they hold would keep the process alive.
    using turns = new Turns();
    const batches = extractBatches(due, {
      source,
      extractor,
      batchSize: this.#batchSize,
      pool: threads.pool,
      snapshots: (watermarks) =>
        this.#step("read", () => keeper.exclusive(() => store.snapshots(source.id, watermarks))),
      signal,
      turns,
    });
    try {
      let from = 0;
      for (let outcomes; (outcomes = await this.#heeded(batches.next()));) {
        const to = from + outcomes.length, bytes = due.bytesBefore(to) - due.bytesBefore(from);
        await this.#commit({ outcomes, gone: [], refreshed: [] }, keeper, bytes);
        from = to;
      }
    } finally {
      // What is waited for no longer would be waited for again.
      if (!this.#isAbandoned) await this.#heeded(batches.return(undefined));
    }
    const isWhole = !this.#signal.aborted;
    if (isWhole) {
      await this.#step("mark_complete", () => keeper.exclusive((lease) => store.complete(lease, this.#now())));
    }
    this.#tally.copies = await this.#step("read", () => this.#copies());
    return this.#finish(isWhole);
  }

  /** Commits what changed without being read, in parts: it may be everything there is, and others have their turn in between. */
  async #commitChanges(
    { gone, refreshed }: Pick<Plan<I>, "gone" | "refreshed">,
    keeper: LeaseKeeper<R>,
  ): Promise<void> {
    using turns = new Turns();
    const most = Math.max(gone.length, refreshed.length);
    for (let from = 0; from < most && !this.#signal.aborted; from += CHANGES_AT_ONCE) {
      const part = <T>(all: readonly T[]) => all.slice(from, from + CHANGES_AT_ONCE);
      await this.#commit({ outcomes: [], gone: part(gone), refreshed: part(refreshed) }, keeper);
      await turns.next();
    }
  }

  /**
   * What extracting comes to, unless the run was cancelled and an extractor does not heed it.
   *
   * @throws If the run failed: by then it is not extracted any more, or not waited for any longer.
   */
  async #heeded(step: Promise<IteratorResult<Outcome<R>[], void>>): Promise<Outcome<R>[] | undefined> {
    try {
      const { done, value } = await untilAborted(step, this.#extracting.signal, ABANDON_MS);
      return done ? undefined : value;
    } catch (error) {
      this.#isAbandoned = true;
      if (!this.#signal.aborted || error !== this.#signal.reason) throw error;
      return undefined;
    }
  }

  async #copies(): Promise<number> {
    const { source: { id }, store } = this.#options;
    if (store.countCopies) return await store.countCopies(id);
    return (await store.states()).find(({ source }) => source === id)?.copies ?? 0;
  }

  async #plan(state: SourceState, keeper: LeaseKeeper<R>, threads: Threads<I, R>): Promise<Plan<I>> {
    const { source, extractor, store, retryFailed = false, allowEmpty = false, onlyAbove = false } = this.#options;
    const signal = this.#signal, sameBytes = source.sameBytes?.bind(source);
    const rules = {
      state,
      version: extractor.version.toWellFormed(),
      retryFailed,
      allowEmpty,
      onlyAbove,
      arePlain: source.worker !== undefined,
    };
    const problems: SourceProblem[] = [];
    const onProblem = (problem: SourceProblem) => {
      problems.push(problem);
      this.#emit({ type: "problem", problem });
    };
    const planner = new Planner<I>(sameBytes ? { ...rules, sameBytes } : rules, {
      due: (item) => threads.expect(item),
      again: ({ watermark, location }) =>
        onProblem({
          location,
          reason: `another with its watermark "${watermark}" was listed before, and is taken instead`,
        }),
    });
    await readIntoPlan(planner, {
      items: () =>
        source.items({
          signal,
          onProblem,
          onPassedOver: (passedOver) => this.#emit({ type: "passed_over", passedOver }),
        }),
      ledger: () => store.ledger(source.id),
      exclusive: (call) => this.#step("read", () => keeper.exclusive(call)),
      signal,
    });
    if (signal.aborted) return { due: new DueItems(), refreshed: [], gone: [] };
    const todo = planner.finish(problems);
    await todo.due.squeeze();
    this.#tally.listed = planner.listed;
    this.#tally.skipped = planner.listed - todo.due.length;
    this.#tally.failedBefore = planner.failedBefore;
    this.#tally.problems = problems.length;
    const { due: { length, bytes }, gone } = todo;
    this.#emit({ type: "planned", listed: planner.listed, due: length, bytes, gone: gone.length });
    return todo;
  }

  async #commit(
    part: Pick<Batch<R>, "outcomes" | "gone" | "refreshed">,
    keeper: LeaseKeeper<R>,
    bytes = 0,
  ): Promise<void> {
    const { outcomes, gone, refreshed } = part;
    if (outcomes.length + gone.length + refreshed.length === 0) return;
    const watermark = outcomes.at(-1)?.watermark ?? null;
    const { refused } = await this.#step(
      "checkpoint",
      () => keeper.exclusive((lease) => this.#options.store.commit(lease, { ...part, watermark, at: this.#now() })),
    );
    const refusals = new Map(refused.map(({ watermark, failure }) => [watermark, failure]));
    for (const { watermark, location, failure = refusals.get(watermark) } of outcomes) {
      if (failure) this.#emit({ type: "failed", watermark, location, failure });
    }
    const batch = summarize(outcomes, refusals.size);
    this.#tally.add(batch);
    this.#tally.changed({ gone, refreshed });
    this.#emit({ type: "committed", batch, bytes });
  }

  #finish(isWhole: boolean): BackfillReport {
    const status = isWhole ? "complete" : "interrupted";
    const report = this.#tally.report(this.#options.source.id, status, performance.now() - this.#startedAt);
    this.#emit({ type: "finished", report });
    return report;
  }

  /** Runs a call of the store; a failure is told with its stage before the run ends with it. */
  async #step<T>(stage: Stage, call: () => MaybePromise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      // What was asked for behind it fails with it, and is not told again.
      if (!this.#hasFailed && !(error instanceof LeaseLostError || error instanceof LeaseHeldError)) {
        const at: StoreStage = error instanceof StoreError && error.stage ? error.stage : `backfill_state_${stage}`;
        this.#emit({ type: "store_failed", stage: at, reason: reasonOf(error) });
      }
      this.#hasFailed = true;
      this.#extracting.abort(error);
      throw error;
    }
  }

  /** Follows the signal no more, as it may outlive many runs, and has the sinks finish. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener("abort", this.#cancel);
    await this.#recorder.flush();
  }

  #emit(event: BackfillEvent): void {
    this.#recorder.record(event);
    this.#tell(event);
  }

  #tell(event: BackfillEvent): void {
    try {
      const answer: unknown = this.#options.onEvent?.(event);
      // An async function is a listener too, and a rejection that nobody handles would end the process.
      if (isPromise(answer)) answer.then(undefined, () => {});
    } catch {
      // Progress is for people; the run does not depend on it.
    }
  }
}

type Stage = "read" | "mark_running" | "checkpoint" | "mark_complete";
