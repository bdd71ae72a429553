/**
 * What a source of rollouts lists, and what the Codex extractor reads.
 *
 * @module
 */
import type { Item } from "../src/source.ts";

/** One rollout: an item with what only its source knows. */
export interface RolloutItem extends Item {
  /** The base name without `.zst`, e.g. `rollout-2026-01-27T12-34-56-<uuid>.jsonl`. */
  readonly name: string;
  /** When it was last modified, in milliseconds since the epoch; negative before 1970. */
  readonly modifiedMs: number;
  /** Whether it lies under `archived_sessions`. */
  readonly archived: boolean;
  /** The name that the home's index has for the thread that the file name is about. Comes from a user: any text. */
  readonly threadName?: string;
  /** The same rollout as it lies compressed beside this file, for the case that this one gives no row. */
  readonly standIn?: RolloutItem;
}
