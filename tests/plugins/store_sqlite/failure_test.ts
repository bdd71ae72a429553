/**
 * What goes wrong while a store is written to: with the disk, the database, one row, or one copy.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type SqliteDriver, sqliteStore } from "../../../plugins/store_sqlite/mod.ts";
import { StoreError } from "../../../src/errors.ts";
import { execute, Folder, opened, rowsOf, thread } from "./database.ts";
import { DRIVERS, driverWith, NODE_SQLITE } from "./drivers.ts";

/** A driver that does not wait for other processes, and runs some SQL once it is asked to. */
function impatient(real: SqliteDriver, also: { sql: string } = { sql: "" }): SqliteDriver {
  return driverWith(real, (db) => ({
    exec: (sql) => {
      if (also.sql) db.exec(also.sql);
      also.sql = "";
      db.exec(sql.replace(/busy_timeout = \d+/, "busy_timeout = 1"));
    },
  }));
}

const KEYS = ["id", "other"];

for (const driver of DRIVERS) {
  Deno.test(`sqliteStore on ${driver.name}: a full disk changes nothing, and what was committed stands`, async () => {
    using folder = new Folder();
    const also = { sql: "" };
    await using t = await opened(folder.file(), impatient(driver, also));
    const lease = await t.lease();
    await t.commit(lease, { outcomes: [t.done("w", "id", { n: 1 })] });
    const before = await t.everything(KEYS);
    also.sql = "PRAGMA max_page_count = 1";
    const many = Array.from(
      { length: 100 },
      (_, n) => t.done(`x${n}`, `other ${n}`, { n, snapshot: "s".repeat(1000) }),
    );
    const error = await assertRejects(
      () => t.commit(lease, { outcomes: [t.done("w", "id", { n: 2 }), ...many] }),
      StoreError,
    );
    assertStringIncludes(error.message, "the disk is full");
    assertEquals(await t.everything(KEYS), before);
    also.sql = "PRAGMA max_page_count = 1000000";
    assertEquals((await t.commit(lease, { outcomes: many })).upserted, 100);
  });

  Deno.test(`sqliteStore on ${driver.name}: a database that another process writes to is an error that says so`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, impatient(driver));
    const lease = await t.lease();
    const other = driver.open(path, { readonly: false });
    other.exec("BEGIN IMMEDIATE");
    const error = await assertRejects(() => t.commit(lease, { outcomes: [t.done("w", "id")] }), StoreError);
    assertStringIncludes(error.message, "another process is writing to it");
    other.close();
    assertEquals((await t.commit(lease, { outcomes: [t.done("w", "id")] })).upserted, 1);
  });

  Deno.test(`sqliteStore on ${driver.name}: a damaged database is an error that says so`, async () => {
    using folder = new Folder();
    const path = folder.file();
    {
      await using t = await opened(path, driver);
      const lease = await t.lease();
      await t.commit(lease, { outcomes: Array.from({ length: 300 }, (_, n) => t.done(`w${n}`, `id${n}`, { n })) });
    }
    using file = Deno.openSync(path, { read: true, write: true });
    // All but the first page, in which the tables are listed.
    file.seekSync(4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(file.statSync().size - 4096).fill(0xa5));
    const error = await assertRejects(async () => {
      await using store = await sqliteStore({ path, driver });
      await Array.fromAsync(store.ledger("source"));
    }, StoreError);
    assertStringIncludes(error.message, "damaged");
  });

  Deno.test(`sqliteStore on ${driver.name}: every row that SQLite refuses is a failure of its own`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, driver);
    const lease = await t.lease();
    execute(
      path,
      "CREATE TRIGGER picky BEFORE INSERT ON thread_dynamic_tools WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ABORT, 'no constraint failed'); END",
      driver,
    );
    const tools = (...names: string[]) => ({
      thread_id: "x",
      tools: names.map((name) => ({ name, description: "", input_schema: "{}" })),
    });
    const outcomes = [
      t.extracted("a", "ka", { ...thread("ka", 0), dynamic_tools: tools("good") }),
      t.extracted("b", "kb", { ...thread("kb", 0), dynamic_tools: tools("good", "bad") }),
      t.extracted("c", "kc", Object.assign(thread("kc", 0), { cwd: undefined })),
      t.extracted("d", "kd", Object.assign(thread("kd", 0), { tokens_used: "many" })),
      t.extracted("e", "ke", Object.assign(thread("ke", 0), { source: null })),
      t.extracted("f", "kf", { ...thread("kf", 0), dynamic_tools: tools("good") }),
    ];
    const { upserted, refused } = await t.commit(lease, { outcomes });
    assertEquals(upserted, 2);
    assertEquals(refused.map(({ watermark }) => watermark), ["b", "c", "d", "e"]);
    const reasons = refused.map(({ failure }) => failure.reason);
    for (
      const [at, part] of ["constraint", '"cwd" is undefined', '"tokens_used" is string', "threads.source"].entries()
    ) {
      assertStringIncludes(reasons[at] ?? "", part);
    }
    assertEquals(rowsOf(path, "threads", driver).map(({ id }) => id), ["ka", "kf"]);
    assertEquals(rowsOf(path, "thread_dynamic_tools", driver).map(({ thread_id }) => thread_id), ["ka", "kf"]);
    assertEquals(rowsOf(path, "ledger_snapshots", driver), []);
    assertEquals(rowsOf(path, "ledger", driver).map(({ watermark, outcome }) => `${watermark} ${outcome}`), [
      "a done",
      "b failed",
      "c failed",
      "d failed",
      "e failed",
      "f done",
    ]);
  });

  Deno.test(`sqliteStore on ${driver.name}: a refused row leaves what other items give as it was, and what its item gave to one that can be read`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, driver);
    const lease = await t.lease();
    await t.commit(lease, { outcomes: [t.done("a", "id", { n: 1 }), t.done("b", "id", { n: 2 })] });
    const bad = Object.assign(thread("id", 3), { title: null });
    const outcomes = [t.extracted("b", "other", bad), t.done("c", "other", { n: 4 }), t.extracted("d", "id", bad)];
    assertEquals((await t.commit(lease, { outcomes })).refused.length, 2);
    assertEquals(await t.read("id"), thread("id", 1));
    assertEquals(await t.read("other"), thread("other", 4));
    assert((await t.store.states()).every(({ copies }) => copies === 1));
  });
}

