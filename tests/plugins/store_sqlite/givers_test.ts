/**
 * Which item a row is said to be given by, and that it is none where no item that is about its thread can be read.
 */
import { assertEquals } from "@std/assert";
import type { Lease } from "../../../src/store.ts";
import { execute, Folder, opened, rowsOf, thread } from "./database.ts";
import { NODE_SQLITE } from "./drivers.ts";

function giversOf(path: string): unknown[] {
  return rowsOf(path, "threads").map(({ id, ledger_id, extractor_version }) => [id, ledger_id, extractor_version]);
}

/** Gives a row by one item, and then by another, so that a copy of the first is kept. */
async function giveTwice(t: Awaited<ReturnType<typeof opened>>): Promise<Lease> {
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("a", "id", { n: 1 }), t.done("b", "id", { n: 2 })] });
  return lease;
}

Deno.test("sqliteStore: a row whose item is about another thread now is given by none", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await t.lease();
  await t.commit(lease, { outcomes: [t.done("a", "id", { n: 1 })] });
  await t.commit(lease, { outcomes: [t.done("a", "other", { n: 2, fingerprint: "f2" })] });
  assertEquals(giversOf(path), [["id", null, null], ["other", 1, "v1"]]);
});

Deno.test("sqliteStore: a row whose item went is given by none where the copy that is to give it is damaged", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await giveTwice(t);
  execute(path, "UPDATE copies SET row = '{'");
  await t.commit(lease, { gone: ["b"] });
  assertEquals(giversOf(path), [["id", null, null]]);
  assertEquals(await t.read("id"), thread("id", 2));
});

Deno.test("sqliteStore: where the copy that is to give a row is damaged, an item of the same batch gives it, and what the one that went held stays", async () => {
  using folder = new Folder();
  const path = folder.file();
  await using t = await opened(path, NODE_SQLITE);
  const lease = await giveTwice(t);
  execute(path, "UPDATE copies SET row = '{'");
  await t.commit(lease, { gone: ["b"], outcomes: [t.done("c", "id", { n: 3 })] });
  assertEquals(giversOf(path), [["id", 3, "v1"]]);
  assertEquals(rowsOf(path, "copies").map(({ ledger_id }) => ledger_id), [2]);
});
