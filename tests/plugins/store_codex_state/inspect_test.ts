import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { codexLease, codexStateStore, inspectCodexState } from "../../../plugins/store_codex_state/mod.ts";
import { StoreError } from "../../../src/errors.ts";
import { makePipe } from "../../pipe.ts";
import { execute, Folder, insertThread, openLikeCodex, snapshotOf } from "./database.ts";

Deno.test("looking into a database changes no byte and leaves no file, be it closed or just being written", async () => {
  using folder = new Folder();
  const closed = folder.state(insertThread("closed"));
  const open = folder.state(insertThread("old"));
  const codex = openLikeCodex(open, insertThread("new"));
  const before = snapshotOf(folder.path);
  const scratch = Deno.makeTempDirSync();
  for (const [path, ids] of [[closed, ["closed"]], [open, ["new", "old"]]] as const) {
    using state = await inspectCodexState(path, { scratch });
    assertEquals([state.refusal, [...state.integrity], state.migrations.length], [null, [], 62]);
    assertEquals([[...state.threads()].map(({ id }) => id), state.threadCount], [[...ids], ids.length]);
    assertEquals(state.thread("old")?.title, path === open ? "a title" : undefined);
  }
  assertEquals(snapshotOf(folder.path), before);
  assertEquals([...Deno.readDirSync(scratch)], []);
  codex.close();
  Deno.removeSync(scratch);
});

Deno.test("what a Codex that was killed left in the log is seen", async () => {
  using folder = new Folder();
  const path = folder.state();
  const codex = openLikeCodex(path, insertThread("in the log"));
  const killed = folder.state();
  for (const suffix of ["", "-wal"]) Deno.copyFileSync(`${path}${suffix}`, `${killed}${suffix}`);
  codex.close();
  const before = snapshotOf(folder.path);
  {
    using state = await inspectCodexState(killed);
    assertEquals([...state.threads()].map(({ id }) => id), ["in the log"]);
  }
  assertEquals(snapshotOf(folder.path), before);
});

Deno.test({
  name: "by way of a link the log is seen that lies beside the database itself",
  ignore: Deno.build.os === "windows",
  async fn() {
    using folder = new Folder();
    const path = folder.state();
    const codex = openLikeCodex(path, insertThread("in the log"));
    Deno.mkdirSync(`${folder.path}/links`);
    Deno.symlinkSync(path, `${folder.path}/links/state.sqlite`);
    {
      using state = await inspectCodexState(`${folder.path}/links/state.sqlite`);
      assertEquals([...state.threads()].map(({ id }) => id), ["in the log"]);
    }
    codex.close();
  },
});

Deno.test({
  name: "a pipe where a log may be is refused, and not waited for",
  ignore: Deno.build.os === "windows",
  async fn() {
    using folder = new Folder();
    const path = folder.state();
    await makePipe(`${path}-wal`);
    const error = await assertRejects(() => inspectCodexState(path), StoreError);
    assertEquals(error.message, `Cannot read "${path}-wal": it is no file. Remove it`);
  },
});

Deno.test("rows come with every column, integers with every digit, many of them in order", async () => {
  using folder = new Folder();
  const many = Array.from({ length: 1201 }, (_, n) => insertThread(`t${String(n).padStart(4, "0")}`)).join("\n");
  const path = folder.state(
    `BEGIN; ${many} COMMIT; UPDATE threads SET tokens_used = 9007199254740993, name = 'nul' || char(0) || '😀', is_pinned = 1 ` +
      `WHERE id = 't0700'; INSERT INTO thread_spawn_edges VALUES ('t0001', 't0002', 'closed')`,
  );
  using state = await inspectCodexState(path);
  const threads = [...state.threads()];
  assertEquals(threads.map(({ id }) => id), Array.from({ length: 1201 }, (_, n) => `t${String(n).padStart(4, "0")}`));
  const thread = threads[700];
  assertEquals([thread?.tokens_used, thread?.name, thread?.is_pinned], [9007199254740993n, "nul\0😀", 1]);
  assertEquals(state.edges(), [{ parent_thread_id: "t0001", child_thread_id: "t0002", status: "closed" }]);
});

for (
  const [name, value, says] of [
    ["title", "x'ff00'", "has a blob in its column title, which holds text"],
    ["tokens_used", "'many'", "has a text in its column tokens_used, which holds integer"],
    ["archived_at", "1.5", "has a real in its column archived_at, which holds integer"],
    ["id", "x'00'", "has a blob in its column id, which holds text"],
  ] as const
) {
  Deno.test(`a row that has ${value} for ${name} is named, with what to do`, async () => {
    using folder = new Folder();
    const path = folder.state(
      `${insertThread("a")} ${insertThread("b")} UPDATE threads SET ${name} = ${value} WHERE id = 'b'`,
    );
    using state = await inspectCodexState(path);
    const error = assertThrows(() => [...state.threads()], StoreError);
    assertStringIncludes(error.message, says);
    assertStringIncludes(error.message, "delete the row with sqlite3");
    if (name !== "id") assertStringIncludes(error.message, 'thread "b"');
  });
}

