/**
 * The command line of the oracle.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "../../tools/oracle/options.ts";

Deno.test("flags are understood", () => {
  assertEquals(parseOptions([]), {
    quick: false,
    writers: [],
    home: undefined,
    provider: "openai",
    mutate: 0,
    seed: 1,
    shrink: false,
    keep: undefined,
  });
  const options = parseOptions([
    "--home",
    "/h",
    "--default-provider",
    "p",
    "--mutate",
    "20",
    "--seed",
    "7",
    "--shrink",
  ]);
  assertEquals([options?.home, options?.provider, options?.mutate, options?.seed, options?.shrink], [
    "/h",
    "p",
    20,
    7,
    true,
  ]);
  assertEquals(parseOptions(["--help"]), undefined);
});

Deno.test("what is no flag or no number is refused", () => {
  for (const args of [["--what"], ["--mutate", "many"], ["--seed", "-1"], ["--seed", "1e3"], ["--home"], ["extra"]]) {
    assertThrows(() => parseOptions(args), UsageError);
  }
});
