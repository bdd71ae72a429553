/**
 * A home of rollouts that nobody would want to read: harmed in their bytes, their lines and their names.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { zstdCompressSync } from "node:zlib";
import { mutateRollout } from "../oracle/mutate_rollout.ts";
import { Random } from "../oracle/random.ts";
import { harmBytes } from "./hostile_bytes.ts";
import { harmLine } from "./hostile_text.ts";
import type { Original } from "./originals.ts";

/** What there is to be found in a home. */
export interface HostileHome {
  /** What was done, by the path of the rollout relative to the home. */
  readonly notes: ReadonlyMap<string, string>;
}

/** What part of a file name may hold besides the time and the id. */
const ODD_NAMES = [
  ...["\u001b[31m", "\u009b2J", "\u202egpj", "\u2066", "a\nb", "a\tb", "\u007f", "\u200b", "\u2028"],
  ..."'; DROP TABLE threads; --|\" OR 1=1|<img src=x onerror=alert(1)>|$(id)|`id`|..|-rf|%2e%2e%2f|&amp;|\\..\\x".split(
    "|",
  ),
  ...["\u00e9", "e\u0301", "\ufffd", "\ud83d\ude00", "x".repeat(150), " ", "__proto__"],
];

/** The time around which they were modified. */
const MODIFIED_AT_MS = Date.UTC(2026, 4, 6, 7, 8, 9);

/**
 * Makes a home.
 *
 * @param home The folder to make.
 * @param from What to begin from.
 * @param count How many rollouts to make.
 * @param seed Decides everything.
 * @returns What was done.
 */
export function makeHostileHome(home: string, from: readonly Original[], count: number, seed: number): HostileHome {
  const random = new Random(seed);
  const lines = from.flatMap((original) => original.lines);
  const notes = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const { id, lines: own } = random.pick(from);
    const fresh = threadId(seed, index);
    // A few keep the id of their original: then several files hold one thread.
    const renamed = random.chance(0.97) ? own.map((line) => line.replaceAll(id, fresh)) : own;
    const what: string[] = [];
    let bytes = harmed(renamed, lines, random, what);
    const compressed = random.chance(0.05);
    if (compressed) {
      bytes = Uint8Array.from(zstdCompressSync(bytes));
      if (random.chance(0.5)) {
        const [damaged, how] = harmBytes(bytes, bytes, random);
        bytes = damaged;
        what.push(`compressed, then ${how}`);
      }
    }
    const path = `${rolloutPath(index, fresh, random)}${compressed ? ".zst" : ""}`;
    Deno.mkdirSync(dirname(join(home, path)), { recursive: true });
    Deno.writeFileSync(join(home, path), bytes);
    const modified = new Date(
      random.chance(0.03) ? random.below(1_500_000_000_000) : MODIFIED_AT_MS + random.below(100_000),
    );
    Deno.utimeSync(join(home, path), modified, modified);
    notes.set(path, what.join("; "));
  }
  return { notes };
}

function harmed(
  lines: readonly string[],
  others: readonly string[],
  random: Random,
  what: string[],
): Uint8Array<ArrayBuffer> {
  let text = [...lines];
  // First, as it reads the JSON of a line again for every member: what comes later may have a hundred thousand.
  if (random.chance(0.4)) {
    const mutated = mutateRollout(text, others, random);
    text = new TextDecoder().decode(mutated.bytes).split("\n");
    what.push(...mutated.what);
  }
  for (let left = random.below(3); left > 0; left--) what.push(harmLine(text, random));
  let bytes = new TextEncoder().encode(text.join("\n") + (random.chance(0.9) ? "\n" : ""));
  const times = what.length === 0 ? 1 : random.below(3);
  const other = new TextEncoder().encode(`${random.pick(others)}\n${random.pick(others)}\n`);
  for (let left = times; left > 0; left--) {
    const [result, how] = harmBytes(bytes, other, random);
    bytes = result;
    what.push(how);
  }
  return bytes;
}

function threadId(seed: number, index: number): string {
  const digits = index.toString(16).padStart(8, "0");
  return `0190${digits.slice(-4)}-f0bb-7abc-8def-${(seed % 65_536).toString(16).padStart(4, "0")}${digits}`;
}

function rolloutPath(index: number, id: string, random: Random): string {
  const day = String(1 + index % 28).padStart(2, "0");
  const folder = random.chance(0.1) ? "archived_sessions" : `sessions/2026/05/${day}`;
  if (random.chance(0.93)) return `${folder}/rollout-2026-05-${day}T01-02-03-${id}.jsonl`;
  const odd = random.pick(ODD_NAMES);
  return random.chance(0.5)
    ? `${folder}/rollout-${odd}-${index}.jsonl`
    : `${folder}/rollout-${odd}2026-05-${day}T01-02-03-${id}.jsonl`;
}
