/**
 * The main thread as one of those that extract: between two commits it has nothing else to do, and it is warm already.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import { extractTasks } from "../extract_tasks.ts";
import type { Extractor } from "../extractor.ts";
import { SHARE_LENGTH } from "../length.ts";
import type { Item, Source } from "../source.ts";
import { Turns } from "../turns.ts";
import type { Answer } from "./extracted.ts";
import type { Share } from "./share.ts";

/** Extracts shares on the main thread, one at a time. */
export class MainThread<I extends Item, R> {
  readonly #source: Source<I>;
  readonly #extractor: Extractor<I, R>;
  readonly #signal: AbortSignal;
  readonly #turns = new Turns();
  #isEnded = false;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;

  /**
   * @param source Opens the items.
   * @param extractor Reads them.
   * @param signal Cancels what is being extracted.
   */
  constructor(source: Source<I>, extractor: Extractor<I, R>, signal: AbortSignal) {
    this.#source = source;
    this.#extractor = extractor;
    this.#signal = signal;
  }

  /** Whether it has something to do. */
  get isBusy(): boolean {
    return this.#asked > 0;
  }

  /** Extracts a share, after the other threads had their turn. Fewer outcomes than tasks come back only once it was ended or cancelled, or where they take too much memory. */
  extract({ tasks }: Share<ExtractTask<I>>): Promise<Answer<R>> {
    this.#asked++;
    const answer = this.#extractAll(tasks);
    // What came of it is not held here.
    this.#last = answer.then(() => {}, () => {});
    return answer;
  }

  /** Makes it stop after the item at hand. */
  cancel(): void {
    this.#isEnded = true;
    this.#turns[Symbol.dispose]();
  }

  /** Makes it stop after the item at hand, and waits for that. */
  async end(): Promise<void> {
    this.cancel();
    await this.#last;
  }

  async #extractAll(tasks: readonly ExtractTask<I>[]): Promise<Answer<R>> {
    try {
      await this.#turns.next();
      const { outcomes, length } = await extractTasks(this.#source, this.#extractor, tasks, {
        signal: this.#signal,
        length: SHARE_LENGTH,
        goesOn: () => !this.#isEnded,
      });
      return { outcomes: { value: outcomes }, count: outcomes.length, length };
    } finally {
      this.#asked--;
    }
  }
}
