/**
 * Playing a conformance case: one backfill, or a second one over a database that was edited in between.
 */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { type ConformanceCase, layHome, removeHomes } from "./case.ts";
import { project, readTables } from "./tables.ts";

/** The versions of Codex that cases tell of. */
export type Version = "0.99.0" | "0.169.0";

/** Something that backfills a home into a database. */
export interface Subject {
  /** Its name, which the names of the tests begin with. */
  readonly name: string;
  /** Cases that it does not play, with the reason. */
  readonly without: Readonly<Record<string, string>>;
  /** Makes what there must be before the first backfill. */
  prepare?(db: string): void;
  /** Backfills a home. */
  backfill(run: SubjectRun): Promise<void>;
}

/** One backfill. */
export interface SubjectRun {
  /** The home. */
  readonly home: string;
  /** The database. */
  readonly db: string;
  /** The model provider of rollouts that name none. */
  readonly provider: string;
  /** Whether the modes of files must bind, also if root runs the tests. */
  readonly heedModes: boolean;
}

/** What a second run finds of the first one in a home. */
const REPLACED = ["sessions", "archived_sessions", "session_index.jsonl"];

/** Makes a test of a case. */
export function playCase(version: Version, one: ConformanceCase, subject: Subject): void {
  const reason = subject.without[one.name];
  Deno.test({
    name: `${subject.name} ${one.name}: ${one.what}${reason === undefined ? "" : ` [left out: ${reason}]`}`,
    ignore: reason !== undefined || Deno.build.os === "windows",
    async fn() {
      const top = Deno.realPathSync(Deno.makeTempDirSync());
      const home = `${top}/home`, db = `${top}/db/state_5.sqlite`;
      Deno.mkdirSync(home);
      Deno.mkdirSync(`${top}/db`);
      subject.prepare?.(db);
      const run = { home, db, provider: one.default_provider, heedModes: one.unprivileged ?? false };
      if (one.before) {
        layHome(home, one.before);
        await subject.backfill(run);
        edit(db, [...one.before.sql, ...(version === "0.169.0" ? one.before.sql_state_5 ?? [] : [])]);
        for (const name of REPLACED) removeIfThere(`${home}/${name}`);
      }
      layHome(home, one);
      await subject.backfill(run);
      compare(one, version, readTables(db, home));
      removeHomes(top);
    },
  });
}

function compare(one: ConformanceCase, version: Version, actual: ReturnType<typeof readTables>): void {
  const expected = one.expected[version];
  assertEquals(project(actual.threads, expected.threads, "id"), [...expected.threads]);
  assertEquals(actual.thread_dynamic_tools.map(tool), expected.thread_dynamic_tools.map(tool));
  if (expected.thread_spawn_edges) assertEquals(actual.thread_spawn_edges, expected.thread_spawn_edges);
  assertEquals(actual.backfill_state, expected.backfill_state);
}

/** A tool by the columns that both versions have. */
function tool(row: Record<string, unknown>): unknown[] {
  return [row.thread_id, row.position, row.name, row.description, row.input_schema];
}

function edit(db: string, statements: readonly string[]): void {
  const database = new DatabaseSync(db);
  try {
    for (const sql of statements) database.exec(sql);
  } finally {
    database.close();
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
