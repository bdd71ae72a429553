/**
 * What a user deletes by hand, so that it is read again or forgotten: entries of the ledger, sources, rows.
 */
import { assertEquals } from "@std/assert";
import { execute, Folder, opened, rowsOf, thread } from "./database.ts";
import { DRIVERS } from "./drivers.ts";

for (const driver of DRIVERS) {
  for (const keys of ["ON", "OFF"]) {
    const foreign = `foreign keys ${keys.toLowerCase()}`;

    Deno.test(`sqliteStore on ${driver.name}: items whose entries were deleted give their rows again (${foreign})`, async () => {
      using folder = new Folder();
      const path = folder.file();
      await using t = await opened(path, driver);
      await t.commit(await t.lease("before"), {
        outcomes: ["a", "c", "d"].map((name, n) => t.done(name, `key ${name}`, { n, rank: "1" })),
      });
      await t.commit(await t.lease("other"), { outcomes: [t.done("x", "key d", { n: 10 })] });
      execute(path, `PRAGMA foreign_keys = ${keys}; DELETE FROM ledger WHERE watermark IN ('c', 'd', 'x')`, driver);
      t.now += t.leaseMs;
      const lease = await t.lease("before");
      for (const [n, name] of ["b", "c", "d"].entries()) {
        const { refused } = await t.commit(lease, { outcomes: [t.done(name, `key ${name}`, { n: 20 + n })] });
        assertEquals(refused, []);
        assertEquals(await t.read(`key ${name}`), thread(`key ${name}`, 20 + n));
      }
      assertEquals(await t.read("key a"), thread("key a", 0));
      assertEquals(await t.store.copies?.(), []);
      assertEquals((await t.store.states()).map(({ copies }) => copies), [0, 0]);
    });

    Deno.test(`sqliteStore on ${driver.name}: no item gets an id by which one is named whose entry was deleted (${foreign})`, async () => {
      using folder = new Folder();
      const path = folder.file();
      await using t = await opened(path, driver);
      const before = await t.lease("before");
      await t.commit(before, { outcomes: ["a", "b", "c"].map((name) => t.done(name, name === "a" ? "one" : "two")) });
      const ids = rowsOf(path, "ledger", driver).map(({ id }) => Number(id));
      execute(path, `PRAGMA foreign_keys = ${keys}; DELETE FROM backfill_state; DELETE FROM ledger`, driver);
      await t.commit(await t.lease("after"), { outcomes: ["d", "e"].map((name) => t.done(name, `key ${name}`)) });
      const givers = rowsOf(path, "threads", driver).flatMap(({ id, ledger_id }) =>
        String(id).startsWith("key") ? [Number(ledger_id)] : []
      );
      assertEquals(givers, [1, 2].map((n) => Math.max(...ids) + n));
    });
  }

  Deno.test(`sqliteStore on ${driver.name}: no item goes on where one ended whose entry and row were deleted`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, driver);
    await t.commit(await t.lease(), { outcomes: [t.done("a", "one", { snapshot: "of a" })] });
    execute(path, "PRAGMA foreign_keys = OFF; DELETE FROM ledger; DELETE FROM threads", driver);
    t.now += t.leaseMs;
    await t.commit(await t.lease(), { outcomes: [t.done("b", "two")] });
    assertEquals([...await t.store.snapshots("source", ["a", "b"])], []);
  });

  Deno.test(`sqliteStore on ${driver.name}: a row that was deleted comes back without the tools and the edge of before`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, driver);
    const lease = await t.lease();
    for (const n of [1, 2, 5]) {
      execute(path, "PRAGMA foreign_keys = OFF; DELETE FROM threads", driver);
      await t.commit(lease, { outcomes: [t.done("a", "one", { n })] });
      assertEquals(await t.read("one"), thread("one", n));
    }
    execute(path, "PRAGMA foreign_keys = OFF; DELETE FROM threads; DELETE FROM ledger", driver);
    t.now += t.leaseMs;
    await t.commit(await t.lease(), { outcomes: [t.done("b", "one", { n: 4 })] });
    assertEquals(await t.read("one"), thread("one", 4));
  });

  Deno.test(`sqliteStore on ${driver.name}: an entry that is about another thread gives no row of the one that names it`, async () => {
    using folder = new Folder();
    const path = folder.file();
    await using t = await opened(path, driver);
    const lease = await t.lease();
    await t.commit(lease, { outcomes: [t.done("a", "one", { n: 1, rank: "9" }), t.done("b", "two", { n: 2 })] });
    // As databases are in which ids were given again.
    execute(path, "UPDATE threads SET ledger_id = (SELECT id FROM ledger WHERE watermark = 'a')", driver);
    execute(path, "INSERT INTO copies SELECT id, 'two', 'v1', '{}' FROM ledger WHERE watermark = 'a'", driver);
    await t.commit(lease, { outcomes: [t.done("b", "two", { n: 3 })] });
    assertEquals(await t.read("two"), thread("two", 3));
    await t.commit(lease, { outcomes: [t.done("c", "one", { n: 4, rank: "99" })] });
    assertEquals(await t.read("one"), thread("one", 4));
    await t.commit(lease, { gone: ["c"] });
    assertEquals(await t.read("one"), thread("one", 1));
  });
}
