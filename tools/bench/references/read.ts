/**
 * The read floor: walks a home, opens every file and reads every byte of it, with the buffer that the extractor uses, and does
 * nothing else. Prints how many files there were.
 *
 * @module
 */
import { files } from "./files.ts";

const buffer = new Uint8Array(256 << 10);
let count = 0;
for (const path of files(Deno.args[0] ?? ".")) {
  using file = Deno.openSync(path);
  while (file.readSync(buffer) !== null);
  count++;
}
console.log(count);
