/**
 * Standard output and standard error, as a command uses them.
 *
 * @module
 */
import { reasonOf } from "../errors.ts";
import { printable } from "./printable.ts";

/** Where a command prints. */
export interface Output {
  /** Prints text that is the command's result; already safe to print. */
  readonly result: (text: string) => void;
  /** Prints one line beside the result, escaped. */
  readonly note: (line: string) => void;
}

/** The result could not be printed; whatever was done is done. */
export class OutputError extends Error {
  /** The name of the class. */
  override readonly name = "OutputError";
}

/**
 * Standard output for results, standard error for notes. A reader that went away (`| head`) is no error, and a note that
 * nobody can read is none either.
 */
export const standardOutput: Output = {
  result: (text) => {
    try {
      write(Deno.stdout, `${text}\n`);
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) return;
      throw new OutputError(`cannot write to standard output: ${reasonOf(cause)}`, { cause });
    }
  },
  note: (line) => {
    try {
      write(Deno.stderr, `${printable(line)}\n`);
    } catch {
      // There is nowhere left to say it.
    }
  },
};

/** How long a reader that is behind gets before it is tried again, in milliseconds. */
const READER_PAUSE_MS = 5;

/** Whoever shares a pipe or a terminal may have it not wait for its reader; then waiting is up to us. */
function write(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(to.writeSync(rest));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, READER_PAUSE_MS);
    }
  }
}
