/**
 * Where Codex looks for its state database.
 *
 * @module
 */
import { dirname, join, resolve } from "@std/path";
import { type Environment, userHome } from "../../src/cli/paths.ts";
import { resolved } from "../link.ts";
import type { CodexConfig } from "./codex_config.ts";

/** A folder that may hold a state database. */
export interface StatePlace {
  /** The absolute path. */
  readonly folder: string;
  /** What names it, e.g. `sqlite_home in /etc/codex/config.toml`. */
  readonly because: string;
}

/**
 * Names the folders where a state database may be, the one that Codex 0.169 uses first: the configured `sqlite_home`, else
 * `CODEX_SQLITE_HOME`, else the home itself. The others matter because a database may have stayed there from before.
 *
 * As in Codex, `~` is the user's home in both; a relative `sqlite_home` is relative to the folder of its file, a relative
 * `CODEX_SQLITE_HOME` to the working directory, and white space around the latter does not count.
 *
 * @param codexHome The home, as an absolute path.
 * @param config What Codex is configured with.
 * @param env The environment.
 * @param os Whose rules hold for the user's home.
 * @returns One to three places, none twice.
 */
export function statePlaces(
  codexHome: string,
  config: CodexConfig,
  env: Environment,
  os: typeof Deno.build.os = Deno.build.os,
): StatePlace[] {
  const variable = env("CODEX_SQLITE_HOME")?.trim();
  const places: StatePlace[] = [];
  if (config.sqliteHome !== undefined) {
    const { path, file } = config.sqliteHome;
    const folder = resolve(resolved(dirname(file)), withUserHome(path, env, os));
    places.push({ folder, because: `sqlite_home in ${file}` });
  }
  if (variable) places.push({ folder: resolve(withUserHome(variable, env, os)), because: "CODEX_SQLITE_HOME" });
  places.push({ folder: codexHome, because: "the Codex home" });
  const folders = places.map(({ folder }) => resolved(folder));
  return places.filter((_, at) => folders.indexOf(folders[at] ?? "") === at);
}

function withUserHome(path: string, env: Environment, os: typeof Deno.build.os): string {
  const home = userHome(env, os);
  if (home === undefined) return path;
  if (path === "~") return home;
  const isBelow = path.startsWith("~/") || (os === "windows" && path.startsWith("~\\"));
  return isBelow ? join(home, path.slice(2)) : path;
}
