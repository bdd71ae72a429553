/**
 * What a commit asks of SQLite: new items are recorded several by one statement, and the ledger says the same as if each had been
 * committed by itself.
 */
import { assertEquals } from "@std/assert";
import type { SqliteDriver } from "../../../plugins/store_sqlite/mod.ts";
import { Folder, opened, readThread, rowsOf, thread } from "./database.ts";
import { DRIVERS, driverWith } from "./drivers.ts";

/** A driver that counts how often a statement that begins like this is run. */
function counting(real: SqliteDriver, count: { runs: number }, what: string): SqliteDriver {
  return driverWith(real, (db) => ({
    prepare: (sql) => {
      const statement = db.prepare(sql);
      if (!sql.startsWith(what)) return statement;
      const run = (...values: Parameters<typeof statement.run>) => (count.runs++, statement.run(...values));
      return { ...statement, run };
    },
  }));
}

for (const real of DRIVERS) {
  Deno.test(`sqliteStore on ${real.name}: new items are recorded eight by one statement, known ones one by one`, async () => {
    using folder = new Folder();
    const count = { runs: 0 };
    await using t = await opened(folder.file(), counting(real, count, "INSERT INTO ledger "));
    const lease = await t.lease();
    const outcomes = Array.from({ length: 27 }, (_, n) => t.done(`w${n}`, `id ${n}`, { n }));
    await t.commit(lease, { outcomes });
    assertEquals(count.runs, 3 + 3);
    await t.commit(lease, { outcomes });
    assertEquals(count.runs, 3 + 3 + 27);
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
    const path = folder.file(), count = { runs: 0 };
    await using t = await opened(path, counting(real, count, "INSERT OR IGNORE INTO thread_dynamic_tools"));
    const lease = await t.lease();
    const commit = async (n: number) => {
      await t.commit(lease, { outcomes: [t.done("a", "key", { n, fingerprint: `f${n}` })] });
      assertEquals(readThread(path, "key", real)?.dynamic_tools, thread("key", n).dynamic_tools);
      return count.runs;
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
