/**
 * Metrics sinks that throw, hang, or are none: they cost nothing but their numbers.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { TemporaryHome } from "../home.ts";
import { assertLine, assertRecovers, homeOf, reported, run } from "./harm.ts";

function sink(home: TemporaryHome, module: string): string[] {
  const path = join(home.top, "sink.ts");
  Deno.writeTextFileSync(path, module);
  return ["--metrics", path];
}

const HANG = "new Promise(() => {})";

const BAD: Readonly<Record<string, readonly [module: string, note: string]>> = {
  "throws": [
    `export default { counter() { throw new Error("no route"); }, timer() {} }`,
    "not used any more: no route",
  ],
  "throws nothing at all": [`export default { counter() { throw undefined; }, timer() {} }`, "undefined"],
  "throws what cannot be printed": [
    `export default { counter() { throw { toString() { throw 1; } }; }, timer() {} }`,
    "not used any more: an error that says nothing",
  ],
  "rejects": [
    `export default { async counter() { throw new Error("refused"); }, timer() {} }`,
    "not used any more: refused",
  ],
  "throws when it is too late to catch it": [
    `export default { counter() { setTimeout(() => { throw new Error("late"); }); }, timer() {} }`,
    "failed where nothing waits for it: late",
  ],
  "forgets a promise that rejects": [
    `export default { counter() { Promise.reject(new Error("stray")); }, timer() {} }`,
    "failed where nothing waits for it: stray",
  ],
  "throws while it flushes": [
    `export default { counter() {}, timer() {}, flush() { throw new Error("full"); } }`,
    "not used any more: full",
  ],
  "has a gauge that is none": [`export default { counter() {}, timer() {}, gauge: 5 }`, "not a function"],
  "hangs while it flushes": [
    `export default { counter() {}, timer() {}, flush: () => ${HANG} }`,
    "not used any more: what it was at, and its flush, took longer than",
  ],
  "never ends its calls": [
    `export default { counter: () => ${HANG}, timer: () => ${HANG}, gauge: () => ${HANG} }`,
    "not used any more: what it was at, and its flush, took longer than",
  ],
};

for (const [what, [module, note]] of Object.entries(BAD)) {
  Deno.test(`a sink that ${what} costs nothing but its numbers`, async () => {
    using home = homeOf(12);
    const result = await run(home, ["--batch-size", "2", ...sink(home, module)]);
    assertEquals([reported(result, 0).status, reported(result, 0).upserted], ["complete", 12]);
    assertLine(result.stderr, "the metrics sink", note);
    await assertRecovers(home);
  });
}

for (
  const [what, module, reason = "no such host"] of [
    ["throws when it is loaded", `throw new Error("no such host");`],
    ["throws when it is made", `export default () => { throw new Error("no such host"); };`],
    ["rejects when it is made", `export default () => Promise.reject(new Error("no such host"));`],
    ["is never ready", `await ${HANG}; export default { counter() {}, timer() {} };`, "it is not ready after 10 s"],
    ["throws when it is looked at", `export default { get counter() { throw new Error("no such host"); } };`],
  ] as const
) {
  Deno.test(`a sink that ${what} is wrong usage, and nothing is written`, async () => {
    using home = homeOf(1);
    const { code, stdout, stderr } = await run(home, sink(home, module));
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "cannot load the metrics module");
    assertStringIncludes(stderr, `${reason}; see backfill --help\n`);
    assertEquals(Array.from(Deno.readDirSync(home.top), ({ name }) => name).sort(), ["home", "sink.ts"]);
  });
}
