/**
 * Running a process that a rollout may bring down or keep for ever, and naming that rollout.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { denoRun } from "../crash/command.ts";
import type { WatchedResult, WatchedRun } from "./watched_run.ts";

/** How long one rollout may take before it counts as one that never ends, in milliseconds. */
const LIMIT_MS = 60_000;

/** How often it is looked, in milliseconds. */
const LOOK_EVERY_MS = 500;

/** How a process ended that did not do its work. */
export interface Casualty {
  /** What happened. */
  readonly what: string;
  /** The rollouts that its threads were at, by watermark. */
  readonly at: readonly string[];
}

/**
 * Runs, and waits for the end, whatever it is.
 *
 * @param run What to run. The folder of the positions is made, and removed afterwards.
 * @returns What came of it, or how it ended instead.
 */
export async function watchRun(run: WatchedRun): Promise<WatchedResult | Casualty> {
  Deno.mkdirSync(run.watch);
  const child = denoRun(fromFileUrl(new URL("./watched_run.ts", import.meta.url)), [JSON.stringify(run)]).spawn();
  let stuck: readonly string[] = [];
  const since = new Map<string, number>();
  const timer = setInterval(() => {
    const now = performance.now(), at = positions(run.watch);
    for (const place of since.keys()) if (!at.includes(place)) since.delete(place);
    for (const place of at) since.set(place, since.get(place) ?? now);
    stuck = at.filter((place) => now - (since.get(place) ?? now) > LIMIT_MS);
    if (stuck.length > 0) child.kill("SIGKILL");
  }, LOOK_EVERY_MS);
  const { code, signal, stdout, stderr } = await child.output();
  clearInterval(timer);
  const at = positions(run.watch);
  Deno.removeSync(run.watch, { recursive: true });
  if (stuck.length > 0) return { what: `a rollout took more than ${LIMIT_MS / 1000} s`, at: stuck };
  const text = new TextDecoder();
  if (code === 0) return JSON.parse(text.decode(stdout));
  return { what: `ended with ${signal ?? `exit code ${code}`}: ${text.decode(stderr).trim().slice(-2000)}`, at };
}

function positions(folder: string): string[] {
  const places = Array.from(Deno.readDirSync(folder), ({ name }) => Deno.readTextFileSync(join(folder, name)));
  return places.filter((place) => place !== "");
}
