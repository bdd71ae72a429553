/**
 * The command line of the oracle.
 *
 * @module
 */
import { parseArgs } from "node:util";

/** What the oracle is asked to do. */
export interface Options {
  /** Play only the quick set of scenarios. */
  readonly quick: boolean;
  /** Further versions of Codex that write rollouts. */
  readonly writers: readonly string[];
  /** Take the rollouts of this home instead. */
  readonly home: string | undefined;
  /** The model provider that is configured for `home`. */
  readonly provider: string;
  /** How many mutated rollouts to judge instead of the rollouts themselves. */
  readonly mutate: number;
  /** Decides on the mutations. */
  readonly seed: number;
  /** Whether to make rollouts short that make a difference. */
  readonly shrink: boolean;
  /** Where to keep the home that was judged. */
  readonly keep: string | undefined;
}

/** The oracle was called wrongly. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** How to call it. */
export const USAGE = `Usage: deno task oracle [FLAGS]

Compares what the real Codex backfills with what our command does, for each version of Codex.

  --quick                  play only a few scenarios
  --writers VERSION,…      let these versions of Codex write rollouts too
  --home DIR               take the rollouts of this home instead of playing scenarios
  --default-provider NAME  the model provider of the rollouts of --home that name none (default: openai)
  --mutate N               judge N mutated rollouts instead of the rollouts themselves
  --seed S                 decides on the mutations (default: 1)
  --shrink                 make rollouts short that make a difference, and print them
  --keep DIR               keep the home that was judged
  --help                   print this help`;

/**
 * Parses the command line.
 *
 * @param args The arguments.
 * @returns What is asked, or `undefined` if it is help.
 * @throws {UsageError} If a flag is unknown or its value is none.
 */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    quick: values.quick ?? false,
    writers: values.writers?.split(",").filter((version) => version !== "") ?? [],
    home: values.home,
    provider: values["default-provider"] ?? "openai",
    mutate: natural("mutate", values.mutate ?? "0"),
    seed: natural("seed", values.seed ?? "1"),
    shrink: values.shrink ?? false,
    keep: values.keep,
  };
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean" },
        writers: { type: "string" },
        home: { type: "string" },
        "default-provider": { type: "string" },
        mutate: { type: "string" },
        seed: { type: "string" },
        shrink: { type: "boolean" },
        keep: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

function natural(name: string, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${name} needs a whole number, not "${value}"`);
}