Deno.test("sqliteStore: a row that is refused costs no copy of a row that another item of its batch takes over", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("a", "id", { n: 1, rank: "1" })] });
  const refused = t.extracted("c", "bad", Object.assign(thread("bad", 3), { title: null }));
  await t.commit(lease, { outcomes: [t.done("b", "id", { n: 2, rank: "2" }), refused] });
  assertEquals(await t.read("id"), thread("id", 2));
  await t.commit(lease, { gone: ["b"] });
  assertEquals(await t.read("id"), thread("id", 1));
});

Deno.test("sqliteStore: a failure to write tools names its stage", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await t.lease();
  execute(path, "DROP TABLE thread_dynamic_tools");
  const error = await assertRejects(() => t.commit(lease, { outcomes: [t.done("w", "id", { n: 1 })] }), StoreError);
  assertEquals(error.stage, "backfill_dynamic_tools");
});

Deno.test("sqliteStore: a copy that is damaged costs no run in which its item was moved, and is read again once it is needed", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("a", "id", { n: 1 }), t.done("b", "id", { n: 2 })] });
  execute(path, "UPDATE copies SET row = '{'");
  const refreshed = ["a", "b"].map((watermark) => ({
    watermark,
    fingerprint: "moved",
    location: `/moved/${watermark}`,
  }));
  await t.commit(lease, { refreshed });
  assertEquals((await t.read("id"))?.rollout_path, "/moved/b");
  await t.commit(lease, { gone: ["b"] });
  const versions = [];
  for await (const { watermark, version } of t.store.ledger("source")) versions.push([watermark, version === ""]);
  assertEquals(versions, [["a", true], ["b", false]]);
});
