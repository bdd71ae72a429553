/**
 * Makes the scanner's module again after its source changed.
 *
 *     deno task build:scanner
 */
import { compileScanner, MODULE } from "./compile.ts";

Deno.writeTextFileSync(MODULE, await compileScanner());
