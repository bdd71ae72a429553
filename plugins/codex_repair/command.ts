/**
 * Commands that a reader can paste: for the home and the database at hand, whatever their names.
 *
 * @module
 */
import { printable } from "../../src/cli/printable.ts";
import type { Target } from "./target.ts";

/** What a shell takes as it is; that of Windows takes backslashes too. */
const PLAIN = Deno.build.os === "windows" ? /^[\w@+=:,./\\-]+$/ : /^[\w@%+=:,./-]+$/;

/**
 * A command about a home and its database.
 *
 * @param target The home and the database.
 * @param words The command, and flags that take no value.
 */
export function commandFor(
  { codexHome, path, candidates, rivals, compat, defaultProvider }: Target,
  ...words: readonly string[]
): string {
  // A database that was not looked for was named; where others may be meant, it has to be.
  const database = candidates.length === 0 || rivals.length > 0 ? ["--state-db", quoted(path)] : [];
  const alike = compat === undefined ? [] : ["--compat", compat];
  // Its value may begin with a dash; the others are absolute paths.
  const provider = defaultProvider === undefined ? [] : [`--default-provider=${quoted(defaultProvider)}`];
  return ["backfill", ...words, "--codex-home", quoted(codexHome), ...database, ...alike, ...provider].join(" ");
}

/** The flag that allows reading a file or folder. */
export function allowRead(path: string): string {
  return `--allow-read=${quoted(path)}`;
}

function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  // Printed as it is, it would not be the word any more: a shell takes it apart as it is escaped here.
  if (printable(word) !== word && Deno.build.os !== "windows") return `$'${Array.from(word, escaped).join("")}'`;
  return Deno.build.os === "windows" ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A character between `$'` and `'`. Unlike JSON, a shell has one escape for one beyond U+FFFF. */
function escaped(character: string): string {
  if (character === "'" || character === "\\") return `\\${character}`;
  const plain = printable(character), point = character.codePointAt(0) ?? 0;
  return plain === character || point <= 0xffff ? plain : `\\U${point.toString(16).padStart(8, "0")}`;
}
