/**
 * Several items through the extractor, one after the other, on whatever thread that is.
 *
 * @module
 */
import { extractItem, type ExtractTask } from "./extract.ts";
import type { Extractor } from "./extractor.ts";
import { lengthOfOutcome } from "./length.ts";
import type { Item, MaybePromise, Source } from "./source.ts";
import type { Outcome } from "./store.ts";

/** When {@linkcode extractTasks} ends. */
export interface ExtractLimits {
  /** Cancels: no task is begun after it, and the one at hand gives nothing. */
  readonly signal: AbortSignal;
  /** How much memory outcomes may take until the rest is left, as {@linkcode lengthOfOutcome} measures it. */
  readonly length: number;
  /** Asked before every task whether to go on. */
  readonly goesOn: () => MaybePromise<boolean>;
}

/** What came of some tasks. */
export interface ExtractedTasks<R> {
  /** The outcomes, in the order of the tasks. Fewer than these where one of the limits came first. */
  readonly outcomes: Outcome<R>[];
  /** How much memory they take. */
  readonly length: number;
}

/**
 * Extracts tasks.
 *
 * @param source Opens the items.
 * @param extractor Reads them.
 * @param tasks The tasks.
 * @param limits When to end before all are done.
 */
export async function extractTasks<I extends Item, R>(
  source: Pick<Source<I>, "open">,
  extractor: Extractor<I, R>,
  tasks: readonly ExtractTask<I>[],
  limits: ExtractLimits,
): Promise<ExtractedTasks<R>> {
  const { signal, goesOn } = limits;
  const outcomes: Outcome<R>[] = [];
  let length = 0;
  for (const task of tasks) {
    const on = goesOn();
    if (!(typeof on === "boolean" ? on : await on) || signal.aborted || length > limits.length) break;
    try {
      const outcome = await extractItem(source, extractor, task, signal);
      outcomes.push(outcome);
      length += lengthOfOutcome(outcome);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return { outcomes, length };
}
