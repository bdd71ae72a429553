/**
 * What a rollout looks like from outside: what changes with its bytes, and with the name of its thread.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** What a fingerprint is made from. */
export interface Look {
  /** When the file was last modified, in milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** The size of the file in bytes. */
  readonly size: number;
  /** Whether it is compressed. */
  readonly compressed: boolean;
  /** The name of the thread, if it has one. */
  readonly threadName?: string | undefined;
}

/** How much of a hash tells two names apart. */
const HASH_LENGTH = 16;

/** Makes `<time>:<size>`, then `:zst` if the file is compressed, then a space and a hash if the thread has a name. */
export function fingerprintOf({ modifiedMs, size, compressed, threadName }: Look): string {
  const name = threadName === undefined
    ? ""
    : ` ${createHash("sha256").update(threadName).digest("hex").slice(0, HASH_LENGTH)}`;
  return `${modifiedMs}:${size}${compressed ? ":zst" : ""}${name}`;
}

/**
 * Whether a file was compressed or decompressed in place, and nothing else. Codex keeps the time of a rollout when it does so.
 *
 * @param before A fingerprint.
 * @param now A later one of the same rollout.
 */
export function onlyCompressed(before: string, now: string): boolean {
  const one = read(before), other = read(now);
  return one.time === other.time && one.name === other.name && one.compressed !== other.compressed;
}

function read(fingerprint: string): { time: string | undefined; compressed: boolean; name: string | undefined } {
  const [file = "", name] = fingerprint.split(" ");
  const [time, , compressed] = file.split(":");
  return { time, compressed: compressed !== undefined, name };
}
