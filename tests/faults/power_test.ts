/**
 * Power that fails: what was written last is missing from the database's log. No test can cut the power; this one takes away what
 * a disk may not have kept.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findDriver } from "../../plugins/sqlite/find_driver.ts";
import { denoRun, MOD } from "../child.ts";
import { assertRecovers, homeOf } from "./harm.ts";
import { faultTest, withoutSignals } from "./machine.ts";

const BATCH = 3;

/** Dies at once when some batches are committed. */
const DIES = `let batches = 0;
  export default {
    counter(name) { if (name === "rollout.backfill.bytes_read" && ++batches === 7) Deno.kill(Deno.pid, "SIGKILL"); },
    timer() {},
  };`;

/** How many rollouts the ledger of a database has. */
async function done(db: string): Promise<number> {
  const connection = (await findDriver("node:sqlite")).open(db, { readonly: false });
  try {
    assertEquals(connection.prepare("PRAGMA integrity_check").get(), { integrity_check: "ok" });
    const table = connection.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'threads'").get()?.n;
    return table === 0 ? 0 : Number(connection.prepare("SELECT count(*) AS n FROM ledger").get()?.n);
  } finally {
    connection.close();
  }
}

faultTest(
  "what a log lost at its end is lost in whole batches, and made again by the next run",
  withoutSignals(),
  async () => {
    using home = homeOf(30);
    const data = join(home.top, "data"), sink = join(home.top, "dies.ts");
    Deno.mkdirSync(data);
    Deno.writeTextFileSync(sink, DIES);
    const flags = ["--batch-size", String(BATCH), "--metrics", sink];
    const args = ["--codex-home", home.path, "--db", join(data, "a.sqlite"), "--quiet", ...flags];
    assertEquals((await denoRun(MOD, args).output()).signal, "SIGKILL");
    const log = Deno.readFileSync(join(data, "a.sqlite-wal"));

    const found = new Set<number>();
    for (const part of [0, 0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 1]) {
      // Cut off, or with a hole where a later part reached the disk before an earlier one.
      const at = Math.floor(log.length * part), hole = log.slice().fill(0, at, at + 5000);
      for (const kept of [log.subarray(0, at), hole]) {
        const folder = Deno.makeTempDirSync({ dir: home.top }), db = join(folder, "a.sqlite");
        for (const { name } of Deno.readDirSync(data)) Deno.copyFileSync(join(data, name), join(folder, name));
        Deno.removeSync(`${db}-shm`);
        Deno.writeFileSync(`${db}-wal`, kept);
        const count = await done(db);
        assertEquals(count % BATCH, 0, `${count} rollouts after ${kept.length} of ${log.length} bytes`);
        found.add(count);
        await assertRecovers(home, { db });
        Deno.removeSync(join(home.top, "fresh.sqlite"));
      }
    }
    assert(found.size > 3, [...found].join());
  },
);
