/**
 * The command: arguments in, exit code out.
 *
 * @module
 */
import { LeaseHeldError, LeaseLostError, reasonOf, SourceError, StoreError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type Arguments, helpText, parseArguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import { tooOld } from "./deno_version.ts";
import { failuresCommand } from "./failures.ts";
import { integer } from "./flag_values.ts";
import { type Output, OutputError, standardOutput } from "./output.ts";
import { runCommand } from "./run.ts";
import { keepHeapSmall } from "./small_heap.ts";
import { stateCommand } from "./state.ts";
import { statusCommand } from "./status.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Runs the command.
 *
 * @param args The arguments, without the program.
 * @param defaults The default plugins.
 * @param output Where to print. Default: standard output and standard error.
 * @returns The exit code: 0 done, 1 could not run, 2 wrong usage, 3 done with failures, places that could not be
 * listed, or differences, 129, 130 and 143 stopped by a signal.
 */
export async function main(
  args: readonly string[],
  defaults: Defaults,
  output: Output = standardOutput,
): Promise<number> {
  const why = tooOld(Deno.version.deno);
  if (why !== undefined) {
    output.note(`backfill: ${why}`);
    return 1;
  }
  try {
    const understood = parseArguments(args);
    const isAsked = understood.command === "help" || understood.command === "version";
    const threads = isAsked ? undefined : integer("--workers", understood.text("workers"));
    using _heap = keepHeapSmall(threads === undefined ? {} : { threads });
    return await dispatch(understood, defaults, output);
  } catch (error) {
    if (error instanceof UsageError) {
      output.note(`backfill: ${error.message}; see backfill --help`);
      return 2;
    }
    output.note(`backfill: ${explain(error)}`);
    return 1;
  }
}

async function dispatch(args: Arguments, defaults: Defaults, output: Output): Promise<number> {
  switch (args.command) {
    case "run":
      return await runCommand(args, defaults, output);
    case "status":
      return await statusCommand(args, defaults, output);
    case "failures":
      return await failuresCommand(args, defaults, output);
    case "verify":
    case "repair":
    case "explain":
      return await stateCommand(args.command, args, defaults, output);
    case "help":
      output.result(helpText());
      return 0;
    case "version":
      output.result(`backfill ${VERSION}`);
      return 0;
  }
}

function explain(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `${error.message.split("\n")[0]} (Deno was not given a permission that the command needs)`;
  }
  const expected = [SourceError, StoreError, LeaseHeldError, LeaseLostError, OutputError].some((type) =>
    error instanceof type
  );
  return expected ? reasonOf(error) : `unexpected: ${reasonOf(error)}`;
}
