/**
 * What a commit asks of SQLite: new items are recorded several by one statement, and the ledger says the same as if each had been
 * committed by itself.
 */
import { assertEquals } from "@std/assert";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { type SqliteDriver, sqliteStore } from "../../../plugins/store_sqlite/mod.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
import { Folder, readThread, rowsOf, thread } from "./database.ts";
import { DRIVERS } from "./drivers.ts";

/** A driver that counts how often a statement that begins like this is run. */
function counting(real: SqliteDriver, count: { ledger: number }, what = "INSERT INTO ledger "): SqliteDriver {
  return {
    name: real.name,
    open(path, options) {
      const db = real.open(path, options);
      const prepare = (sql: string) => {
        const statement = db.prepare(sql);
        if (!sql.startsWith(what)) return statement;
        return {
          ...statement,
          run: (...values: Parameters<typeof statement.run>) => (count.ledger++, statement.run(...values)),
        };
      };
      return { ...db, prepare };
    },
  };
}

async function opened(path: string, driver: SqliteDriver): Promise<StoreFixture<CodexThread>> {
  const store = await sqliteStore({ path, driver });
  return new StoreFixture({ open: () => store, row: thread, read: (_, key) => readThread(path, key, driver) }, store);
}

for (const real of DRIVERS) {
  Deno.test(`sqliteStore on ${real.name}: new items are recorded eight by one statement, known ones one by one`, async () => {
    using folder = new Folder();
    const count = { ledger: 0 };
    await using t = await opened(folder.file(), counting(real, count));
    const lease = await t.lease();
    const outcomes = Array.from({ length: 27 }, (_, n) => t.done(`w${n}`, `id ${n}`, { n }));
    await t.commit(lease, { outcomes });
    assertEquals(count.ledger, 3 + 3);
    await t.commit(lease, { outcomes });
    assertEquals(count.ledger, 3 + 3 + 27);
  });

  Deno.test(`sqliteStore on ${real.name}: what is committed together is recorded as if it had come one by one`, async () => {
    using folder = new Folder();
    const tables: unknown[] = [];
    for (const together of [true, false]) {
      const path = folder.file();
      await using t = await opened(path, real);
      const lease = await t.lease();
      const outcomes = Array.from(
        { length: 41 },
        (_, n) =>
          n % 7 === 3
            ? t.failed(`w${n}`)
            : t.done(`w${n}`, `id ${n % 30}`, { n, ...(n % 5 === 0 ? { snapshot: `snapshot ${n}` } : {}) }),
      );
      // Some are known, one comes twice.
      await t.commit(lease, { outcomes: outcomes.slice(10, 14) });
      const batch = [...outcomes, t.done("w20", "id 5", { n: 99 })];
      if (together) await t.commit(lease, { outcomes: batch });
      else for (const outcome of batch) await t.commit(lease, { outcomes: [outcome] });
      tables.push(["ledger", "ledger_snapshots", "threads", "copies"].map((table) => rowsOf(path, table, real)));
    }
    assertEquals(tables[0], tables[1]);
  });

  Deno.test(`sqliteStore on ${real.name}: tools are written only where they changed`, async () => {
    using folder = new Folder();
    const path = folder.file(), count = { ledger: 0 };
    await using t = await opened(path, counting(real, count, "INSERT OR IGNORE INTO thread_dynamic_tools"));
    const lease = await t.lease();
    const commit = async (n: number) => {
      await t.commit(lease, { outcomes: [t.done("a", "key", { n, fingerprint: `f${n}` })] });
      assertEquals(readThread(path, "key", real)?.dynamic_tools, thread("key", n).dynamic_tools);
      return count.ledger;
    };
    assertEquals([await commit(5), await commit(5), await commit(11), await commit(10), await commit(5)], [
      3,
      3,
      6,
      6,
      9,
    ]);
  });
}
