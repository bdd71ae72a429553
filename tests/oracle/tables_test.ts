/**
 * Reading a state database.
 */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { readTables } from "../../tools/oracle/tables.ts";

Deno.test("rows come in order, with the home's path, big integers and absent tables spelled", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/state.sqlite`;
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE threads (id TEXT, rollout_path TEXT, tokens_used INTEGER, title TEXT);
      INSERT INTO threads VALUES
        ('c', '/h/x', 1, ''), ('b', '/home/x', 9007199254740993, NULL), ('a', '/home/y', -5, 'in /home/z');
      CREATE TABLE backfill_state (id INTEGER, status TEXT, last_watermark TEXT, updated_at INTEGER);
      INSERT INTO backfill_state VALUES (1, 'complete', NULL, 123);
    `);
    database.close();
    assertEquals(readTables(path, "/home", new Set(["c"])), {
      threads: [
        { id: "a", rollout_path: "$HOME_DIR/y", tokens_used: -5, title: "in $HOME_DIR/z" },
        { id: "b", rollout_path: "$HOME_DIR/x", tokens_used: "int:9007199254740993", title: null },
      ],
      thread_dynamic_tools: null,
      thread_spawn_edges: null,
      backfill_state: [{ id: 1, status: "complete", last_watermark: null }],
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
