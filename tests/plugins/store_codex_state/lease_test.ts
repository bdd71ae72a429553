import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import { backfill } from "../../../src/backfill.ts";
import { LeaseHeldError, StoreError } from "../../../src/errors.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { CODEX_LEASE_SECONDS, type CodexStateStoreOptions } from "../../../plugins/store_codex_state/mod.ts";
import { driverWith, NODE_SQLITE } from "../store_sqlite/drivers.ts";
import { Folder, openStore, rowsOf, snapshotOf, thread } from "./database.ts";
import { fixture } from "./runs.ts";

const AT = 1_750_000_000_000;

/** SQL for the row of Codex's own backfill. */
function state(status: string, secondsAgo = 0, watermark: string | null = null): string {
  const mark = watermark === null ? "NULL" : `'${watermark}'`;
  return `UPDATE backfill_state SET status = '${status}', last_watermark = ${mark}, last_success_at = NULL, ` +
    `updated_at = ${AT / 1000 - secondsAgo}`;
}

/** Backfills some items, which are threads by their watermarks. */
async function run(options: CodexStateStoreOptions, watermarks: string[], signal = new AbortController().signal) {
  await using store = await openStore(options);
  const read: string[] = [];
  const report = await backfill<
    { watermark: string; fingerprint: string; location: string; size: number },
    CodexThread
  >({
    source: {
      id: "home",
      items: () => watermarks.map((watermark) => ({ watermark, fingerprint: "f", location: watermark, size: 1 })),
      open: () => ({ read: () => null, close: () => {} }),
    },
    extractor: {
      version: "v",
      extract: ({ watermark }) => {
        read.push(watermark);
        const row = thread(watermark, 2);
        return { key: row.id, row, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
      },
    },
    store,
    batchSize: 1,
    workers: 1,
    signal,
    now: () => AT,
  });
  return { report, read, snapshot: store.snapshot() };
}

function backfillState(path: string): unknown[] {
  const [row] = rowsOf(path, "backfill_state");
  return [row?.status, row?.last_watermark, row?.updated_at];
}

for (const compat of [undefined, "0.169.0"] as const) {
  Deno.test(`a Codex that is backfilling is left alone (${compat ?? "default"})`, async () => {
    using folder = new Folder();
    const path = folder.state(state("running", CODEX_LEASE_SECONDS - 1));
    const before = snapshotOf(folder.path);
    const error = await assertRejects(
      () => run({ path, clearsOrphan: true, ...(compat ? { compat } : {}) }, ["a"]),
      LeaseHeldError,
    );
    assertStringIncludes(
      error.message,
      "Codex itself, which does not record its process, last heard of 2025-06-15T14:51:41",
    );
    assertEquals(snapshotOf(folder.path), before);
  });

  Deno.test(`a state that is not known is left alone (${compat ?? "default"})`, async () => {
    using folder = new Folder();
    const path = folder.state(state("paused"));
    const before = snapshotOf(folder.path);
    const options = { path, clearsOrphan: true, ...(compat ? { compat } : {}) };
    await assertRejects(() => run(options, ["a"]), StoreError, '"paused", which is not known');
    assertEquals(snapshotOf(folder.path), before);
  });
}

Deno.test("the lease of a Codex that was killed is explained, and cleared only when told to", async () => {
  using folder = new Folder();
  const path = folder.state(state("running", CODEX_LEASE_SECONDS, "b"));
  const before = snapshotOf(folder.path);
  await assertRejects(() => run({ path }, ["a"]), StoreError, "Codex began to backfill it and was killed");
  assertEquals(snapshotOf(folder.path), before);
  const { read, snapshot } = await run({ path, clearsOrphan: true }, ["a", "c"]);
  // What lies below the watermark was passed, which does not mean that it has rows.
  assertEquals(read, ["a", "c"]);
  assertEquals(backfillState(path), ["complete", "c", AT / 1000]);
  assert(snapshot);
});

Deno.test("a claim says that it took over from a Codex that was killed", async () => {
  using folder = new Folder();
  const path = folder.state(state("running", CODEX_LEASE_SECONDS));
  await using store = await openStore({ path, clearsOrphan: true });
  const claim = await fixture(store).claim();
  assertEquals(claim.granted && claim.takenFrom?.heartbeatAt, AT - CODEX_LEASE_SECONDS * 1000);
});

Deno.test("like Codex 0.169.0 a run takes a dead lease over, and goes on after the watermark", async () => {
  using folder = new Folder();
  const path = folder.state(state("running", CODEX_LEASE_SECONDS, "b"));
  const { read } = await run({ path, compat: "0.169.0" }, ["a", "b", "c", "d"]);
  assertEquals(read, ["c", "d"]);
  assertEquals(backfillState(path), ["complete", "d", AT / 1000]);
});

Deno.test("a run that is stopped blocks no Codex that starts then", async () => {
  for (const compat of [undefined, "0.169.0"] as const) {
    using folder = new Folder();
    const path = folder.state(state("pending"));
    const stop = new AbortController();
    const options = { path, ...(compat ? { compat } : {}) };
    stop.abort();
    const { report } = await run(options, ["a", "b"], stop.signal);
    assertEquals(report.status, "interrupted");
    assertEquals(folder.others().filter((name) => !name.endsWith(".snapshot")), []);
    assertEquals(rowsOf(path, "backfill_state")[0]?.status, "pending");
    await run(options, ["a", "b"]);
    assertEquals(backfillState(path), ["complete", "b", AT / 1000]);
  }
});

Deno.test("while a run lasts, Codex's own state is running only like Codex 0.169.0", async () => {
  using folder = new Folder();
  for (const [compat, status] of [[undefined, "pending"], ["0.169.0", "running"]] as const) {
    const path = folder.state(state("pending", 5000));
    await using store = await openStore({ path, ...(compat ? { compat } : {}) });
    const owner = { host: "", pid: 1, startedAt: AT, token: crypto.randomUUID() };
    const claim = await store.claim({ source: "home", owner, leaseMs: 1000, at: AT });
    assert("granted" in claim && claim.granted);
    assertEquals(rowsOf(path, "backfill_state")[0]?.status, status);
    await store.heartbeat(claim.lease, AT + 7000);
    assertEquals(rowsOf(path, "backfill_state")[0]?.updated_at, compat ? AT / 1000 + 7 : AT / 1000 - 5000);
    await store.release(claim.lease);
  }
});

Deno.test("a run that was killed like Codex 0.169.0 is taken over without waiting for the lease it left in Codex's row", async () => {
  using folder = new Folder();
  const path = folder.state(state("pending"));
  {
    await using store = await openStore({ path, compat: "0.169.0" });
    const owner = { host: "", pid: 1, startedAt: AT, token: crypto.randomUUID() };
    await store.claim({ source: "home", owner, leaseMs: 1000, at: AT });
    // It is closed without giving the lease back, as by a kill.
  }
  assertEquals(backfillState(path), ["running", null, AT / 1000]);
  const { read } = await run({ path, compat: "0.169.0" }, ["a"]);
  assertEquals(read, ["a"]);
  assertEquals(backfillState(path), ["complete", "a", AT / 1000]);
});

Deno.test("a claim like Codex 0.169.0's that fails leaves no Codex waiting", async () => {
  using folder = new Folder();
  const path = folder.state(state("pending"));
  const driver = driverWith(NODE_SQLITE, (db) => ({
    prepare: (sql) => {
      if (sql.includes("max(updated_at_ms)")) throw new Error("the disk is gone");
      return db.prepare(sql);
    },
  }));
  await using store = await openStore({ path, compat: "0.169.0", driver });
  const owner = { host: "", pid: 1, startedAt: AT, token: crypto.randomUUID() };
  await assertRejects(
    async () => await store.claim({ source: "home", owner, leaseMs: 1000, at: AT }),
    StoreError,
    "disk is gone",
  );
  assertEquals(rowsOf(path, "backfill_state")[0]?.status, "pending");
  assertEquals(folder.others().filter((name) => name.includes("lease")), []);
});

Deno.test("a complete backfill of Codex's is no end", async () => {
  using folder = new Folder();
  const path = folder.state(state("complete", 0, "z"));
  const { read } = await run({ path }, ["a", "zz"]);
  assertEquals(read, ["a", "zz"]);
  assertEquals(backfillState(path), ["complete", "zz", AT / 1000]);
});

Deno.test("a lease file that makes no sense is no lease", async () => {
  using folder = new Folder();
  const path = folder.state();
  for (const text of ["", "{", "null", '{"source":1}', '{"source":"home","fence":1,"watermark":null,"holder":{}}']) {
    Deno.writeTextFileSync(`${path}.backfill-lease`, text);
    assertEquals((await run({ path }, ["a"])).report.status, "complete");
  }
  assertEquals(folder.others().filter((name) => !name.endsWith(".snapshot")), []);
});

Deno.test({
  name: "the lease, its lock and the snapshot are beside the database, whatever links lead to it",
  ignore: Deno.build.os === "windows",
  async fn() {
    using folder = new Folder();
    const path = folder.state();
    const link = `${Deno.makeTempDirSync()}/state.sqlite`;
    Deno.symlinkSync(path, link);
    await using store = await openStore({ path: link });
    const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
    const claim = await store.claim({ source: "home", owner, leaseMs: 1000, at: AT });
    assert(claim.granted);
    const row = thread("a", 1);
    const extraction = { key: "a", row, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
    await store.commit(claim.lease, {
      outcomes: [{ watermark: "a", fingerprint: "f", location: "a", version: "v", extraction }],
      gone: [],
      refreshed: [],
      watermark: "a",
      at: AT,
    });
    assertStringIncludes(store.howToRestore() ?? "", `remove "${path}-wal"`);
    const names = folder.others().map((name) => name.replace(/\d{8}T\d{6}Z|[0-9a-f-]{36}/, "…"));
    const base = path.slice(folder.path.length + 1);
    const beside = ["-shm", "-wal", ".….lock", ".….snapshot", ".backfill-lease"];
    assertEquals(names.sort(), beside.map((end) => base + end).sort());
    assertEquals(Array.from(Deno.readDirSync(dirname(link))).length, 1);
    Deno.removeSync(dirname(link), { recursive: true });
  },
});

Deno.test({
  name: "a link that somebody put where the lease is written is not followed",
  ignore: Deno.build.os === "windows",
  async fn() {
    using folder = new Folder();
    const path = folder.state(), other = `${folder.path}/other`;
    Deno.writeTextFileSync(other, "somebody's");
    Deno.symlinkSync(other, `${path}.backfill-lease.partial`);
    await run({ path }, ["a"]);
    assertEquals(Deno.readTextFileSync(other), "somebody's");
  },
});
