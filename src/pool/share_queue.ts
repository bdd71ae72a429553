/**
 * The shares that wait for a thread, and which of them it is to begin next.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Item } from "../source.ts";
import type { Density } from "./density.ts";
import { Extracted } from "./extracted.ts";
import { countTogether, isHuge, isLarge, type Share } from "./share.ts";

/** How many shares are looked through for the largest: with huge batches, to look through all takes longer than to wait for it. */
const LOOK_AHEAD = 1_000;

/** A share that waits. */
export interface QueuedShare<I extends Item, R> {
  /** What to extract. */
  readonly share: Share<ExtractTask<I>>;
  /** The number of its first item among all that are due. */
  readonly at: number;
  /** The number of the first item of its batch. */
  readonly batch: number;
  /** Is told what came of it; `undefined` if nothing will. */
  readonly resolve: (extracted: Extracted<R> | undefined) => void;
}

/**
 * Shares in the order in which they came, with two exceptions. Workers begin with the large ones, so that none of these is what
 * everybody waits for in the end; the main thread keeps to what is committed next.
 */
export class ShareQueue<I extends Item, R> {
  readonly #queued: QueuedShare<I, R>[] = [];

  /** Whether none waits. */
  get isEmpty(): boolean {
    return this.#queued.length === 0;
  }

  /** Adds a share behind those that came before. */
  add(queued: QueuedShare<I, R>): void {
    this.#queued.push(queued);
  }

  /** Takes the share that begins with an item; `undefined` if it does not wait. */
  takeAt(item: number): QueuedShare<I, R> | undefined {
    return this.#take(this.#queued.findIndex(({ at }) => at === item))[0];
  }

  /**
   * Takes what the main thread is to begin: what comes first of all that is not huge, if there is any.
   *
   * @param density What to expect of it.
   */
  takeForMain(density: Density): QueuedShare<I, R> | undefined {
    return this.#takeTogether(Math.max(0, this.#queued.findIndex(({ share }) => !isHuge(share))), density);
  }

  /**
   * Takes what a worker is to begin, or to begin after what it is at: the largest, or what comes first, if none is large.
   *
   * @param isIdle Whether it has nothing else to do; a huge one waits for that.
   * @param density What to expect of it.
   */
  takeForWorker(isIdle: boolean, density: Density): QueuedShare<I, R> | undefined {
    return this.#takeTogether(this.#largest(isIdle), density);
  }

  /** Takes all. */
  clear(): QueuedShare<I, R>[] {
    return this.#queued.splice(0);
  }

  #take(at: number, count = 1): QueuedShare<I, R>[] {
    return at < 0 ? [] : this.#queued.splice(at, count);
  }

  /** Takes as many shares as are worth a turn or a message. What came of them is told to the first, and nothing to the others. */
  #takeTogether(at: number, density: Density): QueuedShare<I, R> | undefined {
    const [first, ...more] = this.#take(at, countTogether(this.#following(at), density));
    if (!first || more.length === 0) return first;
    const together = [first, ...more].map(({ share }) => share);
    return {
      ...first,
      share: {
        tasks: together.flatMap(({ tasks }) => tasks),
        bytes: together.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      resolve: (extracted) => {
        first.resolve(extracted);
        for (const { resolve } of more) resolve(extracted && Extracted.nothing());
      },
    };
  }

  /** Where the largest share is, or the first, if none is large; -1 if there is none. */
  #largest(orHuge: boolean): number {
    let found = -1;
    for (const [at, { share }] of this.#queued.entries()) {
      if (at >= LOOK_AHEAD) break;
      if (isHuge(share) && !orHuge) continue;
      const best = this.#queued[found]?.share;
      if (!best || isLarge(share) && share.bytes > best.bytes) found = at;
    }
    return found;
  }

  /** The shares of a batch that follow each other, from one on. */
  *#following(from: number): Generator<Share<ExtractTask<I>>> {
    let last: QueuedShare<I, R> | undefined;
    for (let at = from;; at++) {
      const next = this.#queued[at];
      if (!next || last && (next.batch !== last.batch || next.at !== last.at + last.share.tasks.length)) return;
      yield next.share;
      last = next;
    }
  }
}
