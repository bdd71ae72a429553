/**
 * The extractor gives what the reference gives that parses every line: the same row in every column, however the bytes are
 * cut into pieces; and with `strict` the same counts.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import type { ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { readCases } from "../../conformance/case.ts";
import { actual, bytesOf, comparable, itemOf } from "./actual.ts";
import { reference } from "./reference.ts";
import { damaged, rolloutBytes } from "./rollouts.ts";

const PROFILE_NAMES: readonly ProfileName[] = ["default", "0.99.0", "0.169.0"];

const profiles = fc.constantFrom(...PROFILE_NAMES);

async function assertLikeReference(bytes: Uint8Array<ArrayBuffer>, profile: ProfileName, size: number): Promise<void> {
  const expected = reference(itemOf(bytes), bytes, profile);
  const piece = () => size;
  assertEquals(await actual(bytes, { profile, strict: true, piece }), expected);
  assertEquals(comparable(await actual(bytes, { profile, piece })), comparable(expected));
}

/** Every rollout that the real Codex was asked about, by name. */
function* recorded(): Generator<[name: string, bytes: Uint8Array<ArrayBuffer>]> {
  const forks = new URL("./forks/", import.meta.url);
  for (const { name } of Deno.readDirSync(forks)) yield [name, Deno.readFileSync(new URL(name, forks))];
  for (const { name, files } of readCases()) {
    for (const [path, contents] of Object.entries(files)) {
      const bytes = typeof contents === "string"
        ? bytesOf(contents)
        : Uint8Array.from(atob(contents.base64), (unit) => unit.charCodeAt(0));
      if (path.endsWith(".jsonl")) yield [`${name}: ${path}`, bytes];
    }
  }
}

Deno.test("the rollouts that the real Codex was asked about", async () => {
  let rollouts = 0;
  for (const [, bytes] of recorded()) {
    rollouts++;
    for (const profile of PROFILE_NAMES) {
      for (const size of [1, 61, Infinity]) await assertLikeReference(bytes, profile, size);
    }
  }
  assert(rollouts > 300);
});

Deno.test("rollouts that chance makes", () =>
  fc.assert(
    fc.asyncProperty(rolloutBytes, profiles, fc.constantFrom(1, 100, 5000, Infinity), assertLikeReference),
    { numRuns: 400 },
  ));

Deno.test("rollouts with damaged bytes: a damaged line that no column needs is not seen, everything else is", () =>
  fc.assert(
    fc.asyncProperty(damaged(rolloutBytes), profiles, async (bytes, profile) => {
      const expected = reference(itemOf(bytes), bytes, profile);
      assertEquals(await actual(bytes, { profile, strict: true }), expected);
      assertEquals(comparable(await actual(bytes, { profile })), comparable(expected));
    }),
    { numRuns: 400 },
  ));

Deno.test("a piece may end anywhere", async () => {
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, bytes] of recorded()) {
    // One of each case that is about lines that a column depends on.
    if (/^02[0-9]|^03[0-4]/.test(name) && bytes.length < 6000) texts.set(name.slice(0, 3), bytes);
  }
  assert(texts.size > 8);
  for (const bytes of texts.values()) {
    const expected = comparable(reference(itemOf(bytes), bytes, "default"));
    for (let cut = 1; cut < bytes.length; cut++) {
      const sizes = [cut];
      const piece = () => sizes.pop() ?? Infinity;
      assertEquals(comparable(await actual(bytes, { piece })), expected);
    }
  }
});
