/**
 * Medians of what was measured, and whether everybody found the same.
 *
 * @module
 */
import type { CorpusShape } from "./corpus.ts";
import type { Sample } from "./sample.ts";

/** What came out for one measure over one corpus. */
export interface Result {
  /** What was measured. */
  readonly measure: string;
  /** The median, in milliseconds. */
  readonly ms: number;
  /** Every time, in the order of the rounds, in milliseconds. */
  readonly times: readonly number[];
  /** The most memory, in bytes. */
  readonly peakBytes: number | null;
  /** How many rollouts gave a row. */
  readonly rows: number | null;
}

/** What came out for one corpus. */
export interface CorpusResult extends CorpusShape {
  /** The results, in the order in which they were measured. */
  readonly results: readonly Result[];
}

/** Somebody found another number of rollouts. */
export class DisagreementError extends Error {
  override name = "DisagreementError";
}

/** The samples of the rounds over one corpus. */
export class Samples {
  readonly #samples = new Map<string, Sample[]>();
  readonly #peaks = new Map<string, number | null>();

  /** Adds how much memory one measure took, in a round that is not timed. */
  addPeak(measure: string, { peakBytes }: Sample): void {
    this.#peaks.set(measure, peakBytes);
  }

  /** Adds what one measure cost in one round. */
  add(measure: string, sample: Sample): void {
    const samples = this.#samples.get(measure) ?? [];
    this.#samples.set(measure, [...samples, sample]);
  }

  /**
   * The medians.
   *
   * @param corpus What they are of.
   * @throws {DisagreementError} If somebody did not find every rollout.
   */
  summarize({ name, files, bytes }: CorpusShape): CorpusResult {
    const results = Array.from(this.#samples, ([measure, samples]): Result => {
      const wrong = samples.find(({ rows }) => rows !== null && rows !== files);
      if (wrong) throw new DisagreementError(`${name}: ${measure} found ${wrong.rows} rollouts of ${files}`);
      const times = samples.map(({ ms }) => ms);
      return {
        measure,
        ms: median(times),
        times,
        peakBytes: this.#peaks.get(measure) ?? null,
        rows: samples[0]?.rows ?? null,
      };
    });
    return { name, files, bytes, results };
  }
}

/** The middle of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = sorted.slice(middle - (sorted.length % 2 === 0 ? 1 : 0), middle + 1);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}
