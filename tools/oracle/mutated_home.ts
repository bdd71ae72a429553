/**
 * A home of mutated rollouts, made from the rollouts of another.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { rollouts } from "./homes.ts";
import { mutateRollout } from "./mutate_rollout.ts";
import { Random } from "./random.ts";

/** Longer rollouts are left out: many short ones find more than a few long ones. */
const LONGEST = 2_000_000;

/** Longer strings are cut. Instructions fill most of a rollout, and no column comes from them. */
const LONGEST_STRING = 400;

/** The time around which the mutated rollouts were modified. */
const MODIFIED_AT_MS = Date.UTC(2026, 4, 6, 7, 8, 9);

/** A rollout to begin from. */
interface Original {
  readonly id: string;
  readonly lines: readonly string[];
}

/**
 * Makes a home of mutated rollouts.
 *
 * @param from The home whose rollouts are mutated. It is only read.
 * @param to The folder to make.
 * @param count How many to make.
 * @param seed Decides how. The same seed and rollouts give the same home.
 * @returns What was done, by the path of the rollout relative to the home.
 */
export async function mutateHome(from: string, to: string, count: number, seed: number): Promise<Map<string, string>> {
  const originals = rollouts(from).flatMap((path) => original(join(from, path)));
  if (originals.length === 0) throw new Error(`${from} has no rollout that could be mutated`);
  const lines = originals.flatMap((original) => original.lines);
  const random = new Random(seed);
  const notes = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const { id, lines: own } = random.pick(originals);
    const fresh = threadId(index);
    // A few keep the id of their original: then several files hold one thread.
    const renamed = random.chance(0.97) ? own.map((line) => line.replaceAll(id, fresh)) : own;
    const { bytes, what } = mutateRollout(renamed, lines, random);
    const path = rolloutPath(index, fresh, random);
    await Deno.mkdir(dirname(join(to, path)), { recursive: true });
    await Deno.writeFile(join(to, path), bytes);
    const modified = new Date(
      random.chance(0.03) ? random.below(1_500_000_000_000) : MODIFIED_AT_MS + random.below(100_000),
    );
    await Deno.utime(join(to, path), modified, modified);
    notes.set(path, what.join("; "));
  }
  return notes;
}

function original(path: string): Original[] {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.jsonl$)/.exec(path)?.[0];
  if (id === undefined || Deno.statSync(path).size > LONGEST) return [];
  const lines = Deno.readTextFileSync(path).split("\n").filter((line) => line !== "").map(shorten);
  return lines.length === 0 ? [] : [{ id, lines }];
}

function shorten(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"/g, (text) => {
    if (text.length <= LONGEST_STRING) return text;
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? JSON.stringify(value.slice(0, LONGEST_STRING).toWellFormed()) : text;
  });
}

function threadId(index: number): string {
  const digits = index.toString(16).padStart(12, "0");
  return `0190${digits.slice(-4)}-feed-7abc-8def-${digits}`;
}

function rolloutPath(index: number, id: string, random: Random): string {
  const spelled = random.chance(0.95) ? id : random.pick([
    id.toUpperCase(),
    id.replaceAll("-", ""),
    // Codex 0.169 names a rollout so whose history was taken back.
    `${id}_${threadId(index).replace("feed", "beef")}`,
    `${id}_other`,
  ]);
  const day = String(1 + index % 28).padStart(2, "0");
  const folder = random.chance(0.1) ? "archived_sessions" : `sessions/2026/05/${day}`;
  return `${folder}/rollout-2026-05-${day}T01-02-03-${spelled}.jsonl`;
}
