/**
 * Under `--compat 0.169.0` the default store holds what Codex 0.169.0 wrote, column by column, and so does a database of Codex's own
 * that the store for it wrote.
 */
import { readCases } from "./case.ts";
import { codexState } from "./codex_state.ts";
import { defaultStore } from "./default_store.ts";
import { playCase } from "./play.ts";

for (const one of readCases()) {
  playCase("0.169.0", one, defaultStore("0.169.0"));
  playCase("0.169.0", one, codexState);
}
