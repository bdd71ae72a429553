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
}

/**
 * Makes `<time>:<size>`, then `:zst` if the file is compressed, then `+` and those of what stands in for it, then a
 * space and the name if the thread has one.
 */
export function fingerprintOf({ modifiedMs, size, compressed, threadName, standIn }: FingerprintParts): string {
  // Halves of surrogate pairs are nothing that a database gives back as it got them.
  const name = threadName === undefined ? "" : ` ${threadName.toWellFormed()}`;
  return `${modifiedMs}:${size}${compressed ? ":zst" : ""}${standIn === undefined ? "" : `+${standIn}`}${name}`;
}

/**
 * Whether a file was compressed or decompressed in place, and nothing else. Codex keeps the time of a rollout when it does so,
 * and may leave both forms for a while.
 *
 * @param before A fingerprint.
 * @param now A later one of the same rollout.
 */
export function onlyCompressed(before: string, now: string): boolean {
  const one = read(before), other = read(now);
  if (one.name !== other.name) return false;
  // What came to stand in changes nothing. What went may have given the row.
  if (one.file === other.file) return one.standIn === undefined;
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
  const [file = "", standIn] = files.split("+");
  const [time, , compressed] = file.split(":");
  return { file, time, compressed: compressed !== undefined, standIn, name };
}
