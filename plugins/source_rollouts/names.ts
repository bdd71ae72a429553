/**
 * Which file names are rollouts, and what they are called in a ledger.
 *
 * @module
 */
import { withoutCompression } from "../compression.ts";

/** Whether a file is a rollout that is not compressed. */
function isPlainRollout(name: string): boolean {
  return name.startsWith("rollout-") && name.endsWith(".jsonl");
}

/** Picks the rollouts that are not compressed. */
export function plainRollouts(names: readonly string[]): string[] {
  return names.filter(isPlainRollout);
}

/** Picks the rollouts in either form. */
export function allRollouts(names: readonly string[]): string[] {
  return names.filter((name) => isPlainRollout(withoutCompression(name)));
}

/** Picks the rollouts among the files of one folder. A compressed one is left out where the plain one is there as well. */
export function oneFormOfEach(names: readonly string[]): string[] {
  const plain = new Set(plainRollouts(names));
  return allRollouts(names).filter((name) => plain.has(name) || !plain.has(withoutCompression(name)));
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const NAMED = new RegExp(`-(${UUID})(?:_${UUID})?\\.jsonl$`, "i");

/**
 * The thread that a rollout's name says it is of: `rollout-<time>-<uuid>.jsonl`, or `rollout-<time>-<uuid>_<uuid>.jsonl`, where the
 * second id is that of the file, which goes on with the thread.
 *
 * @param name The base name, with or without `.zst`.
 * @returns The id in lower case; `undefined` for any other name.
 */
export function threadIdOf(name: string): string | undefined {
  return NAMED.exec(withoutCompression(name))?.[1]?.toLowerCase();
}
