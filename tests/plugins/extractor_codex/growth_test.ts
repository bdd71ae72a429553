/**
 * A rollout that grew gives what reading it whole gives, and costs what it grew by; one that was rewritten, replaced or cut is
 * read whole.
 */
import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import type { ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { actual, bytesOf, comparable, extract, itemOf } from "./actual.ts";
import { reference } from "./reference.ts";
import { damaged, rolloutBytes, rolloutLines } from "./rollouts.ts";
import * as written from "./written_lines.ts";

const line = (type: string, payload: unknown): string => `${written.line(type, payload)}\n`;

const META = `${written.META}\n`;

const answer = (text: string): string => `${written.answer(text)}\n`;

/** So many bytes that a snapshot is worth it. */
const HISTORY = META + answer("x".repeat(270_000)) + answer("y".repeat(9_000));

const join = (...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> => {
  const all = parts.map((part) => typeof part === "string" ? bytesOf(part) : part);
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** What a rollout may be next. */
const change = fc.oneof(
  { weight: 6, arbitrary: rolloutBytes.map((more) => (bytes: Uint8Array) => join(bytes, more)) },
  { weight: 1, arbitrary: damaged(rolloutBytes).map((more) => (bytes: Uint8Array) => join(bytes, "\n", more)) },
  {
    weight: 1,
    arbitrary: fc.nat().map((at) => (bytes: Uint8Array) => join(bytes.subarray(0, at % (bytes.length + 1)))),
  },
  { weight: 1, arbitrary: rolloutLines.map((lines) => () => join(HISTORY, lines.join("\n"))) },
  { weight: 1, arbitrary: fc.constant(() => join(META, answer("z".repeat(200_000)))) },
);

Deno.test("whatever happens to a rollout, a snapshot of it changes nothing", async () => {
  const profiles = fc.constantFrom<ProfileName>("default", "0.99.0", "0.169.0");
  const starts = fc.oneof(rolloutBytes, fc.constant(bytesOf(META))).map((bytes) => join(bytes, "\n", HISTORY));
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(
      starts,
      fc.array(change, { maxLength: 5 }),
      profiles,
      fc.boolean(),
      async (first, changes, profile, strict) => {
        let bytes = first, snapshot: string | undefined;
        for (const next of [(bytes: Uint8Array<ArrayBuffer>) => bytes, ...changes]) {
          bytes = next(bytes);
          const expected = reference(itemOf(bytes), bytes, profile);
          const found = await actual(bytes, { profile, strict, snapshot });
          assertEquals(strict ? found : comparable(found), strict ? expected : comparable(expected));
          const before = snapshot;
          snapshot = "failure" in found ? undefined : (await extract(bytes, { profile, strict, snapshot })).snapshot;
          if (before !== undefined && snapshot !== undefined) resumed++;
        }
      },
    ),
    { numRuns: 150 },
  );
  assert(resumed > 100);
});

Deno.test("every cut of a rollout is a place to go on from", async () => {
  const more = line("event_msg", { type: "user_message", message: "hello" }) + answer("é") + '{"cut';
  const whole = join(HISTORY, more);
  const expected = comparable(reference(itemOf(whole), whole, "default"));
  for (let size = bytesOf(HISTORY).length; size <= whole.length; size++) {
    const { snapshot } = await extract(whole.subarray(0, size));
    assert(snapshot !== undefined);
    assertEquals(comparable(await actual(whole, { snapshot })), expected);
  }
});

Deno.test("a line more costs the line and the guards", async () => {
  const before = join(HISTORY, answer("x".repeat(5 << 20)));
  const { snapshot } = await extract(before);
  assert(snapshot !== undefined);
  assertLess(snapshot.length, 2000);
  const added = line("event_msg", { type: "user_message", message: "hello" });
  const { row, counted, bytesRead, records } = await extract(join(before, added), { snapshot });
  assertEquals([row.title, records], ["hello", 5]);
  assertEquals([counted, bytesRead], [4096 + 1024 + added.length, 4096 + 1024 + added.length]);
});

Deno.test("so does a line after one of which an image was cut out, or that streamed through", async () => {
  const added = answer("yes");
  const message = (size: number) =>
    line("event_msg", {
      type: "user_message",
      message: "hello",
      images: [`data:${"x".repeat(size)}`],
      local_images: [],
    });
  // The line ends some bytes into a read of 256 KiB, so that what was cut out came shortly before.
  const readTo = (behind: number, before = "") =>
    before + message(3 * (256 << 10) + behind - bytesOf(HISTORY + before + message(0)).length);
  const lasts = [readTo(100), readTo(1), readTo(5000), readTo(100) + answer("no"), answer("x".repeat(600_000))];
  // Wherever in memory it begins: after the last cut, what is in memory may be moved.
  for (let size = 0; size < 460_000; size += 20_000) lasts.push(readTo(100, answer("z".repeat(size))));
  for (const last of lasts) {
    for (const torn of ["", '{"timestamp":"2026']) {
      const before = join(HISTORY, last);
      const { snapshot } = await extract(join(before, torn));
      assert(snapshot !== undefined);
      const { row, counted } = await extract(join(before, added), { snapshot });
      assertEquals([row.title, counted], [last.includes("hello") ? "hello" : "", 4096 + 1024 + added.length]);
    }
  }
});

Deno.test("a line that was not finished is read again, and what it said before is forgotten", async () => {
  const started =
    '{"timestamp":"2026-01-27T12:36:00.000Z","type":"event_msg","payload":{"type":"user_message","message":"one';
  const first = await extract(join(HISTORY, started));
  assertEquals([first.row.title, first.malformed], ["", 1]);
  const { row, malformed } = await extract(join(HISTORY, started, ' two"}}\n'), { snapshot: first.snapshot });
  assertEquals([row.title, malformed], ["one two", 0]);
});

Deno.test("a rollout that was rewritten, replaced or cut is read whole", async () => {
  const { snapshot } = await extract(bytesOf(HISTORY));
  const others = {
    "its beginning is another": join(HISTORY.replace("/work/a", "/work/b"), answer("more")),
    "its end is another": join(HISTORY.replace("yyy", "zzz").replace(/y{9}"/, 'zzzzzzzzz"'), answer("more")),
    "it is shorter": join(META, answer("short")),
    "it is shorter by a byte": bytesOf(HISTORY.slice(0, -1)),
    "it is longer, and another": join(META, answer("z".repeat(90_000)), answer("more")),
    "it is empty but for a line": bytesOf(META),
  };
  for (const [what, bytes] of Object.entries(others)) {
    const { counted, row } = await extract(bytes, { snapshot });
    assert(counted >= bytes.length, what);
    assertEquals(row, (await extract(bytes)).row, what);
  }
});

Deno.test("what is no snapshot is as good as none", async () => {
  const bytes = bytesOf(HISTORY);
  const { row, snapshot } = await extract(bytes);
  assert(snapshot !== undefined);
  const odd = [
    "",
    "{",
    "null",
    "[]",
    "{}",
    snapshot.replace(/"version":\d+/, '"version":1'),
    snapshot.replace(/"length":\d+/, '"length":-1'),
    snapshot.replace('"packed":null', '"packed":"5"'),
    snapshot.replace(/"offset":\d+/, '"offset":-5'),
  ];
  odd.push(snapshot.replace('"cwd":"/work/a"', '"cwd":5'), snapshot.replace(/"offset":\d+/, '"offset":99999999'));
  for (const one of odd) {
    const again = await extract(bytes, { snapshot: one });
    assertEquals(again.row, row);
    assert(again.counted >= bytes.length, one);
  }
});

Deno.test("no snapshot of a small rollout, nor one that would be long", async () => {
  assertEquals((await extract(bytesOf(META))).snapshot, undefined);
  const long = line("event_msg", { type: "user_message", message: "long ".repeat(20_000) });
  assertEquals((await extract(join(HISTORY, long))).snapshot, undefined);
});

Deno.test("a fork with long prompts of its own and of its parent is gone on with", async () => {
  const say = (text: string) => line("event_msg", { type: "user_message", message: text.repeat(4000) });
  const parent = META.replace("019c0000", "019b0000");
  const before = join(
    META,
    parent,
    say("theirs "),
    answer("yes"),
    say("mine ").replace("12:35:00", "12:36:00"),
    HISTORY,
  );
  const { snapshot } = await extract(before);
  assert(snapshot !== undefined);
  const bytes = join(before, answer("more"));
  const { row, counted } = await extract(bytes, { snapshot });
  assertEquals([row.title, row.preview], Array(2).fill("mine ".repeat(4000).trim()));
  assertLess(counted, 10_000);
  const without = await extract(join(META, parent, say("theirs "), answer("yes"), HISTORY));
  const grown = await extract(join(META, parent, say("theirs "), answer("yes"), HISTORY, answer("more")), without);
  assertEquals([grown.row.title, grown.row.preview], Array(2).fill("theirs ".repeat(4000).trim()));
  assertLess(grown.counted, 10_000);
});

Deno.test("strict does not go on from where lines were only looked at", async () => {
  const bytes = join(HISTORY, answer("bad").replace("bad", "\u0001"), answer("end"));
  const { snapshot, malformed } = await extract(bytes);
  assertEquals(malformed, 0);
  const strict = await extract(join(bytes, answer("more")), { snapshot, strict: true });
  assertEquals(strict.malformed, 1);
  const again = await extract(join(bytes, answer("more")), { snapshot: strict.snapshot, strict: true });
  assertEquals(again.malformed, 1);
  assertLess(again.counted, bytes.length);
});

Deno.test("a rollout that comes in odd pieces is known again by its first bytes", async () => {
  for (const sizes of [[100, 5_000], [4_095, 65_536], [1, 1, 9_000]]) {
    let at = 0;
    const { snapshot = "" } = await extract(bytesOf(HISTORY), { piece: () => sizes[at++] ?? 65_536 });
    assertNotEquals(snapshot, "");
    assertLess((await extract(bytesOf(HISTORY + answer("more")), { snapshot })).counted, 20_000);
  }
});
