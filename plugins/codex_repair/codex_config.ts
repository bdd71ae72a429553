/**
 * What Codex is configured with, by the files of the system and of the home, as far as it decides where the state database is and
 * what its rows say.
 *
 * @module
 */
import { join } from "@std/path";
import type { Environment } from "../../src/cli/paths.ts";
import { isGranted } from "../granted.ts";
import { allowRead } from "./command.ts";
import { readConfigFile } from "./config_file.ts";

/** The part of the configuration that matters here. */
export interface CodexConfig {
  /** Where Codex is told to keep its databases. */
  readonly sqliteHome?: SqliteHome;
  /** The model provider of rollouts that name none, and of the threads that a list shows. */
  readonly modelProvider?: string;
  /** Why some of the files could not be used, and what that means. */
  readonly problem?: string;
  /** Whether a file is there that could not be used: it may name another database. */
  readonly isBroken?: boolean;
}

/** A `sqlite_home` of the configuration. */
export interface SqliteHome {
  /** The path as it is written, not resolved. */
  readonly path: string;
  /** The file that says so. */
  readonly file: string;
}

/** A key that matters here. */
type Key = "profile" | "sqlite_home" | "model_provider";

/** A file that configures Codex. */
interface Layer {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** What becomes of Codex where it cannot use the file. */
  readonly otherwise: string;
}

/**
 * The folder of the system's files.
 *
 * @param env The environment.
 * @param os Whose folder.
 */
export function systemConfigFolder(env: Environment, os: typeof Deno.build.os = Deno.build.os): string {
  return os === "windows" ? join(env("ProgramData") ?? "C:\\ProgramData", "OpenAI", "Codex") : "/etc/codex";
}

/**
 * Reads what Codex is configured with. For each key one file decides, the first of these that has it: the system's
 * `requirements.toml`, `managed_config.toml`, the home's `config.toml`, the system's. The system's are read only where that is
 * allowed.
 *
 * @param codexHome The home.
 * @param system The folder of the system's files, see {@linkcode systemConfigFolder}.
 * @param os On Windows, `managed_config.toml` is in the home.
 * @returns What they say; nothing where there are none.
 * @throws {StoreError} If there is one and the parser cannot be loaded.
 */
export async function readCodexConfig(
  codexHome: string,
  system: string,
  os: typeof Deno.build.os = Deno.build.os,
): Promise<CodexConfig> {
  const isAllowed = isGranted("read", system), problems: string[] = [];
  const unknown = isAllowed ? [] : [
    `what the files in ${system} say of the database and the model provider is not known: ` +
    `allow reading them with ${allowRead(system)}`,
  ];
  const read = async (folder: string, name: string, otherwise = "Codex does not work with it"): Promise<Layer[]> => {
    if (folder === system && !isAllowed) return [];
    const file = join(folder, name), { values, problem } = await readConfigFile(file);
    if (problem !== undefined) problems.push(`${problem}; ${otherwise}`);
    return [{ file, values, otherwise }];
  };
  const configs = [
    ...await read(system, "config.toml"),
    ...await read(codexHome, "config.toml", "codex does not start with it, its app-server goes on without it"),
    ...await read(os === "windows" ? codexHome : system, "managed_config.toml"),
  ];
  const requirements = await read(system, "requirements.toml");
  const layers = [
    ...usable(configs, ["profile", "sqlite_home", "model_provider"], problems),
    // Apart: what is required makes up for no mistake in the rest, and has no profile.
    ...usable(requirements, ["sqlite_home", "model_provider"], problems),
  ];
  const by = deciding(layers, "sqlite_home"), path = by?.values.sqlite_home;
  const modelProvider = deciding(layers, "model_provider")?.values.model_provider;
  return {
    ...(by !== undefined && typeof path === "string" ? { sqliteHome: { path, file: by.file } } : {}),
    ...(typeof modelProvider === "string" ? { modelProvider } : {}),
    ...(unknown.length + problems.length === 0 ? {} : { problem: [...unknown, ...problems].join("; ") }),
    ...(problems.length === 0 ? {} : { isBroken: true }),
  };
}

/** The layers without those that Codex cannot use. What another layer has in the place of a value makes up for it. */
function usable(layers: readonly Layer[], keys: readonly Key[], problems: string[]): readonly Layer[] {
  for (const key of keys) {
    const layer = deciding(layers, key), mistake = layer && mistakeIn(key, layer.values[key]);
    if (layer === undefined || mistake === undefined) continue;
    problems.push(`${layer.file}: ${mistake}; ${layer.otherwise}`);
    return usable(layers.filter((other) => other !== layer), keys, problems);
  }
  return layers;
}

function mistakeIn(key: Key, value: unknown): string | undefined {
  // Whatever its value.
  if (key === "profile") return "profile is set, which Codex no longer supports";
  return typeof value === "string" ? undefined : `${key} is not a text`;
}

function deciding(layers: readonly Layer[], key: Key): Layer | undefined {
  return layers.findLast(({ values }) => values[key] !== undefined);
}
