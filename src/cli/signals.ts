/**
 * SIGINT and SIGTERM end a run at a batch boundary; a second one ends it at once. A limit on the size of files ends none.
 *
 * @module
 */

/** What stops a run. */
export interface Stop extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 128 + the number of the signal that came. */
  readonly exitCode: number;
}

/** A terminal and a parent process may both pass on one Ctrl-C; what comes within this many milliseconds is one signal. */
const SAME_SIGNAL_MS = 500;

/** The signals, and the exit codes that shells expect. Windows knows only the first. */
const EXIT_CODES = Deno.build.os === "windows" ? { SIGINT: 130 } as const : { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Listens for signals until disposed.
 *
 * @returns The abort signal and, once a signal came, the exit code.
 */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let exitCode = 1, firstAt = 0;
  const listeners = Object.entries(EXIT_CODES).map(([name, code]) => {
    const listener = (): void => {
      const now = performance.now();
      if (controller.signal.aborted) {
        if (now - firstAt > SAME_SIGNAL_MS) Deno.exit(code);
        return;
      }
      exitCode = code;
      firstAt = now;
      controller.abort(new DOMException(`${name} came`, "AbortError"));
    };
    return { name: name === "SIGTERM" ? "SIGTERM" as const : "SIGINT" as const, listener };
  });
  for (const { name, listener } of listeners) Deno.addSignalListener(name, listener);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", failTheWrite);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
      if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGXFSZ", failTheWrite);
    },
  };
}

/** Where nobody listens, a file that would grow beyond the limit ends the process; so the write fails, which can be told. */
function failTheWrite(): void {}
