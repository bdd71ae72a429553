import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { type SqliteDriver, sqliteStore } from "../../../plugins/store_sqlite/mod.ts";
import { LeaseHeldError, StoreError } from "../../../src/errors.ts";
import { denoRun } from "../../child.ts";
import { execute, Folder, rowsOf, thread } from "./database.ts";
import { driverWith, NODE_SQLITE } from "./drivers.ts";

const STORE = new URL("../../../plugins/store_sqlite/mod.ts", import.meta.url).href;
const owner = () => ({ host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() });

/** The driver of `node:sqlite`, with what it is told written down. */
function listening(heard: string[]): SqliteDriver {
  return driverWith(NODE_SQLITE, (db) => ({ exec: (sql) => (heard.push(sql), db.exec(sql)) }));
}

const mode = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;
const unix = { ignore: Deno.build.os === "windows" };

Deno.test({ name: "sqliteStore: what it makes is private", ...unix }, async () => {
  using folder = new Folder();
  const path = join(folder.path, "new", "folder", "threads.sqlite");
  {
    await using store = await sqliteStore({ path });
    await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
    const made = Array.from(Deno.readDirSync(dirname(path)), ({ name }) => name);
    assert(made.length >= 3, "database, log, lock file");
    assertEquals(made.map((name) => mode(join(dirname(path), name))), made.map(() => 0o600));
  }
  assertEquals(mode(dirname(path)), 0o700);
});

Deno.test({ name: "sqliteStore: what it makes by way of a link that leads nowhere is private", ...unix }, async () => {
  using folder = new Folder();
  Deno.symlinkSync("elsewhere.sqlite", folder.file("a.sqlite"));
  await (await sqliteStore({ path: folder.file("a.sqlite") }))[Symbol.asyncDispose]();
  assertEquals(folder.names().sort(), ["a.sqlite", "elsewhere.sqlite"]);
  assertEquals(mode(folder.file("elsewhere.sqlite")), 0o600);
});

Deno.test(
  { name: "sqliteStore: a link that leads elsewhere by now costs nothing of what was written", ...unix },
  async () => {
    using folder = new Folder();
    const real = folder.file("real.sqlite"), link = folder.file("link.sqlite");
    await (await sqliteStore({ path: real }))[Symbol.asyncDispose]();
    Deno.symlinkSync(real, link);
    {
      await using looks = await sqliteStore({ path: real, readonly: true });
      await using store = await sqliteStore({ path: link });
      await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
      Deno.removeSync(link);
      Deno.symlinkSync(folder.file("other.sqlite"), link);
      await store.claim({ source: "t", owner: owner(), leaseMs: 1000, at: 0 });
      await looks.states();
    }
    assertEquals(rowsOf(real, "backfill_state").map(({ source }) => source), ["s", "t"]);
  },
);

Deno.test("sqliteStore: what was written is in one file although somebody looks", async () => {
  using folder = new Folder();
  const path = folder.file("a.sqlite"), copy = folder.file("copy.sqlite");
  await (await sqliteStore({ path }))[Symbol.asyncDispose]();
  const looks = await sqliteStore({ path, readonly: true });
  {
    await using store = await sqliteStore({ path });
    await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
  }
  Deno.copyFileSync(path, copy);
  await looks[Symbol.asyncDispose]();
  assertEquals(rowsOf(copy, "backfill_state").map(({ source }) => source), ["s"]);
});

Deno.test({ name: "sqliteStore: what is no regular file is no database", ...unix }, async () => {
  for (const path of ["/dev/null", "/dev/tty"]) {
    const error = await assertRejects(() => sqliteStore({ path, driver: "node:sqlite" }), StoreError);
    assertEquals(error.message, `Cannot use the file "${path}": it is not an SQLite database. Name another file`);
  }
});

Deno.test("sqliteStore: a store that was closed leaves one file", async () => {
  using folder = new Folder();
  {
    await using store = await sqliteStore({ path: folder.file("a.sqlite") });
    const claim = await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
    assert(claim.granted);
    await store.release(claim.lease);
  }
  assertEquals(folder.names(), ["a.sqlite"]);
});

