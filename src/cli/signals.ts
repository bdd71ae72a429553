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

/** A signal, and the exit code that shells expect. */
type Signal = readonly [name: "SIGINT" | "SIGTERM" | "SIGHUP", code: number];

/** Windows knows only the first. */
const SIGNALS: readonly Signal[] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

/** What a terminal sends that is closed. */
const HANGUP: Signal = ["SIGHUP", 129];

/**
 * Listens for signals until disposed.
 *
 * @param hangsUp Whether to stop like that for a terminal that is closed, too: what leaves something to tidy up does, a run does not,
 * as it would then no longer go on under `nohup`.
 * @returns The abort signal and, once a signal came, the exit code.
 */
export function stopOnSignals(hangsUp = false): Stop {
  const controller = new AbortController();
  let exitCode = 1, firstAt = 0;
  const signals = hangsUp && Deno.build.os !== "windows" ? [...SIGNALS, HANGUP] : SIGNALS;
  const listeners: { name: Deno.Signal; listener: () => void }[] = signals.map(([name, code]) => {
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
    return { name, listener };
  });
  if (Deno.build.os !== "windows") listeners.push({ name: "SIGXFSZ", listener: failTheWrite });
  for (const { name, listener } of listeners) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    },
  };
}

/** Where nobody listens, a file that would grow beyond the limit ends the process; so the write fails, which can be told. */
function failTheWrite(): void {}
