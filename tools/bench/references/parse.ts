/**
 * The obvious way: parses every line of every file of a home, and stores nothing. Prints how many files had a line that could be
 * parsed.
 *
 * @module
 */
import { files } from "./files.ts";

let count = 0;
for (const path of files(Deno.args[0] ?? ".")) {
  let parsed = 0;
  for (const line of Deno.readTextFileSync(path).split("\n")) {
    if (line === "") continue;
    try {
      JSON.parse(line);
      parsed++;
    } catch {
      // A line that nobody can read.
    }
  }
  if (parsed > 0) count++;
}
console.log(count);
