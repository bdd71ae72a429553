/**
 * What a rollout looks like from outside: what changes with its bytes, and with the name of its thread.
 *
 * @module
 */
import type { Look } from "./look.ts";

/** What a fingerprint is made from. */
export interface FingerprintParts extends Look {
  /** Whether it is compressed. */
  readonly compressed: boolean;
  /** The name of the thread, if it has one. */
  readonly threadName?: string | undefined;
  /** The time and the size of the compressed file that lies beside it, if there is one. */
  readonly standIn?: string | undefined;
  /** What tells the home of a source with a name from another place that it may be moved to. */
  readonly place?: string | undefined;
}

/**
 * Makes `<time>:<size>`, then `:zst` if the file is compressed, then `+` and those of what stands in for it, then `@` and the
 * place if that can change, then a space and the name if the thread has one.
 */
export function fingerprintOf({ modifiedMs, size, compressed, threadName, standIn, place }: FingerprintParts): string {
  // Halves of surrogate pairs are nothing that a database gives back as it got them.
  const name = threadName === undefined ? "" : ` ${threadName.toWellFormed()}`;
  const beside = standIn === undefined ? "" : `+${standIn}`, at = place === undefined ? "" : `@${place}`;
  return `${modifiedMs}:${size}${compressed ? ":zst" : ""}${beside}${at}${name}`;
}

/** What tells a home from others by its path: 32 bits, as 160,000 fingerprints have it in them. */
export function placeOf(home: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < home.length; at++) hash = Math.imul(hash ^ home.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

/**
 * Whether a file was compressed or decompressed in place, or moved with its home, and nothing else. Codex keeps the time of a
 * rollout when it compresses it, and may leave both forms for a while.
 *
 * @param before A fingerprint.
 * @param now A later one of the same rollout.
 */
export function haveSameBytes(before: string, now: string): boolean {
  const one = read(before), other = read(now);
  if (one.name !== other.name) return false;
  // What came to stand in changes nothing. What went may have given the row.
  if (one.file === other.file) return one.standIn === undefined || one.standIn === other.standIn;
  return one.time === other.time && one.compressed !== other.compressed;
}

/** The parts of a fingerprint. */
interface Parts {
  readonly file: string;
  readonly time: string | undefined;
  readonly compressed: boolean;
  readonly standIn: string | undefined;
  readonly name: string;
}

function read(fingerprint: string): Parts {
  const [files = ""] = fingerprint.split(" ", 1);
  const name = fingerprint.slice(files.length);
  const [file = "", standIn] = (files.split("@", 1)[0] ?? "").split("+");
  const [time, , compressed] = file.split(":");
  return { file, time, compressed: compressed !== undefined, standIn, name };
}
