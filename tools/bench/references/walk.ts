/**
 * The walk: looks at every file of a home, and opens none. Prints how many there were.
 *
 * @module
 */
import { files } from "./files.ts";

let count = 0, bytes = 0;
for (const path of files(Deno.args[0] ?? ".")) {
  bytes += Deno.lstatSync(path).size;
  count++;
}
// Printed, so that nothing of it can be left out.
console.log(count, bytes);
