/**
 * Numbers as people read them.
 *
 * @module
 */
import { isoTime } from "../iso_time.ts";

/** `1 rollout`, `2 rollouts`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** Why rollouts are copies. */
export function whyCopies(amount: number): string {
  return `another file of ${amount === 1 ? "its" : "their"} thread gives the row`;
}

/** `34 ms`, `1.4 s`, `12 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** `812 bytes`, `3.4 kB`, `0.3 MB`, `1360 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  const [amount, unit] = bytes < 100_000 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

/** A time as ISO 8601, or a word where there is none. */
export function time(ms: number | null, none: string): string {
  return ms === null ? none : isoTime(ms);
}
