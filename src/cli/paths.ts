/**
 * Where the home and the database are when no flag says so.
 *
 * @module
 */
import { isAbsolute, join } from "@std/path";
import { UsageError } from "./usage_error.ts";

/** Looks up an environment variable; an empty one is as good as none. */
export type Environment = (name: string) => string | undefined;

/** Whether an environment variable may be read without asking. */
export function isReadable(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

/** The process's environment, as far as it may be read without asking. */
export const processEnvironment: Environment = (name) => {
  if (!isReadable(name)) return undefined;
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
    throw new UsageError(
      `the environment variable ${name} is not valid Unicode: name the path by a flag, or rename it`,
    );
  }
};

/** What a variable says; where it may not be read, nobody can tell, and another folder must not be taken instead. */
function decisive(env: Environment, name: string, flag: string): string | undefined {
  if (isReadable(name)) return env(name);
  throw new UsageError(`${name} may not be read: allow it with --allow-env=${name}, or name ${flag}`);
}

/** The home that Codex uses: `$CODEX_HOME`, else `~/.codex`. */
export function defaultCodexHome(env: Environment, os: typeof Deno.build.os = Deno.build.os): string {
  return decisive(env, "CODEX_HOME", "--codex-home") ?? join(neededUserHome(env, os, "--codex-home"), ".codex");
}

/** The variable that names the user's home. HOME on Windows is that of a shell, which Codex does not look at. */
export function userHomeVariable(os: typeof Deno.build.os = Deno.build.os): string {
  return os === "windows" ? "USERPROFILE" : "HOME";
}

/** The user's home, if the environment tells. */
export function userHome(env: Environment, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  return env(userHomeVariable(os));
}

/** The database that a flag names, or the usual one. */
export function databaseOf(flag: string | undefined): string {
  if (flag === ":memory:") throw new UsageError("--db :memory: keeps nothing: name a file");
  return flag ?? defaultDatabase(processEnvironment);
}

/**
 * The database in the user's data directory: `$XDG_DATA_HOME` or `~/.local/share`, `~/Library/Application Support` on macOS,
 * `%LOCALAPPDATA%` on Windows.
 */
export function defaultDatabase(env: Environment, os: typeof Deno.build.os = Deno.build.os): string {
  return join(dataDirectory(env, os), "rollout-backfill", "backfill.sqlite");
}

function dataDirectory(env: Environment, os: typeof Deno.build.os): string {
  const home = () => neededUserHome(env, os, "--db");
  if (os === "windows") return decisive(env, "LOCALAPPDATA", "--db") ?? join(home(), "AppData", "Local");
  if (os === "darwin") return join(home(), "Library", "Application Support");
  const data = decisive(env, "XDG_DATA_HOME", "--db");
  // The specification has a relative one ignored.
  return data && isAbsolute(data) ? data : join(home(), ".local", "share");
}

function neededUserHome(env: Environment, os: typeof Deno.build.os, flag: string): string {
  const home = userHome(env, os);
  if (home) return home;
  const variable = userHomeVariable(os);
  throw new UsageError(
    `cannot tell your home directory, because ${variable} is not set or may not be read: name ${flag}`,
  );
}
