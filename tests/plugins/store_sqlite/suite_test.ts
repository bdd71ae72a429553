import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { testStore } from "../../../src/testing/mod.ts";
import { Folder, readThread, Stores, thread } from "./database.ts";

const folder = new Folder();
addEventListener("unload", () => folder[Symbol.dispose]());
const stores = new Stores();

for (const driver of ["node:sqlite", "@db/sqlite"] as const) {
  testStore<CodexThread>(`sqliteStore on ${driver}`, {
    open: () => stores.open({ path: folder.file(), driver }),
    again: (store) => stores.open({ path: stores.pathOf(store), driver }),
    row: thread,
    read: (store, key) => readThread(stores.pathOf(store), key),
    // SQLite refuses it: the column is NOT NULL.
    badRow: (id) => Object.assign(thread(id, 1), { title: null }),
  });
}
