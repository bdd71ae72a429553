import { assert, assertEquals } from "@std/assert";
import { sqliteStore } from "../../../plugins/store_sqlite/mod.ts";
import type { Store } from "../../../src/store.ts";
import { denoRun } from "../../child.ts";
import { Folder } from "./database.ts";

const STORE = new URL("../../../plugins/store_sqlite/mod.ts", import.meta.url).href;
const HOUR = 3_600_000;

function claim(store: Store, host = "here", source = "s") {
  const owner = { host, pid: 1, startedAt: 0, token: crypto.randomUUID() };
  return store.claim({ source, owner, leaseMs: HOUR, at: Date.now() });
}

/** A process that holds the lease for an hour. */
async function holder(folder: Folder, path: string, host = "here"): Promise<Deno.ChildProcess> {
  const module = folder.file("holder.ts");
  Deno.writeTextFileSync(
    module,
    `import { sqliteStore } from ${JSON.stringify(STORE)};
     const store = await sqliteStore({ path: ${JSON.stringify(path)}, driver: "node:sqlite" });
     const owner = { host: ${JSON.stringify(host)}, pid: Deno.pid, startedAt: 0, token: crypto.randomUUID() };
     const { granted } = await store.claim({ source: "s", owner, leaseMs: ${HOUR}, at: Date.now() });
     console.log(granted ? "granted" : "refused");
     setInterval(() => {}, 1000);`,
  );
  const child = denoRun(module, []).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assertEquals(new TextDecoder().decode(value), "granted\n");
  await reader.cancel();
  await child.stderr.cancel();
  return child;
}

async function kill(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

Deno.test("sqliteStore: the lease of a process that lives is refused, of one that was killed taken over at once", async () => {
  using folder = new Folder();
  const path = folder.file("a.sqlite");
  const child = await holder(folder, path);
  await using store = await sqliteStore({ path, driver: "node:sqlite" });
  const locks = () => folder.names().filter((name) => name.endsWith(".lock"));
  const [lock] = locks();
  try {
    const refused = await claim(store);
    assert(!refused.granted);
    assertEquals([refused.holder.pid, lock], [child.pid, `a.sqlite.${refused.holder.token}.lock`]);
    assertEquals(locks(), [lock], "a refused claim leaves no lock file");
  } finally {
    await kill(child);
  }
  const granted = await claim(store);
  assert(granted.granted);
  assertEquals(granted.takenFrom?.pid, child.pid);
  assertEquals(locks(), [`a.sqlite.${granted.lease.token}.lock`]);
  await store.release(granted.lease);
  assertEquals(locks(), []);
});

Deno.test("sqliteStore: the lease of a process that was killed is taken over at once, whatever other source was claimed before", async () => {
  using folder = new Folder();
  const path = folder.file();
  await kill(await holder(folder, path));
  await using store = await sqliteStore({ path, driver: "node:sqlite" });
  assert((await claim(store, "here", "another")).granted);
  assert((await claim(store)).granted);
});

Deno.test("sqliteStore: the lease of a process on another machine waits until it runs out", async () => {
  using folder = new Folder();
  const path = folder.file();
  await kill(await holder(folder, path, "there"));
  await using store = await sqliteStore({ path });
  assert(!(await claim(store)).granted);
  // Without a name it may be this one.
  assert((await claim(store, "")).granted);
});

Deno.test("sqliteStore: without a lock file a lease waits until it runs out", async () => {
  using folder = new Folder();
  const path = folder.file();
  await kill(await holder(folder, path));
  for (const name of folder.names()) if (name.endsWith(".lock")) Deno.removeSync(`${folder.path}/${name}`);
  await using store = await sqliteStore({ path });
  assert(!(await claim(store)).granted);
});

Deno.test("sqliteStore: where files cannot be locked a lease waits until it runs out, and no lock file is left", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using first = await sqliteStore({ path });
  const { prototype } = Deno.FsFile, { tryLockSync } = prototype;
  try {
    prototype.tryLockSync = () => {
      throw new Deno.errors.NotSupported("no locks here");
    };
    assert((await claim(first)).granted);
  } finally {
    prototype.tryLockSync = tryLockSync;
  }
  assertEquals(folder.names().filter((name) => name.endsWith(".lock")), []);
  await using second = await sqliteStore({ path });
  assert(!(await claim(second)).granted);
});

Deno.test("sqliteStore: a store that was closed without giving its lease back counts as dead", async () => {
  using folder = new Folder();
  const path = folder.file();
  const first = await sqliteStore({ path });
  assert((await claim(first)).granted);
  await using second = await sqliteStore({ path });
  assert(!(await claim(second)).granted);
  await first[Symbol.asyncDispose]();
  assert((await claim(second)).granted);
});

Deno.test("sqliteStore: a database in memory makes no lock file", async () => {
  await using store = await sqliteStore({ path: ":memory:" });
  assert((await claim(store)).granted);
  assertEquals(Array.from(Deno.readDirSync("."), ({ name }) => name).filter((name) => name.endsWith(".lock")), []);
});

Deno.test("sqliteStore: a claim removes the lock files that killed processes left, and no other", async () => {
  using folder = new Folder();
  const path = folder.file("a.sqlite");
  await using store = await sqliteStore({ path, driver: "node:sqlite" });
  // Killed between taking its lock and committing it: nothing in the database names it.
  Deno.writeTextFileSync(`${path}.${crypto.randomUUID()}.lock`, "");
  Deno.writeTextFileSync(`${path}.notes.lock`, "not a lock of ours");
  const held = `${path}.${crypto.randomUUID()}.lock`;
  using other = Deno.openSync(held, { createNew: true, read: true, write: true });
  other.lockSync(true);
  const granted = await claim(store);
  assert(granted.granted);
  const ours = `a.sqlite.${granted.lease.token}.lock`;
  const locks = folder.names().filter((name) => name.endsWith(".lock"));
  assertEquals(locks, ["a.sqlite.notes.lock", ours, held.slice(folder.path.length + 1)].sort());
});