Deno.test("sqliteStore: disposing twice is fine", async () => {
  const store = await sqliteStore({ path: ":memory:" });
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

Deno.test("sqliteStore: a path that looks like a URI is a path", async () => {
  using folder = new Folder();
  await (await sqliteStore({ path: `${folder.path}/file:x?mode=memory` }))[Symbol.asyncDispose]();
  assertEquals(folder.names(), ["file:x?mode=memory"]);
});

Deno.test("sqliteStore: readonly makes and writes nothing", async () => {
  using folder = new Folder();
  const path = folder.file("a.sqlite");
  await assertRejects(() => sqliteStore({ path, readonly: true }), StoreError, "no such file");
  assertEquals(folder.names(), []);
  await (await sqliteStore({ path }))[Symbol.asyncDispose]();
  const before = Deno.readFileSync(path);
  for (const driver of ["auto", "node:sqlite"] as const) {
    await using store = await sqliteStore({ path, readonly: true, driver });
    assertEquals(await store.states(), []);
    assertEquals(folder.names(), ["a.sqlite"]);
    await assertRejects(
      async () => await store.claim({ source: "s", owner: owner(), leaseMs: 1, at: 0 }),
      StoreError,
      "may not be written",
    );
  }
  assertEquals(folder.names(), ["a.sqlite"]);
  assertEquals(Deno.readFileSync(path), before);
});

Deno.test("sqliteStore: readonly sees what a running store has committed", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using running = await sqliteStore({ path });
  await running.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
  await using reading = await sqliteStore({ path, readonly: true });
  assertEquals((await reading.states()).map(({ source, status }) => [source, status]), [["s", "running"]]);
});

Deno.test("sqliteStore: readonly wants a database that is up to date", async () => {
  using folder = new Folder();
  const empty = folder.file(), old = folder.file();
  Deno.writeTextFileSync(empty, "");
  await assertRejects(() => sqliteStore({ path: empty, readonly: true }), StoreError, "it is empty");
  await (await sqliteStore({ path: old }))[Symbol.asyncDispose]();
  execute(old, "DELETE FROM backfill_migrations WHERE number > 1");
  await assertRejects(() => sqliteStore({ path: old, readonly: true }), StoreError, "older version");
});

Deno.test("sqliteStore: a folder is no database", async () => {
  using folder = new Folder();
  await assertRejects(() => sqliteStore({ path: folder.path }), StoreError, "it is a folder");
});

Deno.test("sqliteStore: durable is a matter of synchronous", async () => {
  for (const durable of [false, true]) {
    const heard: string[] = [];
    await using _ = await sqliteStore({ path: ":memory:", durable, driver: listening(heard) });
    const all = heard.join("\n");
    assertStringIncludes(all, `synchronous = ${durable ? "FULL" : "NORMAL"}`);
    for (const pragma of ["foreign_keys = ON", "busy_timeout = ", "journal_mode = WAL"]) {
      assertStringIncludes(all, pragma);
    }
  }
});

/** The permissions that README.md tells to give. */
const README = ["--allow-read", "--allow-write", "--allow-env"];

/** Opens a store in a child process with some permissions, and commits a row. */
async function commitWith(
  folder: Folder,
  path: string,
  permissions: readonly string[],
  { options = "", meanwhile = "" } = {},
): Promise<string> {
  const module = folder.file("child.ts");
  Deno.writeTextFileSync(
    module,
    `import { sqliteStore } from ${JSON.stringify(STORE)};
     try {
       const store = await sqliteStore({ path: ${JSON.stringify(path)} ${options} });
       const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
       const claim = await store.claim({ source: "s", owner, leaseMs: 1000, at: 0 });
       if (!claim.granted) throw new Error("not granted");
       const outcome = { watermark: "w", fingerprint: "", location: "", version: "", failure: { kind: "k", reason: "r", transient: false } };
       await store.commit(claim.lease, { outcomes: [outcome], gone: [], refreshed: [], watermark: "w", at: 0 });
       ${meanwhile}
       await store.release(claim.lease);
       await store[Symbol.asyncDispose]();
       console.log("done");
     } catch (error) {
       console.log(error.name, error.message);
     }`,
  );
  const { stdout, stderr } = await denoRun(module, [], { permissions }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test(
  { name: "sqliteStore: the permissions of README.md are enough to make a database by way of links", ...unix },
  async () => {
    for (
      const [first, second] of [["elsewhere.sqlite", undefined], ["next.sqlite", "disk/elsewhere.sqlite"]] as const
    ) {
      using folder = new Folder();
      const link = folder.file("a.sqlite"), real = second ?? first;
      Deno.mkdirSync(folder.file("disk"));
      Deno.symlinkSync(first, link);
      if (second !== undefined) Deno.symlinkSync(second, folder.file(first));
      const meanwhile = `for (const { name } of Deno.readDirSync(${JSON.stringify(dirname(folder.file(real)))})) {
        if (name.endsWith(".lock")) console.log(name.replace(/[0-9a-f-]{36}/, "…"));
      }`;
      assertEquals(await commitWith(folder, link, README, { meanwhile }), "elsewhere.sqlite.….lock\ndone\n");
      assertEquals(Deno.lstatSync(link).isSymlink, true);
      assertEquals(mode(folder.file(real)), 0o600);
      assertEquals(rowsOf(folder.file(real), "ledger").map(({ watermark }) => watermark), ["w"]);
    }
  },
);

Deno.test(
  {
    name: "sqliteStore: a link is resolved from where it really lies, not from where another link to it does",
    ...unix,
  },
  async () => {
    using folder = new Folder();
    Deno.mkdirSync(folder.file("deep/er"), { recursive: true });
    Deno.symlinkSync("deep/er", folder.file("short"));
    Deno.symlinkSync("../real.sqlite", folder.file("deep/er/a.sqlite"));
    assertEquals(await commitWith(folder, folder.file("short/a.sqlite"), README), "done\n");
    assertEquals(mode(folder.file("deep/real.sqlite")), 0o600);
  },
);

Deno.test(
  { name: "sqliteStore: a folder that is a link to nothing is named, whatever the permissions", ...unix },
  async () => {
    for (const permissions of [README, ["-A"]]) {
      for (const below of ["a.sqlite", "new/a.sqlite"]) {
        using folder = new Folder();
        Deno.symlinkSync("nothere", folder.file("disk"));
        const path = join(folder.file("disk"), below);
        assertEquals(
          await commitWith(folder, path, permissions),
          `StoreError Cannot open the database "${path}": "${folder.file("disk")}" is a link that leads nowhere. ` +
            "Make what it leads to, or remove the link\n",
        );
        assertEquals(folder.names().sort(), ["child.ts", "disk"]);
      }
    }
  },
);

Deno.test("sqliteStore: permission for the database alone is enough, once its folder is there", async () => {
  using folder = new Folder();
  const path = join(folder.path, "sub", "a.sqlite");
  const permissions = [`--allow-read=${path}`, `--allow-write=${path}`];
  const refused = await commitWith(folder, path, permissions);
  assertStringIncludes(refused, "StoreError");
  assertStringIncludes(refused, "its folder does not exist");
  Deno.mkdirSync(dirname(path));
  assertEquals(await commitWith(folder, path, permissions), "done\n");
  assertEquals(rowsOf(path, "ledger").map(({ watermark }) => watermark), ["w"]);
  assertEquals(Array.from(Deno.readDirSync(dirname(path)), ({ name }) => name), ["a.sqlite"]);
});

Deno.test("sqliteStore: without permission for the database it says so", async () => {
  using folder = new Folder();
  const said = await commitWith(folder, folder.file("a.sqlite"), [`--allow-read=${folder.path}`]);
  assertStringIncludes(said, "StoreError Cannot open the database");
  assertStringIncludes(said, "--allow-write");
});

Deno.test("sqliteStore: @db/sqlite asked for by name says what it needs", async () => {
  using folder = new Folder();
  const permissions = [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`];
  const said = await commitWith(folder, folder.file("a.sqlite"), permissions, {
    options: `, driver: "@db/sqlite"`,
  });
  assertStringIncludes(said, 'StoreError Cannot load the SQLite driver "@db/sqlite"');
  assertStringIncludes(said, "--allow-ffi");
  assertEquals(folder.names(), ["child.ts"]);
});

Deno.test("sqliteStore: a lease that somebody wrote by hand is said to be held, and runs out like any other", async () => {
  using folder = new Folder();
  const path = folder.file("a.sqlite");
  await using store = await sqliteStore({ path, driver: "node:sqlite" });
  await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
  execute(path, "UPDATE backfill_state SET lease_token = '../../x', lease_started_at_ms = 1e18");
  const claim = (at: number) => store.claim({ source: "s", owner: owner(), leaseMs: 1000, at });
  const refused = await claim(500);
  assert(!refused.granted);
  assertStringIncludes(new LeaseHeldError("s", refused.holder).message, "started an unknown time");
  assertEquals((await claim(1000)).granted, true);
});

Deno.test("sqliteStore: a hostile token becomes no path", async () => {
  using folder = new Folder();
  await using store = await sqliteStore({ path: folder.file("a.sqlite") });
  for (const token of ["../../x", "", "A", "a/b", "a\0", "a".repeat(65)]) {
    await assertRejects(
      async () => await store.claim({ source: "s", owner: { ...owner(), token }, leaseMs: 1, at: 0 }),
      RangeError,
      "token",
    );
  }
  assertEquals(await store.states(), []);
  assertEquals(thread("a", 1).id, "a");
});

Deno.test(
  { name: "sqliteStore: the lock of an owner is beside the database, whatever links lead to it", ...unix },
  async () => {
    using folder = new Folder();
    Deno.mkdirSync(folder.file("real"));
    Deno.symlinkSync("real/a.sqlite", folder.file("link.sqlite"));
    await using store = await sqliteStore({ path: folder.file("link.sqlite") });
    await store.claim({ source: "s", owner: owner(), leaseMs: 1000, at: 0 });
    assertEquals(folder.names().sort(), ["link.sqlite", "real"]);
    const beside = Array.from(Deno.readDirSync(folder.file("real")), ({ name }) => name.replace(/[0-9a-f-]{36}/, "…"));
    assertEquals(beside.sort(), ["a.sqlite", "a.sqlite-shm", "a.sqlite-wal", "a.sqlite.….lock"]);
  },
);
