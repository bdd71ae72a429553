/**
 * A pool of worker threads that extract items; the main thread keeps the order and owns the store.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Extractor } from "../extractor.ts";
import type { Item, Source } from "../source.ts";
import type { Outcome } from "../store.ts";
import { PoolWorker } from "./pool_worker.ts";

/** Bytes that are worth a message to a worker of their own. */
const SHARE_BYTES = 8 << 20;

/** The most items in one message, so that small ones are spread evenly too. */
const SHARE_ITEMS = 25;

/** Items that one worker extracts at a time, and where their outcomes go. */
interface Share<I extends Item, R> {
  readonly tasks: readonly ExtractTask<I>[];
  readonly done: (outcomes: readonly Outcome<R>[]) => void;
}

/** Extracts batches on several threads. */
export class Pool<I extends Item, R> implements Disposable {
  readonly #workers: readonly PoolWorker<I, R>[];
  readonly #waiting: Share<I, R>[] = [];
  readonly #idle: PoolWorker<I, R>[];
  readonly #signal: AbortSignal;
  #broken = false;
  readonly #cancel = (): void => {
    for (const share of this.#waiting.splice(0)) share.done([]);
    for (const worker of this.#workers) worker.cancel();
  };

  private constructor(workers: readonly PoolWorker<I, R>[], signal: AbortSignal) {
    this.#workers = workers;
    this.#idle = [...workers];
    this.#signal = signal;
    signal.addEventListener("abort", this.#cancel);
  }

  /**
   * Starts a pool.
   *
   * @param source Names the module from which workers get a source of their own.
   * @param extractor Names the module from which workers get an extractor of their own.
   * @param size How many workers.
   * @param signal Cancels what is being extracted.
   * @returns The pool, or `undefined` where workers cannot start: for want of a module, a permission, or a thread.
   */
  static async start<I extends Item, R>(
    source: Source<I>,
    extractor: Extractor<I, R>,
    size: number,
    signal: AbortSignal,
  ): Promise<Pool<I, R> | undefined> {
    const modules = { source: source.worker, extractor: extractor.worker };
    if (size < 2 || !modules.source || !modules.extractor || !mayStart()) return undefined;
    const plugins = { source: modules.source, extractor: modules.extractor };
    const workers = Array.from({ length: size }, () => new PoolWorker<I, R>(plugins));
    const started = await Promise.all(workers.map((worker) => worker.started));
    if (started.every((version) => version === extractor.version)) return new Pool(workers, signal);
    for (const worker of workers) worker.terminate();
    return undefined;
  }

  /**
   * Extracts a batch. The largest items go first, so that none of them is what the others wait for in the end.
   *
   * @param tasks What to extract.
   * @returns The outcomes in the order of the tasks, up to the first that was cancelled; `undefined` once a worker broke.
   */
  async extract(tasks: readonly ExtractTask<I>[]): Promise<Outcome<R>[] | undefined> {
    if (this.#broken) return undefined;
    const found = new Map<string, Outcome<R>>();
    await Promise.all(
      shares(tasks).map((share) =>
        new Promise<void>((resolve) => {
          const done = (outcomes: readonly Outcome<R>[]): void => {
            for (const outcome of outcomes) found.set(outcome.watermark, outcome);
            resolve();
          };
          this.#waiting.push({ tasks: share, done });
          this.#dispatch();
        })
      ),
    );
    if (this.#broken) return undefined;
    const outcomes: Outcome<R>[] = [];
    for (const { item } of tasks) {
      const outcome = found.get(item.watermark);
      if (!outcome) break;
      outcomes.push(outcome);
    }
    return outcomes;
  }

  #dispatch(): void {
    if (this.#signal.aborted || this.#broken) return this.#cancel();
    while (this.#idle.length > 0) {
      const share = this.#waiting.shift();
      if (!share) return;
      const worker = this.#idle.pop();
      if (!worker) return;
      worker.extract(share.tasks).then((outcomes) => {
        this.#idle.push(worker);
        share.done(outcomes);
        this.#dispatch();
      }, () => {
        this.#broken = true;
        share.done([]);
        this.#cancel();
      });
    }
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#cancel);
    for (const worker of this.#workers) worker.terminate();
  }
}

function shares<I extends Item>(tasks: readonly ExtractTask<I>[]): ExtractTask<I>[][] {
  const all: ExtractTask<I>[][] = [];
  let share: ExtractTask<I>[] = [], bytes = 0;
  for (const task of tasks.toSorted((a, b) => b.item.size - a.item.size)) {
    if (share.length > 0 && (bytes + task.item.size > SHARE_BYTES || share.length >= SHARE_ITEMS)) {
      all.push(share);
      share = [];
      bytes = 0;
    }
    share.push(task);
    bytes += task.item.size;
  }
  if (share.length > 0) all.push(share);
  return all;
}

/** Where the module of the workers could not be loaded without a question, there are no workers. */
function mayStart(): boolean {
  return Deno.permissions.querySync(permissionFor(new URL("./worker.ts", import.meta.url))).state === "granted";
}

/**
 * The permission that loading a module needs: a worker's is read like any other.
 *
 * @param module Its address.
 */
export function permissionFor(module: URL): Deno.PermissionDescriptor {
  if (module.protocol === "file:") return { name: "read", path: module };
  // Without a port every port would be meant, and that is granted for no host.
  return { name: "import", host: `${module.hostname}:${module.port || "443"}` };
}
