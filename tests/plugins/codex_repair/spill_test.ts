/**
 * What waits on disk until it is asked for.
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Spill } from "../../../plugins/codex_repair/spill.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { StoreError } from "../../../src/errors.ts";
import { findCollector } from "../../../src/collector.ts";
import type { Extraction } from "../../../src/extractor.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";

function held(number: number, differing: Partial<CodexThread> = {}): Extraction<CodexThread> {
  const key = threadId(number), row = thread(key, 0, differing);
  return { key, row, rank: "1", records: 1, malformed: 2, unknown: { odd: 3 }, bytesRead: 4 };
}

Deno.test("Spill: what was put there comes back, in any order and as often as it is asked for", () => {
  using spill = new Spill();
  const values = [
    held(1),
    held(2, { title: "né 日本 🦀 \0 \ud800 half" }),
    held(3, { tokens_used: 2n ** 62n }),
    held(4, { first_user_message: "é".repeat(200_000), title: "", preview: "é".repeat(200_000) }),
    // Of which no piece may end within a character, wherever it ends.
    held(5, { title: "a" + "🦀".repeat(200_000), preview: "🦀".repeat(200_000) }),
    held(6, {
      dynamic_tools: { thread_id: "a", tools: [] },
      spawn_edge: { parent_thread_id: "a", child_thread_id: "b", status: "open" },
    }),
  ];
  const back = values.map((value) => spill.put(value));
  for (const at of [4, 0, 5, 3, 1, 2, 0]) assertEquals(back[at]?.(), values[at]);
  const late = spill.put(held(7));
  assertEquals([late(), back[0]?.()], [held(7), held(1)]);
});

Deno.test("Spill: what was put there is not held in memory", async () => {
  using spill = new Spill();
  const put = (value: Extraction<CodexThread>) => [new WeakRef(value.row), spill.put(value)] as const;
  const [row, back] = put(held(1));
  // A reference is good until its turn is over.
  await new Promise((resolve) => setTimeout(resolve));
  const collect = findCollector();
  assert(collect);
  collect();
  assertEquals([row.deref(), back()], [undefined, held(1)]);
});

Deno.test({
  name: "Spill: its file has no name, so that nothing is left of it whatever happens",
  ignore: Deno.build.os === "windows",
  fn: () => {
    withTemporaryFolder((folder) => {
      using spill = new Spill();
      const back = spill.put(held(1));
      assertEquals([...Deno.readDirSync(folder)], []);
      assertEquals(back(), held(1));
    });
  },
});

Deno.test("Spill: a first message that stands in three columns is written once, and what JSON has no room for is held", () => {
  const text = "x".repeat(1 << 20);
  const toJSON = (): never => {
    throw new RangeError("Invalid string length");
  };
  const tools = Object.assign({ thread_id: "a", tools: [] }, { toJSON });
  withTemporaryFolder((folder) => {
    using spill = new Spill();
    const same = held(1, { title: text, first_user_message: text, preview: text });
    const back = spill.put(same), late = spill.put(held(2, { dynamic_tools: tools }));
    assertEquals(back(), same);
    assertEquals(late().row.dynamic_tools, tools);
    if (Deno.build.os !== "linux") return;
    const [path] = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => `/proc/self/fd/${name}`)
      .filter((path) => linkOf(path)?.startsWith(`${folder}/`));
    assert(path);
    const { size } = Deno.statSync(path);
    assertEquals([size > text.length, size < text.length * 2], [true, true]);
  });
});

function linkOf(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined; // It was that of the folder that was read.
  }
}

Deno.test({
  name: "Spill: where the disk is full, the error says where, and which variable names another folder",
  ignore: Deno.build.os !== "linux",
  fn: () => {
    withTemporaryFolder((folder) => {
      using spill = new Spill(() => {
        Deno.symlinkSync("/dev/full", `${folder}/full`);
        return `${folder}/full`;
      });
      const { message } = assertThrows(() => spill.put(held(1)), StoreError);
      assertStringIncludes(message, `Cannot put what is read into "${folder}", the folder for temporary files`);
      assertStringIncludes(message, "set TMPDIR to a folder that has some");
    });
  },
});

Deno.test("Spill: where what was made cannot be opened, the error says so, and it is removed", () => {
  withTemporaryFolder((folder) => {
    const make = (): string => {
      Deno.mkdirSync(`${folder}/made`);
      return `${folder}/made`;
    };
    const { message } = assertThrows(() => new Spill(make), StoreError);
    assertStringIncludes(message, `Cannot use a file for what is read in "${folder}"`);
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("Spill: where there is no folder for temporary files, the error says which variable names one", () => {
  withTemporaryFolder((folder) => {
    Deno.removeSync(folder);
    const { message } = assertThrows(() => new Spill(), StoreError);
    assertStringIncludes(message, "Cannot make a file for what is read in the folder for temporary files");
    assertStringIncludes(message, "to a folder that is there");
    Deno.mkdirSync(folder);
  });
});

function withTemporaryFolder(use: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync(),
    name = Deno.build.os === "windows" ? "TMP" : "TMPDIR",
    before = Deno.env.get(name);
  Deno.env.set(name, folder);
  try {
    use(folder);
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
    Deno.removeSync(folder, { recursive: true });
  }
}
