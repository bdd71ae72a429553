/**
 * The command with a lease of less than a second, for tests that wait for its end.
 */
import { backfillCodex, sqliteStore } from "../../mod.ts";
import { main } from "../../src/cli/main.ts";

Deno.exit(
  await main(Deno.args, {
    compatVersions: [],
    run: ({ compat: _, ...request }) => backfillCodex({ ...request, leaseMs: 400 }),
    openExisting: (db) => sqliteStore({ path: db, readonly: true }),
    stateCompatVersions: [],
    stateCommands: () => Promise.reject(new Error("there are none here")),
    metrics: {},
  }),
);
