/**
 * Codex' own backfill, made to run on a copy of a home.
 *
 * @module
 */
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { AppServer, textAt } from "./app_server.ts";
import { writeConfig } from "./environment.ts";
import type { Codex } from "./install.ts";
import { readTables, type Tables } from "./tables.ts";

/** The first minor version whose app-server backfills when it starts; before it, the first thread starts the backfill. */
const BACKFILLS_AT_START = 110;

/** How often to look whether a backfill is done. */
const POLL_MS = 25;

/**
 * Lets Codex backfill a home from the beginning.
 *
 * @param codex Which Codex.
 * @param home The home. It gets a configuration and a database of Codex.
 * @param provider The configured model provider.
 * @param timeoutMs How long the backfill may take.
 * @returns What Codex wrote.
 */
export async function codexBackfill(
  codex: Codex,
  home: string,
  provider: string,
  timeoutMs = 120_000,
): Promise<Tables> {
  await writeConfig(home, provider);
  const resolved = await Deno.realPath(home);
  const own = new Set<string>();
  await using server = await AppServer.open(codex, resolved);
  const minor = Number(codex.version.split(".")[1]);
  if (minor < BACKFILLS_AT_START) own.add(textAt(await server.call("thread/start", { cwd: "/" }), "thread", "id"));
  const database = await complete(resolved, timeoutMs);
  return readTables(database, resolved, own);
}

/** The newest state database of a home. */
export function stateDatabase(home: string): string | undefined {
  const generations = [...Deno.readDirSync(home)].flatMap(({ name }) => {
    const generation = /^state_(\d+)\.sqlite$/.exec(name)?.[1];
    return generation === undefined ? [] : [Number(generation)];
  });
  return generations.length === 0 ? undefined : join(home, `state_${Math.max(...generations)}.sqlite`);
}

async function complete(home: string, timeoutMs: number): Promise<string> {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const path = stateDatabase(home);
    if (path !== undefined && status(path) === "complete") return path;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the backfill of ${home} was not complete after ${timeoutMs} ms`);
}

function status(path: string): unknown {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return database.prepare("SELECT status FROM backfill_state").get()?.status;
    } finally {
      database.close();
    }
  } catch {
    return undefined; // not made yet, or locked
  }
}
