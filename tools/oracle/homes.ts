/**
 * Copies of homes: each backfill gets its own, and the original stays as it is.
 *
 * @module
 */
import { existsSync, walkSync } from "@std/fs";
import { join, relative } from "@std/path";
import { finish } from "./children.ts";

/** The parts of a home that a backfill reads. */
const PARTS = ["sessions", "archived_sessions", "session_index.jsonl"] as const;

/**
 * Copies what a backfill reads, times of modification included.
 *
 * @param from The home.
 * @param to The folder to make.
 * @returns `to`.
 */
export async function copyHome(from: string, to: string): Promise<string> {
  await Deno.mkdir(to);
  const parts = PARTS.map((part) => join(from, part)).filter((part) => existsSync(part));
  if (parts.length === 0) return to;
  // The copies of `cp` have the very times of modification, to the nanosecond.
  const { code, stderr } = await finish("cp", { args: ["-a", ...parts, to] }, 600_000);
  if (code !== 0) throw new Error(`${from} could not be copied: ${stderr.trim()}`);
  return to;
}

/** The paths of the rollouts of a home, relative to it. */
export function rollouts(home: string): string[] {
  return PARTS.slice(0, 2).map((part) => join(home, part)).filter((root) => existsSync(root)).flatMap((root) =>
    [...walkSync(root, { includeDirs: false })]
      .filter(({ name, isFile }) => isFile && /^rollout-.*\.jsonl(\.zst)?$/.test(name))
      .map(({ path }) => relative(home, path))
  ).sort();
}
