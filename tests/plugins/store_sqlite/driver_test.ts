import { assertEquals, assertThrows } from "@std/assert";
import type { SqlValue } from "../../../plugins/sqlite/driver.ts";
import { isAboutRow } from "../../../plugins/sqlite/sqlite_error.ts";
import { Folder } from "./database.ts";
import { DRIVERS } from "./drivers.ts";

for (const driver of DRIVERS) {
  const name = `the driver ${driver.name}`;

  Deno.test(`${name} gives back every value as it was bound`, () => {
    const db = driver.open(":memory:", { readonly: false });
    const echo = db.prepare("SELECT ? AS value, typeof(?1) AS type");
    const cases: readonly [bound: SqlValue, read: SqlValue, type: string][] = [
      [null, null, "null"],
      ["", "", "text"],
      ["😀 é", "😀 é", "text"],
      ["\ud800", "\ufffd", "text"],
      ["[1]", "[1]", "text"],
      [0, 0, "integer"],
      [-0, 0, "integer"],
      [2 ** 31, 2 ** 31, "integer"],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "integer"],
      [2 ** 62, 2n ** 62n, "integer"],
      [5n, 5, "integer"],
      [2n ** 63n - 1n, 2n ** 63n - 1n, "integer"],
      [-(2n ** 63n), -(2n ** 63n), "integer"],
      [1.5, 1.5, "real"],
      [NaN, null, "null"],
    ];
    for (const [value, read, type] of cases) assertEquals(echo.get(value), { value: read, type });
    for (const [value, read, type] of cases) assertEquals(echo.all(value), [{ value: read, type }]);
    assertEquals(db.prepare("SELECT json('[1]') AS value").get(), { value: "[1]" });
    db.close();
  });

  Deno.test(`${name} keeps text with a NUL whole, and gives it back by way of JSON`, () => {
    const db = driver.open(":memory:", { readonly: false });
    const row = db.prepare("SELECT json_array(?) AS json, length(CAST(?1 AS BLOB)) AS bytes").get("a\0b");
    assertEquals(row, { json: '["a\\u0000b"]', bytes: 3 });
    db.close();
  });

  Deno.test(`${name} refuses what SQLite cannot hold, as an error about the row`, () => {
    const db = driver.open(":memory:", { readonly: false });
    const echo = db.prepare("SELECT ? AS value");
    const impossible: readonly unknown[] = [2 ** 63, 1e300, 2n ** 63n, -(2n ** 63n) - 1n, undefined, true, {}, [1]];
    for (const value of [...impossible, new Date(0), new Uint8Array(1), Symbol("x")]) {
      const error = assertThrows(() => echo.get(value as SqlValue), Error, "Cannot bind");
      assertEquals(isAboutRow(error), true);
    }
    assertThrows(() => db.prepare("SELECT x'00' AS value").get(), TypeError, "Cannot read a column");
    db.close();
  });

  Deno.test(`${name} goes on after an error`, () => {
    const db = driver.open(":memory:", { readonly: false });
    db.exec("CREATE TABLE t (a TEXT NOT NULL CHECK (a <> 'bad'))");
    const insert = db.prepare("INSERT INTO t VALUES (?)"), count = db.prepare("SELECT count(*) AS n FROM t");
    for (const value of [null, "bad"]) {
      assertEquals(isAboutRow(assertThrows(() => insert.run(value), Error, "constraint failed")), true);
    }
    insert.run("good");
    const one = count.get();
    insert.run("good");
    assertEquals([one, count.get()], [{ n: 1 }, { n: 2 }], "a row is the caller's, not the statement's");
    db.close();
  });

  Deno.test(`${name} may be closed twice, and is an error to use after that`, () => {
    const db = driver.open(":memory:", { readonly: false });
    const statement = db.prepare("SELECT 1 AS value");
    db.close();
    db.close();
    for (
      const use of [
        () => statement.get(),
        () => statement.all(),
        () => statement.run(),
        () => db.exec("SELECT 1"),
        () => db.prepare("SELECT 1"),
      ]
    ) {
      assertThrows(use, Error);
    }
  });

  Deno.test(`${name} takes no name for a URI, and makes nothing where it only reads`, () => {
    using folder = new Folder();
    const before = Deno.cwd();
    Deno.chdir(folder.path);
    try {
      const db = driver.open("file:a.sqlite?mode=memory", { readonly: false });
      db.exec("CREATE TABLE t (a)");
      db.close();
      assertThrows(() => driver.open("missing.sqlite", { readonly: true }), Error, "unable to open database file");
    } finally {
      Deno.chdir(before);
    }
    assertEquals(folder.names(), ["file:a.sqlite?mode=memory"]);
  });
}
