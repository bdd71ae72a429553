/**
 * The page on guarantees names tests that exist.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** A link from a sentence to the test that backs it. */
const BACKED = /\[([^\]]+)\]\(\.\.\/(tests\/[\w/]+_test\.ts)\)/g;

/** The name of a test as it is written: a text, or a template. */
const NAMED =
  /(?:\b(?:Deno\.test|\w*[tT]est)\(|\bname:)\s*(?:\{\s*name:\s*)?(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

function page(): string {
  return Deno.readTextFileSync(join(ROOT, "docs", "guarantees.md"));
}

/** Says whether a file has a test of that name; what a template leaves open may be anything. */
function hasTest(path: string, name: string): boolean {
  const code = Deno.readTextFileSync(join(ROOT, path));
  return [...code.matchAll(NAMED)].some(([, text, template]) => {
    if (text !== undefined) return text.replaceAll('\\"', '"') === name;
    const literal = (template ?? "").split(/\$\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${literal.join(".+")}$`, "s").test(name);
  });
}

Deno.test("every test that the page on guarantees names exists", () => {
  const links = [...page().matchAll(BACKED)].filter(([, name]) => name !== "`guarantees_test.ts`");
  assert(links.length > 40, `${links.length} tests named`);
  const missing = links.flatMap(([, text = "", path = ""]) => {
    const name = text.replace(/\s+/g, " ");
    return hasTest(path, name) ? [] : [`${path}: ${name}`];
  });
  assertEquals(missing, []);
});

Deno.test("every row of the page on guarantees names a test", () => {
  const rows = page().split("\n").filter((line) => line.startsWith("| ") && !/^\| (promise|trouble|-)/.test(line));
  assert(rows.length > 40, `${rows.length} rows`);
  assertEquals(rows.filter((row) => [...row.matchAll(BACKED)].length === 0), []);
});

Deno.test("a test that does not exist is noticed", () => {
  assertEquals(hasTest("tests/crash/crash_test.ts", "two workers at once make the rows that one makes"), true);
  assertEquals(hasTest("tests/crash/crash_test.ts", "three workers at once make the rows that one makes"), false);
  assertEquals(hasTest("tests/faults/signals_test.ts", "SIGTERM at any moment costs nothing"), true);
  assertEquals(hasTest("tests/faults/signals_test.ts", "SIGTERM at any moment costs a little"), false);
});

Deno.test("the README leads to the guarantees and to SECURITY.md", () => {
  const readme = Deno.readTextFileSync(join(ROOT, "README.md"));
  for (const path of ["docs/guarantees.md", "SECURITY.md"]) assert(readme.includes(`(${path})`), path);
});
