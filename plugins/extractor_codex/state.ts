/**
 * What is known of a rollout after some of its lines.
 *
 * @module
 */
import { newFold, type ThreadFold } from "./fold.ts";

/** What is known of a rollout after some of its lines. */
export interface RolloutState {
  /** Where the lines end that it is known from. */
  offset: number;
  /** What the lines add up to. */
  readonly fold: ThreadFold;
  /** Lines that were well formed. */
  records: number;
  /** Lines that were malformed. */
  malformed: number;
  /** Lines of unknown kinds, by kind. */
  readonly unknown: Map<string, number>;
  /** The timestamp of the last line that was well formed, as written. */
  lastTimestamp: string;
}

/** What is known before the first line. */
export function newState(): RolloutState {
  return { offset: 0, fold: newFold(), records: 0, malformed: 0, unknown: new Map(), lastTimestamp: "" };
}
