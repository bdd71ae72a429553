/**
 * What the name of a rollout says: when the thread was started, and its id.
 *
 * @module
 */
import { parseFileNameTime } from "./time.ts";
import { parseUuid } from "./uuid.ts";

/** The identity that a file name gives. */
export interface NamedIdentity {
  /** The thread's id. */
  readonly id: string;
  /** When the thread was started, in milliseconds since the epoch. Codex writes local time and reads it as UTC. */
  readonly createdMs: number;
}

/**
 * Reads `rollout-<time>-<uuid>.jsonl`.
 *
 * @param name The base name.
 * @param signedYear Whether a sign may stand before the year.
 * @returns The identity, or `undefined` if the name has none.
 */
export function parseFileName(name: string, signedYear: boolean): NamedIdentity | undefined {
  const core = /^rollout-(.*)\.jsonl$/s.exec(name)?.[1];
  if (core === undefined) return undefined;
  for (let at = core.lastIndexOf("-"); at >= 0; at = at > 0 ? core.lastIndexOf("-", at - 1) : -1) {
    const id = parseUuid(core.slice(at + 1));
    if (id === undefined) continue;
    const createdMs = parseFileNameTime(core.slice(0, at), signedYear);
    return createdMs === undefined ? undefined : { id, createdMs };
  }
  return undefined;
}
