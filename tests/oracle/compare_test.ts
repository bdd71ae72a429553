/**
 * Finding where two databases differ.
 */
import { assertEquals } from "@std/assert";
import { compareRows, compareTables, describe } from "../../tools/oracle/compare.ts";
import type { Tables } from "../../tools/oracle/tables.ts";

const none: Tables = { threads: [], thread_dynamic_tools: [], thread_spawn_edges: null, backfill_state: [] };

Deno.test("equal rows differ nowhere, in whatever order", () => {
  const rows = [{ id: "a", n: 1, t: null }, { id: "b", n: 2, t: "x" }];
  assertEquals(compareRows("threads", ["id"], rows, rows.toReversed()), []);
});

Deno.test("a column that only we have does not matter", () => {
  assertEquals(compareRows("threads", ["id"], [{ id: "a" }], [{ id: "a", more: 1 }]), []);
});

Deno.test("a value, a type, a missing column and a missing or further row are differences", () => {
  const expected = [{ id: "a", n: 1, t: "x" }, { id: "b", n: 2, t: "" }];
  const actual = [{ id: "a", n: "1", t: "y" }, { id: "c", n: 2, t: "" }];
  assertEquals(compareRows("threads", ["id"], expected, actual), [
    { kind: "column", table: "threads", key: "a", column: "n", expected: 1, actual: "1" },
    { kind: "column", table: "threads", key: "a", column: "t", expected: "x", actual: "y" },
    { kind: "missing row", table: "threads", key: "b" },
    { kind: "unexpected row", table: "threads", key: "c" },
  ]);
  assertEquals(compareRows("threads", ["id"], [{ id: "a", n: null }], [{ id: "a" }]), [
    { kind: "column", table: "threads", key: "a", column: "n", expected: null, actual: undefined },
  ]);
});

Deno.test("a key of several columns names one row", () => {
  const tools = [0, 1].map((position) => ({ thread_id: "a", position, name: `n${position}` }));
  assertEquals(compareRows("thread_dynamic_tools", ["thread_id", "position"], tools, [tools[1] ?? {}]), [
    { kind: "missing row", table: "thread_dynamic_tools", key: "a/0" },
  ]);
});

Deno.test("a table that Codex does not have is not compared, one that we lack is missed", () => {
  const edge = { parent_thread_id: "p", child_thread_id: "c", status: "open" };
  assertEquals(compareTables(none, { ...none, thread_spawn_edges: [edge] }), []);
  assertEquals(compareTables({ ...none, thread_spawn_edges: [] }, none), []);
  assertEquals(compareTables({ ...none, thread_spawn_edges: [edge] }, none), [
    { kind: "missing table", table: "thread_spawn_edges" },
  ]);
});

Deno.test("the id of the state's row does not matter, its watermark does", () => {
  const state = (id: number, last_watermark: string) => ({ ...none, backfill_state: [{ id, last_watermark }] });
  assertEquals(compareTables(state(1, "a"), state(7, "a")), []);
  assertEquals(compareTables(state(1, "a"), state(1, "b")).length, 1);
});

Deno.test("a described value can do nothing to a terminal", () => {
  const text = describe({
    kind: "column",
    table: "threads",
    key: "a",
    column: "title",
    expected: "\u001b[2J\u202e",
    actual: undefined,
  });
  assertEquals(text, 'threads a title: Codex has "\\u001b[2J\\u202e", we have nothing');
});
