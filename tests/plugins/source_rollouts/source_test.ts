import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { type RolloutItem, rolloutSource, type RolloutSourceOptions } from "../../../plugins/source_rollouts/mod.ts";
import { SourceError } from "../../../src/errors.ts";
import type { SourceProblem } from "../../../src/source.ts";
import { TemporaryHome } from "../../home.ts";

async function list(home: TemporaryHome, options: Partial<RolloutSourceOptions> = {}) {
  const problems: SourceProblem[] = [], items: RolloutItem[] = [], passedOver: string[] = [];
  const source = rolloutSource({ codexHome: home.path, ...options });
  const listing = source.items({
    signal: new AbortController().signal,
    onProblem: (problem) => problems.push(problem),
    onPassedOver: ({ location }) => passedOver.push(location),
  });
  for await (const item of listing) items.push(item);
  items.sort((a, b) => a.watermark < b.watermark ? -1 : 1);
  return { source, items, problems, passedOver, watermarks: items.map(({ watermark }) => watermark) };
}

Deno.test("rolloutSource() lists both folders at any depth, and only files named rollout-*.jsonl", async () => {
  using home = new TemporaryHome();
  for (
    const path of [
      "sessions/2026/01/27/rollout-a.jsonl",
      "sessions/rollout-.jsonl",
      "sessions/.hidden/rollout-b.jsonl",
      "archived_sessions/deep/er/rollout-c.jsonl",
      "sessions/rollout-d.json",
      "sessions/Rollout-e.jsonl",
      "sessions/rollout-f.jsonl.bak",
      "sessions/notes.jsonl",
      "rollout-g.jsonl",
      "sessions/rollout-folder.jsonl/readme",
    ]
  ) home.write(path, "x");
  const { watermarks, problems } = await list(home);
  assertEquals(watermarks, [
    "archived_sessions/deep/er/rollout-c.jsonl",
    "sessions/.hidden/rollout-b.jsonl",
    "sessions/2026/01/27/rollout-a.jsonl",
    "sessions/rollout-.jsonl",
  ]);
  assertEquals(problems, []);
});

Deno.test("rolloutSource() lists in the order of watermarks, so that nothing unchanged has to be kept", async () => {
  using home = new TemporaryHome();
  const paths = [
    "archived_sessions/rollout-z.jsonl",
    "sessions/2025/12/31/rollout-b.jsonl",
    "sessions/2026/01/02/rollout-a.jsonl",
    "sessions/2026/01/02/rollout-a2.jsonl.zst",
    "sessions/2026/01/10/rollout-a.jsonl",
    "sessions/2026/rollout-c.jsonl",
    "sessions/rollout-a.jsonl",
    "sessions/work/rollout-a.jsonl",
  ];
  for (const path of paths.toReversed()) home.write(path, "x");
  const watermarks: string[] = [];
  const source = rolloutSource({ codexHome: home.path });
  for await (const { watermark } of source.items({ signal: new AbortController().signal, onProblem: () => {} })) {
    watermarks.push(watermark);
  }
  assertEquals(watermarks, paths.map((path) => path.replace(/\.zst$/, "")));
});

Deno.test("rolloutSource() describes an item without opening it", async () => {
  using home = new TemporaryHome();
  const path = home.write("archived_sessions/rollout-a.jsonl", "12345");
  Deno.utimeSync(path, 1_735_787_045.125, 1_735_787_045.125);
  const { items, source } = await list(home);
  assertEquals(items, [{
    watermark: "archived_sessions/rollout-a.jsonl",
    fingerprint: "1735787045125:5",
    location: path,
    name: "rollout-a.jsonl",
    size: 5,
    modifiedMs: 1735787045125,
    archived: true,
  }]);
  assertEquals(source.id, home.path);
});

Deno.test("rolloutSource() lists nothing where the folders are missing, and says so where one is a file", async () => {
  using home = new TemporaryHome();
  const empty = await list(home);
  // It may be another folder that was meant.
  assertEquals([empty.watermarks, empty.problems, empty.passedOver], [[], [], [home.path]]);
  home.write("sessions", "a file");
  const { watermarks, problems, passedOver } = await list(home);
  assertEquals([watermarks, problems.map(({ hides }) => hides), passedOver], [[], ["sessions/"], []]);
});

Deno.test({
  name: "rolloutSource() follows no links but the two folders themselves",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    home.write("elsewhere/2026/rollout-a.jsonl", "x");
    home.write("elsewhere/rollout-b.jsonl", "x");
    Deno.symlinkSync(join(home.path, "elsewhere"), join(home.path, "sessions"));
    home.write("archived_sessions/rollout-c.jsonl", "x");
    Deno.symlinkSync(join(home.path, "elsewhere"), join(home.path, "archived_sessions/loop"));
    Deno.symlinkSync(
      join(home.path, "elsewhere/rollout-b.jsonl"),
      join(home.path, "archived_sessions/rollout-d.jsonl"),
    );
    const { watermarks, passedOver } = await list(home);
    assertEquals(watermarks, [
      "archived_sessions/rollout-c.jsonl",
      "sessions/2026/rollout-a.jsonl",
      "sessions/rollout-b.jsonl",
    ]);
    assertEquals(passedOver, ["loop", "rollout-d.jsonl"].map((name) => join(home.path, "archived_sessions", name)));
  },
});

