/**
 * A conformance case: the files of a home, how to prepare them, and what the real Codex wrote for it.
 */
import { dirname, fromFileUrl, join } from "@std/path";

/** A file's contents: text, or bytes that are no UTF-8. */
type Contents = string | { readonly base64: string };

/** A step that prepares a home after its files are written. */
interface Step {
  readonly op: "mkdir" | "symlink" | "fifo" | "write" | "fill_home" | "chmod" | "rename_hex";
  readonly path: string;
  readonly target?: string;
  readonly text?: string;
  readonly mode?: string;
  readonly name_hex?: string;
}

/** The tables of a state database, as JSON. */
export interface Tables {
  readonly threads: readonly Record<string, unknown>[];
  readonly thread_dynamic_tools: readonly Record<string, unknown>[];
  readonly thread_spawn_edges?: readonly Record<string, unknown>[];
  readonly backfill_state: { readonly status: string; readonly last_watermark: string | null } | null;
}

/** A home at one moment. */
interface Home {
  readonly files: Readonly<Record<string, Contents>>;
  readonly mtimes?: Readonly<Record<string, string>>;
  readonly prep?: readonly Step[];
}

/** One case. */
export interface ConformanceCase extends Home {
  readonly name: string;
  readonly what: string;
  readonly default_provider: string;
  readonly unprivileged?: boolean;
  /** Only in cases of a second run over an existing database. */
  readonly before?: Home & { readonly sql: readonly string[]; readonly sql_state_5?: readonly string[] };
  readonly incomplete_after_s?: number;
  readonly expected: Readonly<Record<"0.99.0" | "0.169.0", Tables>>;
}

/** Reads every case, in order of name. */
export function readCases(): ConformanceCase[] {
  const folder = fromFileUrl(new URL("./cases", import.meta.url));
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return names.map((name) => ({
    ...JSON.parse(Deno.readTextFileSync(join(folder, name))),
    name: name.replace(/\.json$/, ""),
  }));
}

/** Lays out a home in an existing folder whose path has no link in it. */
export function layHome(home: string, { files, mtimes = {}, prep = [] }: Home): void {
  for (const [path, contents] of Object.entries(files)) {
    const bytes = typeof contents === "string"
      ? new TextEncoder().encode(contents)
      : Uint8Array.from(atob(contents.base64), (unit) => unit.charCodeAt(0));
    make(join(home, dirname(path)));
    Deno.writeFileSync(`${home}/${path}`, bytes);
  }
  for (const step of prep) if (step.op !== "chmod" && step.op !== "rename_hex") prepare(home, step);
  for (const [path, time] of Object.entries(mtimes)) {
    const seconds = Date.parse(time) / 1000;
    Deno.utimeSync(`${home}/${path}`, seconds, seconds);
  }
  for (const step of prep) if (step.op === "chmod" || step.op === "rename_hex") prepare(home, step);
}

/** Removes a folder with homes in it, also what may not be read there. */
export function removeHomes(folder: string): void {
  open(folder);
  Deno.removeSync(folder, { recursive: true });
}

function open(folder: string): void {
  Deno.chmodSync(folder, 0o700);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) if (isDirectory) open(`${folder}/${name}`);
}

function prepare(home: string, { op, path, target = "", text = "", mode = "", name_hex = "" }: Step): void {
  const at = `${home}/${path}`;
  make(dirname(at));
  switch (op) {
    case "mkdir":
      return make(at);
    case "symlink":
      return Deno.symlinkSync(target.replace("$HOME_DIR", home), at);
    case "fifo":
      return run("mkfifo", at);
    case "write":
      return Deno.writeTextFileSync(at, text);
    case "fill_home":
      return Deno.writeTextFileSync(at, Deno.readTextFileSync(at).replaceAll("@HOME_DIR@", home));
    case "chmod":
      return Deno.chmodSync(at, parseInt(mode, 8));
    case "rename_hex":
      // Only a shell can name what is not UTF-8.
      return run("bash", "-c", `mv -- "$0" "$1/"$'${name_hex.replace(/../g, "\\x$&")}'`, at, dirname(at));
  }
}

function make(folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}
