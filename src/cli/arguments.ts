/**
 * The command line: one table that parsing and help both come from.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { UsageError } from "./usage_error.ts";

/** One flag. */
interface Flag {
  readonly value?: string;
  readonly short?: string;
  /** Whether it may be given several times, each of which counts. Else the last one does. */
  readonly multiple?: boolean;
  readonly help: string;
}

/** One command. */
interface Command {
  readonly help: string;
  readonly flags: readonly FlagName[];
  /** What it takes beside flags. */
  readonly argument?: string;
}

const FLAGS = {
  "codex-home": { value: "DIR", help: "the Codex home (default: $CODEX_HOME, else ~/.codex)" },
  "db": { value: "PATH", help: "the database (default: rollout-backfill/backfill.sqlite in your data directory)" },
  "source": { value: "NAME", help: "the name of this home in the database (default: its path)" },
  "batch-size": { value: "N", help: "rollouts committed together (default: 200)" },
  "workers": { value: "N", help: "threads that read rollouts, four a core at most (default: one a core)" },
  "default-provider": {
    value: "NAME",
    help: "the provider of rollouts that name none (default: the configured one; run: openai)",
  },
  "strict": { help: "parse every line in full, also those that no column needs" },
  "durable": { help: "wait for the disk at every commit, against a loss of power" },
  "retry-failed": { help: "try failed rollouts again even if nothing changed" },
  "allow-empty": { help: "believe a home that has no rollouts although the database has some of it" },
  "metrics": { value: "NAME|MODULE", help: "console, none, or a module whose default export is a sink" },
  "compat": { value: "VERSION", help: "do exactly what this version of Codex does: 0.169.0; run: also 0.99.0" },
  "state-db": { value: "PATH", help: "Codex's own database (default: the one that Codex uses)" },
  "only": {
    value: "KIND,…",
    multiple: true,
    help: "repair only threads that verify calls missing, stale, archived or differing",
  },
  "apply": { help: "write; without it, only the plan is printed" },
  "prune": { help: "remove rows whose rollout is gone" },
  "json": { help: "print one JSON object" },
  "quiet": { help: "print nothing but what ended the command, metrics, and with --json the object" },
  "help": { short: "h", help: "print this help" },
  "version": { short: "V", help: "print the version" },
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof FLAGS;

const COMMANDS = {
  run: {
    help: "bring the database up to date with the rollouts of a Codex home (the default command)",
    flags: [
      "codex-home",
      "db",
      "source",
      "batch-size",
      "workers",
      "default-provider",
      "strict",
      "durable",
      "retry-failed",
      "allow-empty",
      "metrics",
      "compat",
      "json",
      "quiet",
    ],
  },
  status: { help: "say where each home stands, who is running, and which rollouts are copies", flags: ["db", "json"] },
  failures: { help: "list the rollouts that gave no row, and why", flags: ["db", "json"] },
  verify: {
    help: "compare Codex's own database with the rollouts of its home, and write nothing",
    flags: ["codex-home", "state-db", "default-provider", "workers", "compat", "json", "quiet"],
  },
  repair: {
    help: "show what is wrong in Codex's own database, and, with --apply, put it right",
    flags: [
      "codex-home",
      "state-db",
      "only",
      "apply",
      "prune",
      "batch-size",
      "workers",
      "default-provider",
      "compat",
      "json",
      "quiet",
    ],
  },
  explain: {
    help: "say why Codex shows a thread or does not",
    argument: "THREAD_ID",
    flags: ["codex-home", "state-db", "default-provider", "workers", "json"],
  },
} as const satisfies Record<string, Command>;

/** The name of a command. */
export type CommandName = keyof typeof COMMANDS;

/** A command line that was understood. */
export interface Arguments {
  /** The command, or what was asked instead of one. */
  readonly command: CommandName | "help" | "version";
  /** What the command takes beside flags; empty if it takes nothing. */
  readonly argument: string;
  /** The value of a flag that takes one. */
  readonly text: (name: FlagName) => string | undefined;
  /** Whether a flag without a value was given. */
  readonly has: (name: FlagName) => boolean;
}

/**
 * Parses a command line.
 *
 * @param args The arguments, without the program.
 * @returns What was asked.
 * @throws {UsageError} If a command or flag is unknown, or a value is missing.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries<Flag>(FLAGS).map(([name, { value, short, multiple = false }]) => [
      name,
      { type: value ? "string" as const : "boolean" as const, multiple, ...(short ? { short } : {}) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, flag] = / use '(--[a-z-]+)=-XYZ'/.exec(message) ?? [];
    if (flag) throw new UsageError(`${flag} needs a value; one that begins with a dash is written ${flag}=-…`);
    const [, last] = /^Option '(--[a-z-]+) <value>' argument missing/.exec(message) ?? [];
    if (last) throw new UsageError(`${last} needs a value`);
    // Node's hints on how to quote a value are true, but not for this reader.
    throw new UsageError(firstSentence(message));
  }
  const { values, positionals } = parsed;
  const [name = "run", ...rest] = positionals;
  const text = (flag: FlagName): string | undefined => {
    const value = values[flag];
    return Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : undefined;
  };
  const has = (flag: FlagName): boolean => values[flag] === true;
  if (has("help") || name === "help") return { command: "help", argument: "", text, has };
  if (has("version")) return { command: "version", argument: "", text, has };
  if (!isCommand(name)) throw new UsageError(`there is no command "${name}"`);
  const { argument: wanted, flags: allowed }: Command = COMMANDS[name];
  const argument = wanted === undefined ? "" : rest.shift();
  if (argument === undefined) throw new UsageError(`"${name}" needs a ${wanted}`);
  const [extra] = rest;
  if (extra !== undefined) throw new UsageError(`"${name}" takes no further argument, but "${extra}" was given`);
  for (const [flag, value] of Object.entries(values)) {
    if (!allowed.some((one) => one === flag)) throw new UsageError(`"${name}" does not take --${flag}`);
    if (value === "") throw new UsageError(`--${flag} needs a value`);
  }
  return { command: name, argument, text, has };
}

/** The help text. */
export function helpText(): string {
  const commands = Object.entries<Command>(COMMANDS).flatMap(([name, { help, flags, argument }]) => [
    `  ${name.padEnd(10)} ${help}${argument ? `: ${name} ${argument}` : ""}`,
    ...wrapped(flags.map((flag) => `--${flag}`)).map((line, at) =>
      `  ${" ".repeat(10)} ${at === 0 ? "takes" : "     "} ${line}`
    ),
  ]);
  const flags = Object.entries<Flag>(FLAGS).map(([name, { value, short, help }]) =>
    `  ${`${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`.padEnd(24)} ${help}`
  );
  return [
    "backfill: Codex CLI rollouts into a database, resumable and repeatable",
    "",
    "Usage: backfill [COMMAND] [FLAGS]",
    "",
    "Commands:",
    ...commands,
    "",
    "Flags:",
    ...flags,
    "",
    "Exit codes: 0 done, 1 could not run, 2 wrong usage, 3 something for you to look at (run: a rollout that it tried",
    "failed, not one that failed before and is not tried again, or something could not be listed; verify: a difference",
    "or something unreadable; repair --apply: what it should have repaired is left), 129, 130 and 143 stopped by a signal",
  ].join("\n");
}

/** Words in lines that a terminal shows whole. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const [at, word] of words.entries()) {
    const part = at < words.length - 1 ? `${word},` : word, last = lines.at(-1);
    if (last !== undefined && last.length + part.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines;
}

/** How long a line of flags may be. */
const LINE_LENGTH = 60;

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function firstSentence(message: string): string {
  return message.split(". ")[0]?.replace(/\.$/, "") ?? message;
}
