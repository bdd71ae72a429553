/**
 * Which state database is meant, and when that is not clear.
 */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readCodexConfig } from "../../../plugins/codex_repair/codex_config.ts";
import { findTarget, refuseRivals, type Target } from "../../../plugins/codex_repair/target.ts";
import { inspectCodexState } from "../../../plugins/store_codex_state/mod.ts";
import { StoreError } from "../../../src/errors.ts";
import { makeStateDatabase } from "../../codex_state/state_database.ts";
import { TemporaryHome, threadId } from "../../home.ts";

const thread = { id: threadId(1), rollout_path: "/somewhere", updated_at: 1_769_517_296 };

async function find(home: TemporaryHome, variable?: string, stateDb?: string): Promise<Target> {
  const env = (name: string) => name === "CODEX_SQLITE_HOME" ? variable : undefined;
  const named = stateDb === undefined ? {} : { stateDb };
  const config = await readCodexConfig(home.path, join(home.top, "nowhere"));
  return await findTarget({ codexHome: home.path, config, env, inspect: inspectCodexState, ...named });
}

Deno.test("a home without a state database says where it was looked for", async () => {
  using home = new TemporaryHome();
  const error = await assertRejects(() => find(home), StoreError);
  assertStringIncludes(error.message, `There is no state database of Codex in ${home.path} (the Codex home)`);
  assertStringIncludes(error.message, "start Codex once");
});

Deno.test("the database of an older Codex beside the one in use is listed, and in nobody's way", async () => {
  using home = new TemporaryHome();
  makeStateDatabase(join(home.path, "state_5.sqlite"), [thread]);
  makeStateDatabase(join(home.path, "state_4.sqlite"), [thread]);
  const target = await find(home);
  assertEquals(target.path, join(home.path, "state_5.sqlite"));
  assertEquals(target.candidates.map(({ path, threads, used }) => [path, threads, used]), [
    [join(home.path, "state_5.sqlite"), 1, true],
    [join(home.path, "state_4.sqlite"), 1, false],
  ]);
  refuseRivals(target);
});

Deno.test("a database that stayed in the home after sqlite_home was set is a rival", async () => {
  using home = new TemporaryHome();
  const elsewhere = join(home.top, "elsewhere");
  Deno.mkdirSync(elsewhere);
  home.write("config.toml", `sqlite_home = ${JSON.stringify(elsewhere)}\n`);
  makeStateDatabase(join(elsewhere, "state_5.sqlite"), [thread]);
  makeStateDatabase(join(home.path, "state_5.sqlite"), [thread]);
  const target = await find(home);
  assertEquals(target.path, join(elsewhere, "state_5.sqlite"));
  const { message } = assertThrows(() => refuseRivals(target), StoreError);
  assertStringIncludes(message, `${join(home.path, "state_5.sqlite")} (1 thread, by the Codex home)`);
  assertStringIncludes(message, "--state-db");
  refuseRivals(await find(home, undefined, join(home.path, "state_5.sqlite")));
});

for (const [what, config] of [["no TOML", "a = "], ["not UTF-8", new Uint8Array([0x23, 0xff])]] as const) {
  Deno.test(`where config.toml is ${what}, Codex may use another database: the one to repair is to be named`, async () => {
    using home = new TemporaryHome();
    const path = join(home.path, "state_5.sqlite");
    makeStateDatabase(path, [thread]);
    const file = join(home.path, "config.toml");
    Deno.writeFileSync(file, typeof config === "string" ? new TextEncoder().encode(config) : config);
    const target = await find(home);
    const { message } = assertThrows(() => refuseRivals(target), StoreError);
    assertStringIncludes(message, `Codex may use another state database than ${path}: ${file} is not `);
    refuseRivals(await find(home, undefined, path));
  });
}

Deno.test("an empty database is no rival; a newer generation is", async () => {
  using home = new TemporaryHome();
  const elsewhere = join(home.top, "elsewhere");
  Deno.mkdirSync(elsewhere);
  makeStateDatabase(join(elsewhere, "state_5.sqlite"), [thread]);
  makeStateDatabase(join(home.path, "state_5.sqlite"));
  const target = await find(home, elsewhere);
  assertEquals(target.candidates.map(({ threads }) => threads), [1, 0]);
  refuseRivals(target);
  makeStateDatabase(join(home.path, "state_6.sqlite"), [thread]);
  const newer = await find(home);
  assertEquals(newer.rivals.map(({ generation }) => generation), [6]);
  assertThrows(() => refuseRivals(newer), StoreError);
});

Deno.test("databases where Codex does not look are told, and none of them is taken", async () => {
  using home = new TemporaryHome();
  makeStateDatabase(join(home.path, "state_5.sqlite"), [thread]);
  const empty = join(home.top, "empty");
  const error = await assertRejects(() => find(home, empty), StoreError);
  assertStringIncludes(error.message, `There is no state_5.sqlite in ${empty} (CODEX_SQLITE_HOME)`);
  assertStringIncludes(error.message, `${join(home.path, "state_5.sqlite")} (1 thread, by the Codex home)`);
});

Deno.test("a file that is no database is listed with the reason", async () => {
  using home = new TemporaryHome();
  makeStateDatabase(join(home.path, "state_5.sqlite"), [thread]);
  home.write("state.sqlite", "these are my notes");
  const { candidates } = await find(home);
  const notes = candidates.find(({ generation }) => generation === 0);
  assertEquals([notes?.threads, notes?.used], [null, false]);
  assertStringIncludes(notes?.reason ?? "", "it is not an SQLite database");
});
