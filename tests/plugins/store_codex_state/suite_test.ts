import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { testStore } from "../../../src/testing/mod.ts";
import { DRIVERS } from "../store_sqlite/drivers.ts";
import { Folder, readThread, Stores, thread } from "./database.ts";

const folder = new Folder();
addEventListener("unload", () => folder[Symbol.dispose]());
const stores = new Stores();

for (const driver of DRIVERS) {
  testStore<CodexThread>(`codexStateStore on ${driver.name}`, {
    open: () => stores.open({ path: folder.state("DELETE FROM backfill_state"), driver }),
    again: (store) => stores.open({ path: stores.pathOf(store), driver }),
    row: thread,
    read: (store, key) => readThread(stores.pathOf(store), key, driver),
    badRow: (id) => Object.assign(thread(id, 1), { title: null }),
    // Codex's tables have no place for more.
    keeps: { ledger: false, copies: false, sources: false },
    resolutionMs: 1000,
  });
}
