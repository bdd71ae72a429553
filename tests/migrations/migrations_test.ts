import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "../../migrations/mod.ts";
import { Connection } from "../../plugins/sqlite/connection.ts";
import { findDriver } from "../../plugins/sqlite/find_driver.ts";
import { migrate } from "../../plugins/store_sqlite/migrate.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { StoreError } from "../../src/errors.ts";
import { denoRun } from "../child.ts";
import { execute, Folder, rowsOf } from "../plugins/store_sqlite/database.ts";

const driver = await findDriver("node:sqlite");

function connect(path: string): Connection {
  return new Connection(driver.open(path, { readonly: false }), path);
}

async function make(path: string): Promise<void> {
  await (await sqliteStore({ path, driver }))[Symbol.asyncDispose]();
}

/** Opens a store in vain, and checks that this changed nothing. */
async function refusal(path: string): Promise<string> {
  const before = Deno.readFileSync(path);
  let message = "";
  try {
    await make(path);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    message = error.message;
  }
  assertEquals(Deno.readFileSync(path), before, "the file was changed");
  return message;
}

Deno.test("migrations are numbered from 1, and each has its file", () => {
  assertEquals(migrations.map(({ number }) => number), migrations.map((_, at) => at + 1));
  const files = Array.from(Deno.readDirSync(new URL("../../migrations", import.meta.url)), ({ name }) => name);
  const named = migrations.map(({ number, name }) => `${String(number).padStart(4, "0")}_${name}.ts`);
  assertEquals(files.sort(), [...named, "mod.ts"].sort());
});

Deno.test("migrate applies what is missing, once, and records it", () => {
  using folder = new Folder();
  const path = folder.file(), [first, ...rest] = migrations;
  const connection = connect(path);
  assertEquals(migrate(connection, { migrations: first ? [first] : [], now: () => 5 }), first ? [first] : []);
  assertEquals(migrate(connection, { now: () => 7 }), rest);
  assertEquals(migrate(connection), []);
  connection.close();
  assertEquals(
    rowsOf(path, "backfill_migrations"),
    migrations.map(({ number, name }) => ({ number, name, applied_at_ms: number === 1 ? 5 : 7 })),
  );
});

Deno.test("migrate leaves no trace of a migration that fails", () => {
  using folder = new Folder();
  const path = folder.file(), connection = connect(path);
  const good = { number: 1, name: "good", sql: "CREATE TABLE good (a); CREATE TABLE better (a)" };
  const bad = { number: 2, name: "bad", sql: "CREATE TABLE bad (a); INSERT INTO nowhere VALUES (1)" };
  assertThrows(() => migrate(connection, { migrations: [good, bad] }), StoreError, "nowhere");
  connection.close();
  const tables = rowsOf(path, "sqlite_schema").map(({ name }) => name);
  assertEquals(tables, ["backfill_migrations", "good", "better"]);
  assertEquals(rowsOf(path, "backfill_migrations").map(({ name }) => name), ["good"]);
});

Deno.test("several processes may make a database at once", async () => {
  using folder = new Folder();
  const path = folder.file(), module = folder.file("open.ts");
  const store = new URL("../../plugins/store_sqlite/mod.ts", import.meta.url).href;
  Deno.writeTextFileSync(
    module,
    `import { sqliteStore } from "${store}";
     const store = await sqliteStore({ path: Deno.args[0]!, driver: "node:sqlite" });
     await store[Symbol.asyncDispose]();`,
  );
  const children = Array.from({ length: 4 }, () => denoRun(module, [path]).output());
  for (const { code, stderr } of await Promise.all(children)) {
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  }
  assertEquals(rowsOf(path, "backfill_migrations").map(({ number }) => number), migrations.map(({ number }) => number));
});

Deno.test("a database of a newer version is refused and left as it is", async () => {
  using folder = new Folder();
  const path = folder.file();
  await make(path);
  execute(path, "INSERT INTO backfill_migrations VALUES (9999, 'from_the_future', 0)");
  const message = await refusal(path);
  assertStringIncludes(message, path);
  assertStringIncludes(message, "newer version");
  assertStringIncludes(message, "Update this program");
});

Deno.test("a database whose migrations have other names is refused and left as it is", async () => {
  using folder = new Folder();
  const path = folder.file();
  await make(path);
  execute(path, "UPDATE backfill_migrations SET name = 'another' WHERE number = 1");
  assertStringIncludes(await refusal(path), "newer version");
});

