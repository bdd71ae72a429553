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
  await using backfill = await beginBackfill(codex, resolved);
  const database = await backfillCompleted(resolved, timeoutMs);
  return readTables(database, resolved, backfill.own);
}

/** A Codex that backfills, until it is disposed. */
export interface RunningBackfill extends AsyncDisposable {
  /** The threads that had to be started for it, which are not of the home. */
  readonly own: ReadonlySet<string>;
}

/**
 * Starts a Codex, and with it its backfill.
 *
 * @param codex Which Codex.
 * @param home The resolved path of the home. It must have a configuration.
 * @param onStart Is told the process id as soon as there is one.
 */
export async function beginBackfill(
  codex: Codex,
  home: string,
  onStart: (pid: number) => void = () => {},
): Promise<RunningBackfill> {
  const server = await AppServer.open(codex, home, [], onStart);
  const own = new Set<string>();
  const minor = Number(codex.version.split(".")[1]);
  if (minor < BACKFILLS_AT_START) own.add(textAt(await server.call("thread/start", { cwd: "/" }), "thread", "id"));
  return { own, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The newest state database of a home. */
export function stateDatabase(home: string): string | undefined {
  const generations = [...Deno.readDirSync(home)].flatMap(({ name }) => {
    const generation = /^state_(\d+)\.sqlite$/.exec(name)?.[1];
    return generation === undefined ? [] : [Number(generation)];
  });
  return generations.length === 0 ? undefined : join(home, `state_${Math.max(...generations)}.sqlite`);
}

/**
 * Waits until the backfill of a home is complete.
 *
 * @param home The home.
 * @param timeoutMs How long it may take.
 * @returns The path of the database.
 */
export async function backfillCompleted(home: string, timeoutMs: number): Promise<string> {
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
