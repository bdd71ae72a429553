import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { testStore } from "../../../src/testing/mod.ts";
import { Folder, readThread, Stores, thread } from "./database.ts";
import { DRIVERS, NOT_LOADED } from "./drivers.ts";

const folder = new Folder();
addEventListener("unload", () => folder[Symbol.dispose]());
const stores = new Stores();

for (const driver of DRIVERS) {
  testStore<CodexThread>(`sqliteStore on ${driver.name}`, {
    open: () => stores.open({ path: folder.file(), driver }),
    again: (store) => stores.open({ path: stores.pathOf(store), driver }),
    row: thread,
    read: (store, key) => readThread(stores.pathOf(store), key, driver),
    // SQLite refuses it: the column is NOT NULL.
    badRow: (id) => Object.assign(thread(id, 1), { title: null }),
  });
}

if (NOT_LOADED) Deno.test.ignore(`sqliteStore on @db/sqlite: ${NOT_LOADED}`, () => {});
