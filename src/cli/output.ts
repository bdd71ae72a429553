/**
 * Standard output and standard error, as a command uses them.
 *
 * @module
 */
import { printable } from "./printable.ts";

/** Where a command prints. */
export interface Output {
  /** Prints text that is the command's result; already safe to print. */
  readonly result: (text: string) => void;
  /** Prints one line beside the result, escaped. */
  readonly note: (line: string) => void;
}

/** Standard output for results, standard error for notes. A reader that went away (`| head`) is no error. */
export const standardOutput: Output = {
  result: (text) => write(Deno.stdout, `${text}\n`),
  note: (line) => write(Deno.stderr, `${printable(line)}\n`),
};

function write(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(to.writeSync(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
