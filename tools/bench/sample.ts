/**
 * What one run of a program cost: time by the clock, memory by the kernel's account.
 *
 * @module
 */
import { start } from "../oracle/children.ts";

/** What one run cost. */
export interface Sample {
  /** From its start to its end, in milliseconds. */
  readonly ms: number;
  /** The most memory that was resident, in bytes; `null` where nobody watched, or the kernel does not tell. */
  readonly peakBytes: number | null;
  /** How many rollouts gave a row, if it says so. */
  readonly rows: number | null;
}

/** How often the peak is read. The kernel keeps it, so only what was added in the last moments of a process is missed. */
const LOOK_EVERY_MS = 4;

/** Watches the peak memory of a process, which takes time from it: what is watched is not to be timed. */
export class PeakMemory implements Disposable {
  #pid: number | undefined;
  #peak: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Names the process. */
  watch(pid: number): void {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** The peak so far, in bytes. */
  get bytes(): number | null {
    this.#look();
    return this.#peak;
  }

  #look(): void {
    if (this.#pid === undefined || Deno.build.os !== "linux") return;
    try {
      const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${this.#pid}/status`))?.[1];
      if (kilobytes !== undefined) this.#peak = Number(kilobytes) * 1024;
    } catch {
      // It has ended.
    }
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Runs a program to its end.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param watched Whether its memory is watched, rather than its time.
 * @param env Environment variables to add.
 * @returns What it cost, and what it printed.
 * @throws If it fails.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  watched: boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<Sample, "rows"> & { readonly stdout: string }> {
  using memory = new PeakMemory();
  const startedAt = performance.now();
  const child = start(command, {
    args: [...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  if (watched) memory.watch(child.pid);
  const output = child.output();
  const { code } = await child.status;
  const ms = performance.now() - startedAt;
  const { stdout, stderr } = await output;
  const text = new TextDecoder();
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}: ${text.decode(stderr).trim()}`);
  return { ms, peakBytes: memory.bytes, stdout: text.decode(stdout) };
}
