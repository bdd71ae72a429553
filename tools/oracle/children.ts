/**
 * Child processes that never outlive this one.
 *
 * @module
 */
const running = new Set<Deno.ChildProcess>();

/** Starts a process that is killed when this one ends, however it ends. */
export function start(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
  const child = new Deno.Command(command, options).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  return child;
}

/** Ends every child now. */
export function killChildren(): void {
  for (const child of running) {
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended already */ }
  }
  running.clear();
}

/** Makes the end of this process, a signal included, the end of its children. */
export function guardChildren(): void {
  globalThis.addEventListener("unload", killChildren);
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => {
      killChildren();
      Deno.exit(code);
    });
  }
}

/** What a finished process left. */
export interface Finished {
  /** The exit code. */
  readonly code: number;
  /** What it printed. */
  readonly stdout: string;
  /** What it complained. */
  readonly stderr: string;
}

/**
 * Runs a process to its end.
 *
 * @param command The program.
 * @param options How to run it.
 * @param timeoutMs After this time it is killed.
 * @returns What it left.
 */
export async function finish(command: string, options: Deno.CommandOptions, timeoutMs = 60_000): Promise<Finished> {
  const child = start(command, { stdin: "null", ...options, stdout: "piped", stderr: "piped" });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  try {
    const { code, stdout, stderr } = await child.output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } finally {
    clearTimeout(timer);
  }
}
