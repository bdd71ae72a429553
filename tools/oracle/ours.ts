/**
 * Our own backfill, by its command line, on a copy of a home.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { finish, type Finished } from "./children.ts";
import { readTables, type Tables } from "./tables.ts";

/** The exit codes that mean a run came to its end. */
const DONE = 0, DONE_WITH_FAILURES = 3, USAGE = 2;

/**
 * Runs `backfill run` as a user would.
 *
 * @param version The version of Codex to do alike.
 * @param home The home.
 * @param provider The default model provider.
 * @param db Where to put the database.
 * @returns What it wrote, or `undefined` if the command cannot do that version alike.
 */
export async function ourBackfill(
  version: string,
  home: string,
  provider: string,
  db: string,
): Promise<Tables | undefined> {
  const place = ["--codex-home", home, "--db", db, "--default-provider", provider];
  const { code, stderr } = await ourCommand(["run", ...place, "--compat", version, "--quiet"]);
  if (code === USAGE && stderr.includes(version)) return undefined;
  if (code !== DONE && code !== DONE_WITH_FAILURES) {
    throw new Error(`our backfill ended with exit code ${code}: ${stderr.trim()}`);
  }
  return readTables(db, await Deno.realPath(home));
}

/**
 * Runs our command as a user would.
 *
 * @param args Its arguments.
 */
export async function ourCommand(args: readonly string[]): Promise<Finished> {
  const map = Deno.env.get("BACKFILL_IMPORT_MAP");
  const mod = fromFileUrl(new URL("../../mod.ts", import.meta.url));
  return await finish(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...(map ? [`--import-map=${map}`] : []), "-A", mod, ...args],
    env: { NO_COLOR: "1" },
  }, 300_000);
}
