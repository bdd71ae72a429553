/**
 * What the tests of the SQLite store share: threads, and a way to look into a database that is not the store's own.
 *
 * @module
 */
import { join } from "@std/path";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { type SqliteDriver, sqliteStore, type SqliteStoreOptions } from "../../../plugins/store_sqlite/mod.ts";
import type { Store } from "../../../src/store.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
import { NODE_SQLITE } from "./drivers.ts";

/** A value as it stands in a database. */
export type Value = string | number | bigint | null;

/** Makes a thread in which every column tells of `n`. */
export function thread(id: string, n: number): CodexThread {
  const integer = n % 2 === 0 ? 1_750_000_000 + n : 2n ** 53n + BigInt(n);
  const text = (name: string) => n % 3 === 2 ? null : `${name} ${n} \0 😀`;
  return {
    id: id.toWellFormed(),
    rollout_path: `/home/sessions/rollout-${n}.jsonl`,
    created_at: integer,
    created_at_ms: n,
    updated_at: -n - 1,
    updated_at_ms: integer,
    last_record_at_ms: n % 2 === 0 ? null : n,
    source: `source ${n}`,
    model_provider: `provider ${n}`,
    cwd: n % 2 === 0 ? "" : `/cwd/${n}`,
    title: `title ${n} \0 after NUL`,
    first_user_message: `first '"; ${n}`,
    preview: `preview ${n}`,
    sandbox_policy: `{"type":"n${n}"}`,
    approval_mode: `mode ${n}`,
    tokens_used: n * 1000,
    archived: n % 2 === 0 ? 0 : 1,
    archived_at: n % 2 === 0 ? null : n,
    git_sha: null,
    git_branch: null,
    git_origin_url: null,
    cli_version: `0.${n}.0`,
    agent_nickname: text("nickname"),
    agent_role: text("role"),
    agent_path: text("path"),
    memory_mode: `memory ${n}`,
    model: text("model"),
    reasoning_effort: text("effort"),
    thread_source: text("thread source"),
    history_mode: `history ${n}`,
    name: null,
    originator: text("originator"),
    creator_user_id: text("user"),
    creator_account_id: text("account"),
    attached_thread_parent_id: `attached ${n}`,
    dynamic_tools: n % 2 === 0
      ? null
      : { thread_id: id.toWellFormed(), tools: [tool("a", n), tool("b", n), tool("c", n)].slice(0, 1 + n % 3) },
    spawn_edge: n % 4 === 1
      ? { parent_thread_id: `parent ${n}`, child_thread_id: id.toWellFormed(), status: "open" }
      : null,
  };
}

/** Makes a tool. */
export function tool(name: string, n: number): { name: string; description: string; input_schema: string } {
  return { name: `${name}${n}`, description: `does ${n} \0`, input_schema: `{"n":${n}}` };
}

/** A folder that is removed at the end, with stores in it. */
export class Folder implements Disposable {
  /** Where it is. */
  readonly path: string = Deno.makeTempDirSync({ prefix: "store_sqlite_" });
  #count = 0;

  /** The path of a file in it. */
  file(name = `${++this.#count}.sqlite`): string {
    return join(this.path, name);
  }

  /** The names of what is in it. */
  names(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name).sort();
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A store under test, that can be opened a second time. */
export async function opened(path: string, driver: SqliteDriver): Promise<StoreFixture<CodexThread>> {
  const open = () => sqliteStore({ path, driver });
  const access = { open, again: open, row: thread, read: (_: unknown, key: string) => readThread(path, key, driver) };
  return new StoreFixture<CodexThread>(access, await open());
}

/** Stores, and the files they were opened on. */
export class Stores {
  readonly #paths = new WeakMap<Store<CodexThread>, string>();

  /** Opens a store. */
  async open(options: SqliteStoreOptions): Promise<Store<CodexThread>> {
    const store = await sqliteStore(options);
    this.#paths.set(store, options.path);
    return store;
  }

  /** The file of a store. */
  pathOf(store: Store<CodexThread>): string {
    const path = this.#paths.get(store);
    if (path === undefined) throw new Error("the store was opened elsewhere");
    return path;
  }
}

/** Changes a database from outside. If a store has it open, `driver` is that store's. */
export function execute(path: string, sql: string, driver: SqliteDriver = NODE_SQLITE): void {
  const db = driver.open(path, { readonly: false });
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** The rows of a table, every value as it stands, whatever is in a text. If a store has it open, `driver` is that store's. */
export function rowsOf(path: string, table: string, driver: SqliteDriver = NODE_SQLITE): Record<string, Value>[] {
  const db = driver.open(path, { readonly: true });
  try {
    const columns = db.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => String(name));
    const value = (name: string) => `json_array(typeof("${name}"), CAST("${name}" AS TEXT))`;
    const sql = `SELECT json_array(${columns.map(value).join(", ")}) AS j FROM "${table}" ORDER BY rowid`;
    return db.prepare(sql).all().map(({ j }) => {
      const values: [string, string | null][] = JSON.parse(String(j));
      return Object.fromEntries(columns.map((name, at) => [name, valueOf(values[at] ?? ["null", null])]));
    });
  } finally {
    db.close();
  }
}

function valueOf([type, text]: [string, string | null]): Value {
  if (text === null || type === "text") return text;
  if (type !== "integer") throw new Error(`a value of type ${type} in the database: ${text}`);
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}

/** Reads a thread back from all its tables. If a store has the database open, `driver` is that store's. */
export function readThread(path: string, id: string, driver?: SqliteDriver): CodexThread | undefined {
  const key = id.toWellFormed();
  const row = rowsOf(path, "threads", driver).find((one) => one.id === key);
  if (!row) return undefined;
  const tools = rowsOf(path, "thread_dynamic_tools", driver).filter((one) => one.thread_id === key);
  const edge = rowsOf(path, "thread_spawn_edges", driver).find((one) => one.child_thread_id === key);
  const like = thread(id, 0);
  return {
    ...like,
    ...Object.fromEntries(Object.keys(like).map((name) => [name, row[name]])),
    dynamic_tools: tools.length === 0 ? null : {
      thread_id: key,
      tools: tools.map((one) => ({
        name: String(one.name),
        description: String(one.description),
        input_schema: String(one.input_schema),
      })),
    },
    spawn_edge: edge
      ? { parent_thread_id: String(edge.parent_thread_id), child_thread_id: key, status: String(edge.status) }
      : null,
  };
}
