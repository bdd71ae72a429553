/**
 * Running `deno`, and the command, in a child process with the import map that these tests run with.
 */
import { fromFileUrl } from "@std/path";

/** The module that is the command. */
export const MOD: string = fromFileUrl(new URL("../mod.ts", import.meta.url));

const CONFIG = fromFileUrl(new URL("../deno.json", import.meta.url));

/** What a child process did. */
export interface ChildResult {
  /** Its exit code. */
  readonly code: number;
  /** What it printed on standard output. */
  readonly stdout: string;
  /** What it printed on standard error. */
  readonly stderr: string;
}

/** How a child process runs. */
export interface ChildOptions {
  /** Its permissions. Default: all. */
  readonly permissions?: readonly string[];
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it starts with an empty environment. */
  readonly clearEnv?: boolean;
  /** Its working directory. */
  readonly cwd?: string;
  /** Whether it knows nothing of this checkout. */
  readonly apart?: boolean;
  /** Whether file permissions bind it even if these tests run as root. */
  readonly heedModes?: boolean;
  /** A program that runs it, with its arguments, e.g. one that sets limits. */
  readonly through?: readonly string[];
}

/** The flags with which `deno` resolves the project's imports, also from a module outside of the checkout. */
function importFlags(): string[] {
  const map = Deno.env.get("BACKFILL_IMPORT_MAP");
  return [map ? `--import-map=${map}` : `--config=${CONFIG}`];
}

/** Makes a command that runs `deno run`. */
export function denoRun(module: string, args: readonly string[], options: ChildOptions = {}): Deno.Command {
  const { permissions = ["-A"], env = {}, clearEnv = false, cwd, heedModes = false, apart = false } = options;
  const { through = [] } = options;
  const deno = [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    ...(apart ? [] : importFlags()),
    ...permissions,
    module,
    ...args,
  ];
  const bound = heedModes && Deno.uid() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
  const all = [...bound, ...through, ...deno];
  const [program = "", ...rest] = all;
  const cache = Deno.env.get("DENO_DIR"), home = Deno.env.get("HOME");
  const kept = clearEnv && cache === undefined && home !== undefined ? { DENO_DIR: `${home}/.cache/deno` } : {};
  return new Deno.Command(program, {
    args: rest,
    env: { NO_COLOR: "1", ...(cache ? { DENO_DIR: cache } : kept), ...env },
    clearEnv,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Runs the command to its end. */
export async function runCli(args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  const { code, stdout, stderr } = await denoRun(MOD, args, options).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
