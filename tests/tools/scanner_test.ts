import { assertEquals } from "@std/assert";
import { compileScanner, MODULE } from "../../tools/scanner/compile.ts";

Deno.test("the scanner's module is what its source compiles to", async () => {
  assertEquals(Deno.readTextFileSync(MODULE), await compileScanner(), "run deno task build:scanner");
});
