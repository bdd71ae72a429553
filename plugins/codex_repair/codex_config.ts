/**
 * What a Codex home is configured with, as far as it decides where the state database is and what its rows say.
 *
 * @module
 */
import { join } from "@std/path";
import { reasonOf, StoreError } from "../../src/errors.ts";
import { missingFlag } from "../../src/missing_flag.ts";
import { isSpecialFile } from "../special_file.ts";

/** The part of `config.toml` that matters here. */
export interface CodexConfig {
  /** Where Codex is told to keep its databases: as it is written, not resolved. */
  readonly sqliteHome?: string;
  /** The model provider of rollouts that name none, and of the threads that a list shows. */
  readonly modelProvider?: string;
  /** Why the file could not be used. Codex goes on with its defaults then. */
  readonly problem?: string;
}

/**
 * Reads `config.toml` of a home. A home without one is configured by defaults.
 *
 * @param codexHome The home.
 * @returns What it says.
 * @throws {StoreError} If there is one and the parser cannot be loaded.
 */
export async function readCodexConfig(codexHome: string): Promise<CodexConfig> {
  const path = join(codexHome, "config.toml");
  let text: string;
  try {
    if (isSpecialFile(path)) return { problem: `${path} cannot be read: it is no file` };
    text = Deno.readTextFileSync(path);
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? {} : { problem: `${path} cannot be read: ${reasonOf(error)}` };
  }
  const parse = await loadParser(path);
  try {
    // As numbers, those beyond 2^53 would be errors, while Codex takes them.
    const config = parse(text, { integersAsBigInt: true });
    if (!isWithinInt64(config)) return { problem: `${path}: it has an integer of more than 64 bits` };
    const { sqlite_home: sqliteHome, model_provider: modelProvider, profile } = config;
    // One value of the wrong type or that legacy key, whatever its value, and Codex takes nothing of the file.
    if (profile !== undefined) return { problem: `${path}: profile is set, which Codex no longer supports` };
    if (!isTextOrNothing(sqliteHome)) return { problem: `${path}: sqlite_home is not a text` };
    if (!isTextOrNothing(modelProvider)) return { problem: `${path}: model_provider is not a text` };
    return {
      ...(sqliteHome === undefined ? {} : { sqliteHome }),
      ...(modelProvider === undefined ? {} : { modelProvider }),
    };
  } catch (error) {
    return { problem: `${path} is not valid TOML: ${reasonOf(error).split("\n")[0]}` };
  }
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

function isTextOrNothing(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
