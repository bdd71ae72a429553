/**
 * Lines of types that are not known: they are counted by them.
 *
 * @module
 */
import { betweenCharacters } from "../characters.ts";
import type { RolloutState } from "./state.ts";

/** Kinds of unknown lines that are told apart; the rest is counted together. */
const UNKNOWN_KINDS = 50;

/** The longest name of an unknown kind that is kept. */
const UNKNOWN_LENGTH = 80;

/** So many bytes have the type of a line, and that of an event, in them. */
const TYPE_BYTES = 256;

/** The type of a line, and what stands in its payload first, as a scanner found them to be there. */
const TYPES = /"type": ?"(\w+)", ?"payload": ?\{(?:"type": ?"(\w+)")?/;

const decoder = new TextDecoder("latin1");

/**
 * Reads the type of a line of which it is known that it is none that is known.
 *
 * @param bytes The line, or as much of it as a scanner takes to know its kind.
 * @returns The type, as `event_msg/foo` that of an event.
 */
export function unknownType(bytes: Uint8Array<ArrayBuffer>): string {
  const [, type = "", event = ""] = TYPES.exec(decoder.decode(bytes.subarray(0, TYPE_BYTES))) ?? [];
  return type === "event_msg" ? `${type}/${event}` : type;
}

/**
 * Counts a line.
 *
 * @param state What is known of the rollout; changed in place.
 * @param type The line's type.
 */
export function countUnknown({ unknown, fold: { cliVersion } }: RolloutState, type: string): void {
  const version = cliVersion ? `@${cliVersion}` : "";
  const whole = `${type}${version}`, kind = whole.slice(0, betweenCharacters(whole, UNKNOWN_LENGTH));
  const counted = unknown.has(kind) || unknown.size < UNKNOWN_KINDS ? kind : "other";
  unknown.set(counted, (unknown.get(counted) ?? 0) + 1);
}
