/**
 * Commands that a reader can paste: for the home and the database at hand, whatever their names.
 *
 * @module
 */
import type { Target } from "./target.ts";

/** What a shell takes as it is. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * A command about a home and its database.
 *
 * @param target The home and the database.
 * @param words The command, and flags that take no value.
 */
export function commandFor({ codexHome, path, candidates, compat }: Target, ...words: readonly string[]): string {
  // A database that was not looked for was named.
  const database = candidates.length === 0 ? ["--state-db", quoted(path)] : [];
  const alike = compat === undefined ? [] : ["--compat", compat];
  return ["backfill", ...words, "--codex-home", quoted(codexHome), ...database, ...alike].join(" ");
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
