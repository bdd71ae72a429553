/**
 * Finds the lines in a stretch of memory and tells from its first and last bytes what kind each is of.
 *
 * This is AssemblyScript: `deno task build:scanner` makes WebAssembly of it. `plugins/extractor_codex/scanner/plain_scanner.ts` does
 * the same in TypeScript and says what is looked for.
 */
import { kindOfLine, OTHER, PARSE, TOO_LONG } from "./classify";
import { find } from "./find";
import { ENTRIES, LAST_PASSED, NEXT, PASSED } from "./memory";

export { endsWell, kindOfHead } from "./classify";
export { find } from "./find";
export { hash } from "./hash";
export { shorten } from "./shorten";
export { checkUtf8 } from "./utf8";
export { addWord } from "./words";

/**
 * Finds the lines between `start` and `end` and writes those that matter to the table of entries.
 *
 * @param search Where the first line break may be.
 * @param limit Entries after which it returns.
 * @param longest Longer lines are too long.
 * @param all Whether every line matters.
 */
export function scan(start: usize, search: usize, end: usize, limit: u32, longest: usize, all: bool): u32 {
  let line = start, at = search, last: usize = 0;
  let entries: u32 = 0, passed: u32 = 0;
  while (entries < limit) {
    const lineBreak = find(at, end);
    if (lineBreak >= end) break;
    if (lineBreak > line) {
      const kind = lineBreak - line > longest ? TOO_LONG : all ? PARSE : kindOfLine(line, lineBreak);
      if (kind == OTHER) {
        passed++;
        last = line;
      } else {
        const entry = ENTRIES + (<usize> entries << 4);
        store<u32>(entry, kind);
        store<u32>(entry, <u32> line, 4);
        store<u32>(entry, <u32> lineBreak, 8);
        store<u32>(entry, <u32> last, 12);
        entries++;
        last = 0;
      }
    }
    line = lineBreak + 1;
    at = line;
  }
  store<u32>(NEXT, <u32> line);
  store<u32>(LAST_PASSED, <u32> last);
  store<u32>(PASSED, passed);
  return entries;
}
