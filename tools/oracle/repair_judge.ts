/**
 * Whether a repair does what it is for: rollouts that came into a home after Codex's own backfill was complete are in its lists
 * afterwards, and what the user set is as it was.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { dirname, join, relative } from "@std/path";
import { walkSync } from "@std/fs";
import { DatabaseSync } from "node:sqlite";
import { AppServer, isJson, type Json } from "./app_server.ts";
import { codexBackfill, stateDatabase } from "./codex_backfill.ts";
import { type Parity, rolloutParity } from "./doctor.ts";
import type { Codex } from "./install.ts";
import { ourCommand } from "./ours.ts";
import { listThreads } from "./thread_list.ts";

/** The section that every database of Codex has from the beginning. */
const PINNED = "Pinned";

/** Every kind of source that a list can be asked for. */
const SOURCE_KINDS = ["cli", "vscode", "exec", "appServer", "subAgent", "unknown"] as const;

/** What the columns of a thread hold that are the user's, and its title. */
export type UserOwned = Readonly<Record<string, unknown>>;

/** What came out. */
export interface RepairVerdict {
  /** What `codex doctor` says before the repair. */
  readonly before: Parity;
  /** What the database shows before it. */
  readonly listedBefore: readonly string[];
  /** Files that looking or planning changed, made or removed. */
  readonly touched: readonly string[];
  /** The exit codes of `verify` and of `repair`, without and with `--apply`, and of `verify` again. */
  readonly exitCodes: readonly number[];
  /** What `codex doctor` says after it. */
  readonly after: Parity;
  /** What the database shows after it, by the app-server. */
  readonly listed: readonly string[];
  /** What was the user's before, by thread. */
  readonly owned: Readonly<Record<string, UserOwned>>;
  /** And what it is after it, of the same threads. */
  readonly ownedAfter: Readonly<Record<string, UserOwned>>;
}

/**
 * Plays it through: half of the rollouts are there when Codex backfills, the user names and pins the first of them, the other half is
 * restored, and the database is repaired.
 *
 * @param codex Codex 0.169.
 * @param home An empty home.
 * @param provider The configured model provider.
 * @param rollouts The rollouts by their paths below the home.
 */
export async function judgeRepair(
  codex: Codex,
  home: string,
  provider: string,
  rollouts: ReadonlyMap<string, Uint8Array>,
): Promise<RepairVerdict> {
  const paths = [...rollouts.keys()].sort();
  const write = (path: string): void => {
    Deno.mkdirSync(dirname(join(home, path)), { recursive: true });
    Deno.writeFileSync(join(home, path), rollouts.get(path) ?? new Uint8Array());
  };
  paths.filter((_, at) => at % 2 === 0).forEach(write);
  await codexBackfill(codex, home, provider);
  setPinned(home, await nameAndPin(codex, home));
  paths.filter((_, at) => at % 2 === 1).forEach(write);

  const before = await rolloutParity(codex, home);
  const listedBefore = await listed(codex, home);
  const owned = userOwned(home);
  const hashes = hashesOf(home);
  const exitCodes = [await command(home, "verify"), await command(home, "repair")];
  const touched = differing(hashes, hashesOf(home));
  exitCodes.push(await command(home, "repair", "--apply"), await command(home, "verify"));
  const after = await rolloutParity(codex, home);
  const ownedAfter = Object.fromEntries(Object.entries(userOwned(home)).filter(([id]) => id in owned));
  return { before, listedBefore, touched, exitCodes, after, listed: await listed(codex, home), owned, ownedAfter };
}

/** What speaks against a repair; nothing if it did all it is for. */
export function complaints({ before, touched, exitCodes, after, owned, ownedAfter }: RepairVerdict): string[] {
  const [found, planned, applied] = exitCodes;
  const kept = Object.keys(owned).filter((id) => !isDeepStrictEqual(owned[id], ownedAfter[id]));
  return [
    ...(before.status === "ok" ? ["there was nothing to be repaired"] : []),
    ...(touched.length > 0 ? [`looking and planning changed ${touched.join(", ")}`] : []),
    ...(found === 3 && planned === 0 && applied === 0 ? [] : [`it ended with ${exitCodes.join(", ")}`]),
    ...(after.status === "ok" ? [] : [`codex doctor still says: ${after.summary}`]),
    ...(kept.length > 0 ? [`what the user set is lost in ${kept.join(", ")}`] : []),
  ];
}

async function command(home: string, ...args: readonly string[]): Promise<number> {
  return (await ourCommand([...args, "--codex-home", home, "--quiet"])).code;
}

/** As somebody would who sits before it. Gives the id of the thread. */
async function nameAndPin(codex: Codex, home: string): Promise<string> {
  await using server = await AppServer.open(codex, home);
  const [thread] = await listThreads(server, {
    useStateDbOnly: true,
    modelProviders: [],
    sourceKinds: [...SOURCE_KINDS],
  });
  if (!thread) throw new Error("there is no thread to be named");
  await server.call("thread/name/set", { threadId: thread.id, name: "A name, by hand" });
  const sections = await server.call("threadSection/list");
  const section = sectionsOf(sections).find(({ name }) => name === PINNED);
  if (!section) throw new Error(`there is no section for what is pinned in ${JSON.stringify(sections)}`);
  await server.call("thread/section/move", { threadId: thread.id, sectionId: section.id });
  return thread.id;
}

/** The app-server has no method for this column. */
function setPinned(home: string, id: string): void {
  const database = new DatabaseSync(databaseOf(home));
  try {
    database.prepare("UPDATE threads SET is_pinned = 1 WHERE id = ?").run(id);
  } finally {
    database.close();
  }
}

function sectionsOf(answer: unknown): Json[] {
  const list = isJson(answer) ? Object.values(answer).find((member) => Array.isArray(member)) : undefined;
  return Array.isArray(list) ? list.filter(isJson) : [];
}

/** The ids of what the database has, archived or not, whatever started it. */
async function listed(codex: Codex, home: string): Promise<string[]> {
  await using server = await AppServer.open(codex, home);
  const filters = { useStateDbOnly: true, modelProviders: [], sourceKinds: [...SOURCE_KINDS] };
  const live = await listThreads(server, filters);
  const archived = await listThreads(server, { ...filters, archived: true });
  return [...live, ...archived].map(({ id }) => id).sort();
}

function userOwned(home: string): Record<string, UserOwned> {
  const database = new DatabaseSync(databaseOf(home), { readOnly: true });
  try {
    const rows = database.prepare(
      "SELECT id, name, title, is_pinned, thread_section_id, section_position, section_entered_at_ms, project_id FROM threads",
    );
    rows.setReadBigInts(true);
    return Object.fromEntries(rows.all().map(({ id, ...columns }) => [String(id), { ...columns }]));
  } finally {
    database.close();
  }
}

function databaseOf(home: string): string {
  const path = stateDatabase(home);
  if (path === undefined) throw new Error(`${home} has no state database`);
  return path;
}

function hashesOf(folder: string): Map<string, string> {
  const files = [...walkSync(folder, { includeDirs: false })].map(({ path }) => path);
  const hash = (path: string): string => createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
  return new Map(files.map((path) => [relative(folder, path), hash(path)]));
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}
