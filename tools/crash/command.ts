/**
 * The real command, in a process that can be killed.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** The command did not do what it must. */
export class CommandError extends Error {
  /** The name of the class. */
  override readonly name = "CommandError";
}

/** What one run is about. */
export interface RunOf {
  /** The home. */
  readonly home: string;
  /** The database. */
  readonly db: string;
  /** Further flags. */
  readonly flags?: readonly string[];
}

/** What a run reported. */
export interface Reported {
  /** Rollouts that were tried. */
  readonly scanned: number;
  /** Rollouts that are not there any more. */
  readonly gone: number;
  /** Rollouts that only look different. */
  readonly refreshed: number;
}

/** Makes the command `deno run`, with the imports that this process has. */
export function denoRun(module: string, args: readonly string[]): Deno.Command {
  const map = Deno.env.get("BACKFILL_IMPORT_MAP");
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...(map ? [`--import-map=${map}`] : []), "-A", module, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Makes the command `backfill run`. */
export function backfillCommand({ home, db, flags = [] }: RunOf): Deno.Command {
  const mod = fromFileUrl(new URL("../../mod.ts", import.meta.url));
  return denoRun(mod, ["run", "--codex-home", home, "--db", db, "--json", ...flags]);
}

/**
 * Runs the command to its end, undisturbed.
 *
 * @throws {CommandError} If it does not come to its end.
 */
export async function runToEnd(run: RunOf): Promise<Reported> {
  const { code, stdout, stderr } = await backfillCommand(run).output();
  const text = new TextDecoder();
  if (code !== 0 && code !== 3) throw new CommandError(`exit code ${code}: ${text.decode(stderr).trim()}`);
  return JSON.parse(text.decode(stdout));
}

/**
 * Starts the command, and kills it after a while.
 *
 * @param run What to run.
 * @param afterMs When.
 * @returns How long it lived, and whether it was killed or had ended before.
 * @throws {CommandError} If it failed by itself.
 */
export async function runAndKill(run: RunOf, afterMs: number): Promise<{ killed: boolean; livedMs: number }> {
  const startedAt = performance.now();
  const child = backfillCommand(run).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended already */ }
  }, afterMs);
  const { code, signal, stderr } = await child.output();
  clearTimeout(timer);
  const livedMs = performance.now() - startedAt;
  if (signal === "SIGKILL") return { killed: true, livedMs };
  if (code === 0 || code === 3) return { killed: false, livedMs };
  throw new CommandError(
    `exit code ${code}${signal ? ` (${signal})` : ""}: ${new TextDecoder().decode(stderr).trim()}`,
  );
}
