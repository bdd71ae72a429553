/**
 * What the tests of the store on Codex's database share: databases with Codex's own schema, threads, and a way to look at rows that
 * is not the store's own. `state_5.sql` is what Codex 0.169.0 made for an empty home, `state_4.sql` what Codex 0.99.0 made, as
 * `sqlite3 FILE .dump` tells it.
 */
import { DatabaseSync } from "node:sqlite";
import { dirname, fromFileUrl, join } from "@std/path";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import {
  type CodexStateStore,
  codexStateStore,
  type CodexStateStoreOptions,
} from "../../../plugins/store_codex_state/mod.ts";
import type { SqliteDriver } from "../../../plugins/sqlite/driver.ts";
import { NODE_SQLITE } from "../store_sqlite/drivers.ts";

/** Opens a store on Deno's own library, with which these tests also look into its database: see `drivers.ts`. */
export function openStore(options: CodexStateStoreOptions): Promise<CodexStateStore> {
  return codexStateStore({ driver: NODE_SQLITE, ...options });
}

/** A value as it stands in a database. */
export type Value = string | number | bigint | null;

/** Makes a database with Codex's own schema, in the mode that Codex uses. */
export function makeState(path: string, version: 4 | 5 = 5, sql = ""): string {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(Deno.readTextFileSync(fromFileUrl(new URL(`./state_${version}.sql`, import.meta.url))));
    if (sql) db.exec(sql);
  } finally {
    db.close();
  }
  return path;
}

/** A folder that is removed at the end, with databases in it. */
export class Folder implements Disposable {
  /** Where it is. */
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "store_codex_state_" }));
  #count = 0;

  /** Makes a database. */
  state(sql = "", version: 4 | 5 = 5): string {
    return makeState(join(this.path, `${++this.#count}_state_${version}.sqlite`), version, sql);
  }

  /** Makes a file that nobody has written to since it was read, and says where it is. */
  rollout(name: string): string {
    const path = join(this.path, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, "");
    Deno.utimeSync(path, 1, 1);
    return path;
  }

  /** The names of what is in it, but for the databases themselves. */
  others(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name).filter((name) => !name.endsWith(".sqlite"))
      .sort();
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Stores, and the databases they were opened on. */
export class Stores {
  readonly #paths = new WeakMap<object, string>();

  /** Opens a store. */
  async open(options: CodexStateStoreOptions): Promise<CodexStateStore> {
    const store = await codexStateStore(options);
    this.#paths.set(store, options.path);
    return store;
  }

  /** The database of a store. */
  pathOf(store: object): string {
    const path = this.#paths.get(store);
    if (path === undefined) throw new Error("the store was opened elsewhere");
    return path;
  }
}

/** Makes a thread in which every column tells of `n`. */
export function thread(id: string, n: number, differing: Partial<CodexThread> = {}): CodexThread {
  const ms = 1_750_000_000_000 + n * 10_000;
  return {
    id: id.toWellFormed(),
    rollout_path: `/nowhere/sessions/rollout-${n}.jsonl`,
    created_at: ms / 1000,
    created_at_ms: ms,
    updated_at: ms / 1000,
    updated_at_ms: ms,
    last_record_at_ms: null,
    source: `source ${n}`,
    model_provider: `provider ${n}`,
    cwd: `/cwd/${n}`,
    title: `first '"; ${n} \0 after NUL`,
    first_user_message: `first '"; ${n} \0 after NUL`,
    preview: `preview ${n}`,
    sandbox_policy: `{"type":"n${n}"}`,
    approval_mode: `mode ${n}`,
    tokens_used: n % 2 === 0 ? n * 1000 + 1 : 2n ** 53n + BigInt(n),
    archived: n % 2 === 0 ? 0 : 1,
    archived_at: n % 2 === 0 ? null : n,
    git_sha: `sha ${n}`,
    git_branch: `branch ${n}`,
    git_origin_url: `https://git.example/${n}`,
    cli_version: `0.${n}.0`,
    agent_nickname: `nickname ${n}`,
    agent_role: `role ${n} 😀`,
    agent_path: `path ${n}`,
    memory_mode: `memory ${n}`,
    model: `model ${n}`,
    reasoning_effort: `effort ${n}`,
    thread_source: `thread source ${n}`,
    history_mode: "legacy",
    name: null,
    attached_thread_parent_id: null,
    originator: `originator ${n}`,
    creator_user_id: `user ${n}`,
    creator_account_id: `account ${n}`,
    dynamic_tools: null,
    spawn_edge: null,
    ...differing,
  };
}

/** The row of a thread by every column, whatever is in a text; `undefined` if there is none. */
export function rowOf(path: string, id: string, driver = NODE_SQLITE): Record<string, Value> | undefined {
  return select(driver, path, "threads", "WHERE id = ?", id.toWellFormed())[0];
}

/** The rows of a table. */
export function rowsOf(path: string, table: string): Record<string, Value>[] {
  return select(NODE_SQLITE, path, table);
}

function select(driver: SqliteDriver, path: string, table: string, where = "", ...values: string[]) {
  const db = driver.open(path, { readonly: true });
  try {
    const columns = db.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => String(name));
    const value = (name: string) => `json_array(typeof("${name}"), CAST("${name}" AS TEXT))`;
    const sql = `SELECT json_array(${columns.map(value).join(", ")}) AS j FROM "${table}" ${where}`;
    return db.prepare(sql).all(...values).map(({ j }): Record<string, Value> => {
      const cells: [string, string | null][] = JSON.parse(String(j));
      return Object.fromEntries(cells.map(([type, text], at) => [columns[at] ?? "", valueOf(type, text)]));
    });
  } finally {
    db.close();
  }
}

function valueOf(type: string, text: string | null): Value {
  if (text === null || type === "text") return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** The columns of a thread as {@linkcode thread} makes it, read from a row. */
export function readThread(path: string, id: string, driver = NODE_SQLITE): CodexThread | undefined {
  const row = rowOf(path, id, driver);
  if (!row) return undefined;
  const columns = Object.fromEntries(
    Object.keys(thread("", 0)).map((name) => [name, row[name] ?? null]),
  );
  return Object.assign(thread("", 0), columns);
}

/** Changes a database from outside. */
export function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** Every file of a folder with its bytes and its times, to compare before and after. */
export function snapshotOf(folder: string): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(Deno.readDirSync(folder), ({ name }) => name).sort().map((name) => {
      const { mtime, size, mode } = Deno.statSync(join(folder, name));
      return [name, { mtime: mtime?.getTime(), size, mode, bytes: Deno.readFileSync(join(folder, name)).toHex() }];
    }),
  );
}

/** Opens a database as a Codex that runs has it, with what it wrote last still in the log. */
export function openLikeCodex(path: string, sql: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec(sql);
  return db;
}

/** SQL that makes the row of a thread as Codex's own backfill would. */
export function insertThread(id: string, columns: Readonly<Record<string, Value>> = {}): string {
  const row = {
    id,
    rollout_path: `/nowhere/${id}.jsonl`,
    created_at: 1_750_000_000,
    updated_at: 1_750_000_000,
    source: "cli",
    model_provider: "openai",
    cwd: "/srv/demo",
    title: "a title",
    sandbox_policy: "{}",
    approval_mode: "on-request",
    first_user_message: "a title",
    preview: "a title",
    cli_version: "0.169.0",
    ...columns,
  };
  const value = (one: Value) =>
    one === null ? "NULL" : typeof one === "string" ? `'${one.replaceAll("'", "''")}'` : `${one}`;
  return `INSERT INTO threads (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(value).join(", ")});`;
}