const STRANGE: readonly { what: string; sql: string; version?: 4 | 5; says: string }[] = [
  { what: "an older Codex", sql: "", version: 4, says: "older Codex than 0.169.0 (8 of 62 migrations). Start Codex" },
  {
    what: "a newer Codex",
    sql: "INSERT INTO _sqlx_migrations VALUES (63, 'what comes', 0, 1, x'00', 1)",
    says: 'newer Codex than 0.169.0, the newest that is known (migration 63, "what comes"). Update this program',
  },
  {
    what: "a missing migration",
    sql: "DELETE FROM _sqlx_migrations WHERE version = 40",
    says: "migration 40 is missing",
  },
  {
    what: "a migration that did not come to its end",
    sql: "UPDATE _sqlx_migrations SET success = 0 WHERE version = 62",
    says: "did not come to its end",
  },
  {
    what: "another migration by a known number",
    sql: "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 7",
    says: 'its migration 7, "threads first user message", is another than',
  },
  { what: "no migrations", sql: "DROP TABLE _sqlx_migrations", says: "no state database of Codex" },
  {
    what: "a table that lacks a column",
    sql: "ALTER TABLE threads RENAME COLUMN preview TO shown",
    says: 'its table "threads" lacks preview',
  },
  ...["backfill_state", "thread_spawn_edges", "thread_read_receipts"].map((table) => ({
    what: `no table ${table}`,
    sql: `DROP TABLE ${table}`,
    says: `it lacks the table "${table}"`,
  })),
];

for (const { what, sql, version = 5, says } of STRANGE) {
  Deno.test(`a database with ${what} is told apart, and not written to`, async () => {
    using folder = new Folder();
    const path = folder.state(sql, version);
    const before = snapshotOf(folder.path);
    {
      using state = await inspectCodexState(path);
      assertStringIncludes(state.refusal ?? "", says);
      assertEquals([[...state.threads()], state.thread("any")], [[], undefined]);
    }
    const error = await assertRejects(() => codexStateStore({ path }), StoreError);
    assertStringIncludes(error.message, says);
    assertEquals(snapshotOf(folder.path), before);
  });
}

Deno.test("a damaged database is told apart, and not written to", async () => {
  using folder = new Folder();
  const path = folder.state(Array.from({ length: 300 }, (_, n) => insertThread(`t${n}`)).join("\n"));
  execute(path, "PRAGMA journal_mode = DELETE");
  {
    using file = Deno.openSync(path, { write: true });
    file.seekSync(Deno.statSync(path).size - 3000, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(3000).fill(0xff));
  }
  const before = snapshotOf(folder.path);
  {
    using state = await inspectCodexState(path);
    assertStringIncludes(state.refusal ?? "", "it is damaged");
    assertEquals(state.integrity.length > 0, true);
  }
  assertStringIncludes((await assertRejects(() => codexStateStore({ path }), StoreError)).message, "it is damaged");
  assertEquals(snapshotOf(folder.path), before);
});

Deno.test("a database that is not there is not made", async () => {
  using folder = new Folder();
  const path = `${folder.path}/state_5.sqlite`;
  for (const open of [inspectCodexState, (path: string) => codexStateStore({ path })]) {
    const { message } = await assertRejects(() => open(path), StoreError);
    assertEquals(
      message.endsWith("there is no such file. Start Codex once, which makes it, or name another file"),
      true,
    );
  }
  Deno.writeTextFileSync(path, "");
  await assertRejects(() => inspectCodexState(path), StoreError, "it is not an SQLite database");
  Deno.writeTextFileSync(path, "x".repeat(5000));
  await assertRejects(() => inspectCodexState(path), StoreError, "not a database");
  await assertRejects(() => codexStateStore({ path }), StoreError, "not an SQLite database");
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["state_5.sqlite"]);
});

Deno.test("a database that this process has open is not copied: that would drop its locks", async () => {
  using folder = new Folder();
  const path = folder.state();
  {
    await using _store = await codexStateStore({ path });
    await assertRejects(() => inspectCodexState(path), StoreError, "this process has it open");
  }
  using state = await inspectCodexState(path);
  assertEquals(state.threadCount, 0);
});

Deno.test("the row of Codex's own backfill is a lease for a quarter of an hour", () => {
  const at = 1_750_000_900_500;
  const state = (status: string, updatedAt: number) => ({
    status,
    lastWatermark: null,
    lastSuccessAt: null,
    updatedAt,
  });
  assertEquals(codexLease(null, at), "idle");
  assertEquals(codexLease(state("pending", 1_750_000_900), at), "idle");
  assertEquals(codexLease(state("complete", 1_750_000_900), at), "complete");
  assertEquals(codexLease(state("running", 1_750_000_001), at), "held");
  assertEquals(codexLease(state("running", 1_750_000_000), at), "orphaned");
  assertEquals(codexLease(state("running", 1_760_000_000), at), "held");
  assertEquals(codexLease(state("paused", 1_750_000_900), at), "unknown");
});
