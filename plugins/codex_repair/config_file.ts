/**
 * One file of Codex's configuration, which is TOML.
 *
 * @module
 */
import { reasonOf, StoreError } from "../../src/errors.ts";
import { missingFlag } from "../../src/missing_flag.ts";
import { isSpecialFile } from "../special_file.ts";

/** What a file says. */
export interface ConfigFile {
  /** Its values; none where there is no file. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Why Codex takes nothing of it. */
  readonly problem?: string;
}

/**
 * Reads a file of the configuration.
 *
 * @param path Its path; it need not exist.
 * @returns What it says.
 * @throws {StoreError} If there is one and the parser cannot be loaded.
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    if (isSpecialFile(path)) return unusable(`${path} cannot be read: it is no file`);
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { values: {} };
    if (error instanceof TypeError) return unusable(`${path} is not UTF-8`);
    return unusable(`${path} cannot be read: ${reasonOf(error)}`);
  }
  const parse = await loadParser(path);
  try {
    // As numbers, those beyond 2^53 would be errors, while Codex takes them.
    const values = parse(text, { integersAsBigInt: true });
    return isWithinInt64(values) ? { values } : unusable(`${path}: it has an integer of more than 64 bits`);
  } catch (error) {
    return unusable(`${path} is not valid TOML: ${reasonOf(error).split("\n")[0]}`);
  }
}

function unusable(problem: string): ConfigFile {
  return { values: {}, problem };
}

async function loadParser(path: string): Promise<typeof import("./toml.ts").parse> {
  // Not by a literal: what that names is downloaded when any command starts, and only these need it.
  const parser = new URL("./toml.ts", import.meta.url), flag = missingFlag(parser);
  if (flag !== undefined) throw unloaded(path, `it may not be read. Allow it with ${flag}`);
  try {
    const module: typeof import("./toml.ts") = await import(parser.href);
    return module.parse;
  } catch (cause) {
    const [reason = ""] = reasonOf(cause).split("\n");
    // Deno's advice is about a project of one's own, while this is where the command happens to be started.
    const isProject = reason.includes("in the node_modules directory");
    const why = isProject
      ? "Deno looks for it in the node_modules of the project in this folder. Add --no-config to deno run, install the command, " +
        "or start it in another folder"
      : `${reason}. It is downloaded once; make the npm registry reachable`;
    throw unloaded(path, why, { cause });
  }
}

function unloaded(path: string, why: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    `Cannot read ${path}: the parser of TOML, npm:smol-toml, could not be loaded: ${why}. ` +
      "It is not needed where --state-db names the database and --default-provider what is configured as model_provider",
    options,
  );
}

/** Whether a document has no integer that the parser of Codex does not take. */
function isWithinInt64(value: unknown): boolean {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value;
  return typeof value !== "object" || value === null || Object.values(value).every(isWithinInt64);
}
