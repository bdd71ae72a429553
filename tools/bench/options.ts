/**
 * The command line of the benchmark.
 *
 * @module
 */
import { parseArgs } from "node:util";

/** What the benchmark is asked to do. */
export interface Options {
  /** Whether small corpora and few rounds will do. */
  readonly quick: boolean;
  /** How often everything is measured. */
  readonly rounds: number;
  /** Decides on the corpora. */
  readonly seed: number;
  /** The parts of names of corpora that are made; all if it is empty. */
  readonly corpora: readonly string[];
  /** Whether to leave out the tools that others wrote. */
  readonly alone: boolean;
  /** Where the figures go as JSON. */
  readonly out: string;
  /** Whether to put the tables into the README. */
  readonly readme: boolean;
}

/** The benchmark was called wrongly. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** How to call it. */
export const USAGE = `Usage: deno task bench [FLAGS]

Measures our command, as whole processes in turn with what it is compared with, over corpora of its own.

  --quick         small corpora and few rounds
  --rounds N      how often everything is measured (default: 5, with --quick 3)
  --seed S        decides on the corpora (default: 1)
  --corpus NAME   only corpora whose name has this in it; may be repeated
  --alone         leave out Codex and ccusage
  --out FILE      where the figures go as JSON (default: bench.json)
  --readme        put the tables into the README
  --help          print this help`;

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
  const quick = values.quick ?? false;
  return {
    quick,
    rounds: natural("rounds", values.rounds ?? (quick ? "3" : "5")),
    seed: natural("seed", values.seed ?? "1"),
    corpora: values.corpus ?? [],
    alone: values.alone ?? false,
    out: values.out ?? "bench.json",
    readme: values.readme ?? false,
  };
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean" },
        rounds: { type: "string" },
        seed: { type: "string" },
        corpus: { type: "string", multiple: true },
        alone: { type: "boolean" },
        out: { type: "string" },
        readme: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

function natural(name: string, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`--${name} needs a whole number from 1, not "${value}"`);
}