Deno.test("a database of another program is refused and left as it is", async () => {
  using folder = new Folder();
  const path = folder.file();
  execute(path, "CREATE TABLE threads (id TEXT PRIMARY KEY); INSERT INTO threads VALUES ('theirs')");
  assertStringIncludes(await refusal(path), "tables of another program");
});

Deno.test("a file that is not a database is refused and left as it is", async () => {
  using folder = new Folder();
  for (const text of ["x", '{"not": "a database"}\n', "long ".repeat(10_000)]) {
    const path = folder.file();
    Deno.writeTextFileSync(path, text);
    const message = await refusal(path);
    assertStringIncludes(message, path);
    assertStringIncludes(message, "not an SQLite database");
  }
});

Deno.test("an empty file becomes a database", async () => {
  using folder = new Folder();
  const path = folder.file();
  Deno.writeTextFileSync(path, "");
  await make(path);
  assertEquals(rowsOf(path, "backfill_migrations").length, migrations.length);
});

/** Name, type, NOT NULL and default of each column, as `PRAGMA table_info` tells them of the databases of Codex. */
const CODEX: Record<string, string[]> = {
  threads: [
    "id TEXT",
    "rollout_path TEXT NOT NULL",
    "created_at INTEGER NOT NULL",
    "updated_at INTEGER NOT NULL",
    "source TEXT NOT NULL",
    "model_provider TEXT NOT NULL",
    "cwd TEXT NOT NULL",
    "title TEXT NOT NULL",
    "sandbox_policy TEXT NOT NULL",
    "approval_mode TEXT NOT NULL",
    "tokens_used INTEGER NOT NULL 0",
    "has_user_event INTEGER NOT NULL 0",
    "archived INTEGER NOT NULL 0",
    "archived_at INTEGER",
    "git_sha TEXT",
    "git_branch TEXT",
    "git_origin_url TEXT",
    "cli_version TEXT NOT NULL ''",
    "first_user_message TEXT NOT NULL ''",
    "agent_nickname TEXT",
    "agent_role TEXT",
    "memory_mode TEXT NOT NULL 'enabled'",
    "model TEXT",
    "reasoning_effort TEXT",
    "agent_path TEXT",
    "created_at_ms INTEGER",
    "updated_at_ms INTEGER",
    "thread_source TEXT",
    "preview TEXT NOT NULL ''",
    "recency_at INTEGER NOT NULL 0",
    "recency_at_ms INTEGER NOT NULL 0",
    "history_mode TEXT NOT NULL 'legacy'",
    "name TEXT",
    "is_pinned INTEGER NOT NULL 0",
    "thread_section_id TEXT",
    "section_position INTEGER",
    "section_entered_at_ms INTEGER",
    "project_id TEXT",
    "originator TEXT",
    "daybreak_enabled BOOLEAN",
    "creator_user_id TEXT",
    "creator_account_id TEXT",
    "attached_thread_parent_id TEXT",
  ],
  thread_dynamic_tools: [
    "thread_id TEXT NOT NULL",
    "position INTEGER NOT NULL",
    "name TEXT NOT NULL",
    "description TEXT NOT NULL",
    "input_schema TEXT NOT NULL",
    "defer_loading INTEGER NOT NULL 0",
    "namespace TEXT",
  ],
  thread_spawn_edges: ["parent_thread_id TEXT NOT NULL", "child_thread_id TEXT NOT NULL", "status TEXT NOT NULL"],
  backfill_state: [
    "id INTEGER",
    "status TEXT NOT NULL",
    "last_watermark TEXT",
    "last_success_at INTEGER",
    "updated_at INTEGER NOT NULL",
  ],
};

Deno.test("the tables have every column of Codex's own, with its type, its default and whether it may be null", async () => {
  using folder = new Folder();
  const path = folder.file();
  await make(path);
  using db = new DatabaseSync(path);
  for (const [table, columns] of Object.entries(CODEX)) {
    const found = db.prepare("SELECT * FROM pragma_table_info(?)").all(table).map((
      { name, type, notnull, dflt_value },
    ) => `${name} ${type}${notnull ? " NOT NULL" : ""}${dflt_value === null ? "" : ` ${dflt_value}`}`);
    assertEquals(columns.filter((column) => !found.includes(column)), [], table);
  }
});
