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

/** How file names are read. */
export interface FileNameRules {
  /** Whether a sign may stand before the year. */
  readonly signedYears: boolean;
  /** Whether the id of the file may follow that of the thread: `rollout-<time>-<uuid>_<uuid>.jsonl`. */
  readonly knowsSegments: boolean;
}

/** What the CLI writes, of which nothing has to be checked. */
const USUAL = new RegExp(
  [
    "^rollout-(\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8]))T([01]\\d|2[0-3])-([0-5]\\d)-([0-5]\\d)",
    "-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.jsonl$",
  ].join(""),
);

/**
 * Reads `rollout-<time>-<uuid>.jsonl`.
 *
 * @param name The base name.
 * @param rules How names are read.
 * @returns The identity, or `undefined` if the name has none.
 */
export function parseFileName(name: string, { signedYears, knowsSegments }: FileNameRules): NamedIdentity | undefined {
  const [, date, hour, minute, second, id] = USUAL.exec(name) ?? [];
  if (id) return { id, createdMs: Date.parse(`${date}T${hour}:${minute}:${second}Z`) };
  const whole = /^rollout-(.*)\.jsonl$/s.exec(name)?.[1];
  if (whole === undefined) return undefined;
  const core = knowsSegments ? withoutSegment(whole) : whole;
  for (let at = core.lastIndexOf("-"); at >= 0; at = at > 0 ? core.lastIndexOf("-", at - 1) : -1) {
    const id = parseUuid(core.slice(at + 1));
    if (id === undefined) continue;
    const createdMs = parseFileNameTime(core.slice(0, at), signedYears);
    return createdMs === undefined ? undefined : { id, createdMs };
  }
  return undefined;
}

/** Codex goes on with a thread in another file after it went back in it: what was said before stays as it is. */
function withoutSegment(core: string): string {
  const at = core.lastIndexOf("_");
  return at >= 0 && parseUuid(core.slice(at + 1)) !== undefined ? core.slice(0, at) : core;
}
