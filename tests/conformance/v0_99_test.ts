/**
 * Under `--compat 0.99.0` the store holds what Codex 0.99.0 wrote, column by column.
 */
import { readCases } from "./case.ts";
import { defaultStore } from "./default_store.ts";
import { playCase } from "./play.ts";

for (const one of readCases()) playCase("0.99.0", one, defaultStore("0.99.0"));
