/**
 * A database that is damaged.
 */
import { assertEquals } from "@std/assert";
import { runCli } from "../child.ts";
import { rolloutText, type TemporaryHome, threadId } from "../home.ts";
import { execute, rowsOf } from "../plugins/store_sqlite/database.ts";
import { assertRecovers, assertRefused, homeOf, reported, run } from "./harm.ts";

/** How SQLite lays out a file unless told otherwise. */
const PAGE = 4096;

/** Writes over a part of a file. */
function overwrite(path: string, from: number, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(from, Deno.SeekMode.Start);
  file.writeSync(bytes);
}

const DAMAGES: Readonly<Record<string, (db: string) => void>> = {
  "whose pages were overwritten": (db) => {
    const size = Deno.statSync(db).size;
    overwrite(db, PAGE, new Uint8Array(size - PAGE).fill(0xa5));
  },
  "whose list of tables was overwritten": (db) => overwrite(db, 100, new Uint8Array(PAGE - 100).fill(0xa5)),
  "that lost its second half": (db) => Deno.truncateSync(db, Math.floor(Deno.statSync(db).size / PAGE / 2) * PAGE),
};

async function damagedHome(damage: (db: string) => void): Promise<TemporaryHome> {
  const home = homeOf(300);
  reported(await run(home), 0);
  damage(home.db);
  home.rollout(300);
  return home;
}

for (const [what, damage] of Object.entries(DAMAGES)) {
  Deno.test(`a database ${what} is said to be damaged, and left as it is`, async () => {
    using home = await damagedHome(damage);
    const before = Deno.readFileSync(home.db);
    assertRefused(await run(home), home.db, "the database is damaged", "Move it away and run again");
    assertRefused(await runCli(["status", "--db", home.db]), home.db, "the database is damaged");
    assertEquals(Deno.readFileSync(home.db), before);
    // What the message says to do.
    Deno.renameSync(home.db, `${home.db}.damaged`);
    assertEquals(reported(await run(home), 0).upserted, 301);
    await assertRecovers(home);
  });
}

Deno.test("an empty file becomes a database", async () => {
  using home = homeOf(3);
  Deno.writeTextFileSync(home.db, "");
  await assertRecovers(home);
});

const DAMAGED_COPIES: Readonly<Record<string, string>> = {
  "an object without members": "row = '{}'",
  "no JSON": "row = '{'",
  "text in the place of a number": "row = json_set(row, '$.created_at', 'x')",
  "a number in the place of text": "row = json_set(row, '$.title', 5)",
  "nothing where something must be": "row = json_set(row, '$.source', NULL)",
};

for (const [what, change] of Object.entries(DAMAGED_COPIES)) {
  Deno.test(`a copy that is ${what} costs no run: its rollout is read again`, async () => {
    using home = homeOf(3);
    const id = threadId(1);
    home.write(`sessions/2026/01/28/rollout-2026-01-28T00-00-00-${id}.jsonl`, rolloutText(id, "message 1"));
    const { copies } = reported(await run(home), 0);
    assertEquals(copies, 1);
    const given = rowsOf(home.db, "threads").find((row) => row.id === id)?.rollout_path;
    execute(home.db, `UPDATE copies SET ${change}`);
    Deno.removeSync(String(given));
    home.rollout(3);
    assertEquals(reported(await run(home), 0).upserted, 1);
    assertEquals(reported(await run(home), 0).upserted, 1);
    await assertRecovers(home, { changed: true });
  });
}