Deno.test("rolloutSource() takes a compressed rollout for the item that it was, and the plain one first", async () => {
  using home = new TemporaryHome();
  home.write("sessions/rollout-a.jsonl.zst", "x");
  home.write("sessions/rollout-b.jsonl.zst", "x");
  home.write("sessions/rollout-b.jsonl", "x");
  home.write("sessions/rollout-c.zst", "x");
  const { items } = await list(home);
  assertEquals(items.map(({ watermark, location }) => [watermark, location.slice(home.path.length + 1)]), [
    ["sessions/rollout-a.jsonl", "sessions/rollout-a.jsonl.zst"],
    ["sessions/rollout-b.jsonl", "sessions/rollout-b.jsonl"],
  ]);
  assertEquals((await list(home, { compat: "0.99.0" })).watermarks, ["sessions/rollout-b.jsonl"]);
  assertEquals((await list(home, { compat: "0.169.0" })).watermarks, [
    "sessions/rollout-a.jsonl.zst",
    "sessions/rollout-b.jsonl",
  ]);
});

Deno.test("rolloutSource() knows that a rollout was only compressed by its time", async () => {
  using home = new TemporaryHome();
  const path = home.write("sessions/rollout-a.jsonl", "12345");
  Deno.utimeSync(path, 1_735_787_045.125, 1_735_787_045.125);
  const before = (await list(home)).items[0]?.fingerprint ?? "";
  Deno.removeSync(path);
  const compressed = home.write("sessions/rollout-a.jsonl.zst", "123");
  Deno.utimeSync(compressed, 1_735_787_045.125, 1_735_787_045.125);
  const { source, items } = await list(home);
  const [now] = items;
  assertEquals(now && source.sameBytes?.(before, now), true);
  assertEquals(now && source.sameBytes?.("1735787045126:5", now), false);
  assertEquals(now && source.sameBytes?.("1735787045125:4:zst", now), false);
});

Deno.test({
  name: "rolloutSource() writes a backslash in a name as a slash in the watermark, and leaves it in the location",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    const path = home.write("sessions/a\\b/rollout-c.jsonl", "x");
    const { items } = await list(home);
    assertEquals(items.map(({ watermark, location }) => [watermark, location]), [[
      "sessions/a/b/rollout-c.jsonl",
      path,
    ]]);
  },
});

Deno.test("rolloutSource() refuses a home that is not there, or is a file", () => {
  using home = new TemporaryHome();
  assertThrows(() => rolloutSource({ codexHome: join(home.top, "nowhere") }), SourceError, "There is no Codex home at");
  const file = home.write("file", "");
  assertThrows(() => rolloutSource({ codexHome: file }), SourceError, "is a file, not a Codex home");
});

Deno.test("rolloutSource() reads from any offset", async () => {
  using home = new TemporaryHome();
  home.write("sessions/rollout-a.jsonl", "0123456789");
  const { source, items } = await list(home);
  const [item] = items;
  if (!item) throw new Error("nothing was listed");
  const reader = await source.open(item);
  const at = async (offset: number, length: number) => {
    const into = new Uint8Array(length);
    const size = await reader.read(into, offset);
    return size === null ? null : new TextDecoder().decode(into.subarray(0, size));
  };
  assertEquals([await at(0, 4), await at(4, 3), await at(2, 2), await at(8, 9), await at(10, 1)], [
    "0123",
    "456",
    "23",
    "89",
    null,
  ]);
  await reader.close();
});

Deno.test("rolloutSource() reads to the end of a file that grew, or was cut, since it was listed", async () => {
  for (const now of ["0123456789", "0123456789 and more", "0123"]) {
    using home = new TemporaryHome();
    home.write("sessions/rollout-a.jsonl", "0123456789");
    const { source, items: [item] } = await list(home);
    if (!item) throw new Error("nothing was listed");
    home.write("sessions/rollout-a.jsonl", now);
    for (const length of [1, 4, 10, 100]) {
      const reader = await source.open(item), into = new Uint8Array(length);
      let text = "";
      for (let size = await reader.read(into, 0); size !== null; size = await reader.read(into, text.length)) {
        text += new TextDecoder().decode(into.subarray(0, size));
      }
      assertEquals(text, now);
      await reader.close();
    }
  }
});

Deno.test("rolloutSource() lists in the order of watermarks also where the name of a folder begins like another's", async () => {
  using home = new TemporaryHome();
  for (const folder of ["2026", "2026-old", "2026.bak", "rollout", "rollout-", "rollout-2026"]) {
    for (const name of ["a", "b"]) home.write(`sessions/${folder}/rollout-${name}.jsonl`, "x");
  }
  home.write("sessions/rollout-.jsonl", "x");
  const { watermarks } = await list(home);
  assertEquals(watermarks.length, 13);
  assertEquals(watermarks, watermarks.toSorted());
});

Deno.test("rolloutSource() keeps both forms of a rollout together in a folder of thousands", async () => {
  using home = new TemporaryHome();
  const number = (n: number) => String(n).padStart(5, "0");
  for (let n = 0; n < 4100; n++) {
    home.write(`sessions/rollout-${number(n)}.jsonl`, "x");
    if (n < 2100) home.write(`sessions/rollout-${number(n)}.jsonl.zst`, "x");
  }
  // What lies between the two forms.
  for (let n = 0; n < 2100; n++) home.write(`sessions/rollout-${number(n)}.jsonl-b.jsonl`, "x");
  for (const workers of [1, 2]) {
    const { items } = await list(home, { workers });
    assertEquals(items.length, 6200);
    assertEquals(items.filter(({ standIn }) => standIn !== undefined).length, 2100);
    assertEquals(new Set(items.map(({ watermark }) => watermark)).size, 6200);
  }
});
