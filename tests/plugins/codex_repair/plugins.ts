/**
 * Plugins of a repair that are made up: a home and a database of which a test says what is in them, at any time.
 */
import { basename } from "@std/path";
import type { RepairPlugins, StateRow, StateStore, StateView } from "../../../plugins/codex_repair/contract.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import type { RolloutItem } from "../../../plugins/rollout_item.ts";
import { memoryStore } from "../../../plugins/store_memory.ts";

/** A home and its database, neither of which need to be there. */
export const TARGET = {
  codexHome: "/home",
  path: "/state",
  candidates: [],
  rivals: [],
  configProblem: null,
  isGuessed: false,
};

/** A rollout, modified so late that no file there counts as grown since. */
export function itemAt(watermark: string, location: string): RolloutItem {
  const name = basename(watermark);
  return { watermark, name, fingerprint: "1", location, size: 1, modifiedMs: 8e12, archived: false };
}

/** What stands in the database whenever it is asked. */
export function viewOf(threads: () => readonly StateRow[]): StateView {
  return {
    refusal: null,
    backfill: null,
    get threadCount() {
      return threads().length;
    },
    threads,
    thread: () => undefined,
    edges: () => [],
    [Symbol.dispose]: () => {},
  };
}

/** What the database is written by: into memory. */
export function storeWith(differing: Pick<StateStore, "changes"> & Partial<StateStore>): StateStore {
  return Object.assign(memoryStore<CodexThread>(), {
    snapshot: () => undefined,
    howToRestore: () => undefined,
    prune: () => Promise.resolve(0),
    ...differing,
  });
}

/** What a test says of its plugins. */
interface MadeUp extends Pick<RepairPlugins, "inspect" | "merge"> {
  /** Lists the rollouts. */
  readonly items: RepairPlugins["source"]["items"];
  /** What a rollout holds when it is read. */
  readonly read: (item: RolloutItem) => CodexThread;
  /** What the database is written by. */
  readonly store: StateStore;
}

/** The plugins. */
export function madeUp({ items, read, store, inspect, merge }: MadeUp): RepairPlugins {
  return {
    source: {
      id: "home",
      items,
      open: () => {
        throw new Error("nothing is opened");
      },
    },
    extractor: {
      version: "1",
      extract: (item) => {
        const row = read(item);
        return { key: row.id, row, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 1 };
      },
    },
    mergesEveryFile: false,
    inspect,
    lease: () => "complete",
    leaseSeconds: 900,
    merge,
    open: () => Promise.resolve(store),
  };
}
