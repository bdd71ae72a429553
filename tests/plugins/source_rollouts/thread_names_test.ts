/**
 * The names of threads, from the index to the row.
 */
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { backfillCodex } from "../../../mod.ts";
import { rolloutSource } from "../../../plugins/source_rollouts/mod.ts";
import { readThreadNames } from "../../../plugins/source_rollouts/thread_names.ts";
import type { SourceProblem } from "../../../src/source.ts";
import { layHome, readCases } from "../../conformance/case.ts";
import { rolloutText, TemporaryHome, threadId } from "../../home.ts";

const INDEX = "session_index.jsonl";

function line(number: number, name: string): string {
  return `${
    JSON.stringify({ id: threadId(number), thread_name: name, updated_at: "2026-11-22T05:54:01.93960438Z" })
  }\n`;
}

/** As from a listing that has to wait. */
function* wanted(): Generator<Promise<void>, Set<string>> {
  yield Promise.resolve();
  return new Set([1, 2].map(threadId));
}

/** Reads an index of the given text, or the one that is there. */
function names(home: TemporaryHome, text?: string | Uint8Array, smallBytes = 0) {
  if (typeof text === "string") home.write(INDEX, text);
  else if (text) home.writeBytes(INDEX, text, 0);
  const problems: SourceProblem[] = [];
  const reading = readThreadNames(home.path, wanted, { onProblem: (problem) => problems.push(problem), smallBytes });
  let step = reading.next();
  while (!step.done) step = reading.next();
  const found = step.value;
  return { found: [...found].map(([id, name]) => [Number(id.slice(-12)), name]), problems };
}

async function run(home: TemporaryHome, compat?: "0.99.0") {
  const options = compat === undefined ? {} : { compat };
  const { scanned, skipped, problems } = await backfillCodex({ codexHome: home.path, db: home.db, ...options });
  return { scanned, skipped, problems };
}

function rowNames(home: TemporaryHome): unknown[] {
  const database = new DatabaseSync(home.db);
  try {
    return database.prepare("SELECT name FROM threads ORDER BY id").all().map(({ name }) => name);
  } finally {
    database.close();
  }
}

Deno.test("readThreadNames() takes the last name of each thread that is wanted", () => {
  using home = new TemporaryHome();
  const text = line(1, "first") + line(2, "other") + line(3, "not wanted") + line(1, "  last\u00a0");
  assertEquals(names(home, text), { found: [[1, "last"], [2, "other"]], problems: [] });
  assertEquals(names(home, text + line(1, " ")), { found: [[2, "other"]], problems: [] });
  assertEquals(names(home, line(1, "x").replace("019c", "019C")).found, [[1, "x"]]);
});

Deno.test("readThreadNames() keeps a small index whole, and asks for no listing", () => {
  using home = new TemporaryHome();
  const text = line(1, "first") + line(2, "other") + line(3, "not listed") + line(1, "last");
  assertEquals(names(home, text, text.length).found, [[1, "last"], [2, "other"], [3, "not listed"]]);
  assertEquals(names(home, text, text.length - 1).found, [[1, "last"], [2, "other"]]);
});

Deno.test("readThreadNames() finds nothing where there is no index, or an empty one", () => {
  using home = new TemporaryHome();
  assertEquals(names(home), { found: [], problems: [] });
  assertEquals(names(home, ""), { found: [], problems: [] });
});

Deno.test("readThreadNames() tolerates a byte-order mark, CRLF, blank lines and a last line without an end", () => {
  using home = new TemporaryHome();
  const text = "\ufeff" + line(1, "one").trim() + "\r\n\r\n  \n" + line(2, "two").trim();
  assertEquals(names(home, text), { found: [[1, "one"], [2, "two"]], problems: [] });
});

Deno.test("readThreadNames() counts lines that are not entries, and takes the others", () => {
  using home = new TemporaryHome();
  const text = [
    "garbage",
    "null",
    "[]",
    '"text"',
    '{"id":7,"thread_name":"x"}',
    `{"id":"${threadId(1)}"}`,
    `{"id":"${threadId(1)}","thread_name":null}`,
    line(1, "good").trim(),
    line(2, "torn").slice(0, 60),
  ].join("\n");
  assertEquals(names(home, text), {
    found: [[1, "good"]],
    problems: [{ location: `${home.path}/${INDEX}`, reason: "8 of its lines are not the name of a thread" }],
  });
});

Deno.test("readThreadNames() passes over a line of any length in bounded memory", () => {
  using home = new TemporaryHome();
  for (const length of [65_000, 65_536, 65_537, 131_072, 300_000]) {
    const { found, problems } = names(home, line(1, "before") + "x".repeat(length) + "\n" + line(2, "after"));
    assertEquals([found, problems.length], [[[1, "before"], [2, "after"]], 1], `${length}`);
  }
  const many = Array.from({ length: 3000 }, (_, at) => line(1, `name ${at} ${"é".repeat(at % 50)}`)).join("");
  assertEquals(names(home, many), { found: [[1, `name 2999 ${"é".repeat(49)}`]], problems: [] });
});

Deno.test("readThreadNames() keeps a name whose text is broken, made well formed", () => {
  using home = new TemporaryHome();
  const bytes = new TextEncoder().encode(line(1, "a#b"));
  assertEquals(names(home, bytes.map((byte) => byte === 0x23 ? 0xff : byte)).found, [[1, "a\ufffdb"]]);
  const halfPair = line(2, "a").replace('"a"', '"\\ud800 x"');
  assertEquals(names(home, halfPair), { found: [[2, "\ufffd x"]], problems: [] });
});

Deno.test("readThreadNames() reports an index that is not a file", () => {
  using home = new TemporaryHome();
  Deno.mkdirSync(`${home.path}/${INDEX}`);
  assertEquals(names(home), {
    found: [],
    problems: [{
      location: `${home.path}/${INDEX}`,
      reason: "names of threads may be missing: it is not a regular file",
    }],
  });
});

Deno.test("a thread has the name that the index gives it, and follows a renaming without another being read", async () => {
  using home = new TemporaryHome();
  for (const number of [1, 2, 3]) home.rollout(number);
  home.write("sessions/rollout-without-an-id.jsonl", "{}");
  home.write(INDEX, line(1, "one") + line(2, "two"));
  assertEquals(await run(home), { scanned: 4, skipped: 0, problems: 0 });
  assertEquals(rowNames(home), ["one", "two", null]);
  assertEquals(await run(home), { scanned: 0, skipped: 4, problems: 0 });
  home.write(INDEX, line(1, "one") + line(2, "two") + line(2, "\u001b[31mtwo again"));
  assertEquals(await run(home), { scanned: 1, skipped: 3, problems: 0 });
  assertEquals(rowNames(home), ["one", "\u001b[31mtwo again", null]);
});

Deno.test("a thread keeps the name that the database has where the index has none", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  home.rollout(2);
  home.write(INDEX, line(1, "one"));
  await run(home);
  using database = new DatabaseSync(home.db);
  database.exec(`UPDATE threads SET name = 'mine' WHERE id = '${threadId(2)}'`);
  home.rollout(1, "a longer message");
  home.rollout(2, "a longer message");
  home.remove(INDEX);
  assertEquals((await run(home)).scanned, 2);
  assertEquals(rowNames(home), ["one", "mine"]);
});

Deno.test("a rollout that is renamed and compressed at once is read again", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const source = rolloutSource({ codexHome: home.path });
  const list = async () => {
    const items = [];
    const options = { signal: new AbortController().signal, onProblem: () => {} };
    for await (const item of source.items(options)) items.push(item);
    assert(items[0]);
    return items[0];
  };
  const before = await list();
  home.write(INDEX, line(1, "one"));
  const named = await list();
  assertEquals([named.threadName, source.sameBytes?.(before.fingerprint, named)], ["one", false]);
  assertEquals(source.sameBytes?.(`${before.modifiedMs}:9:zst`, before), true);
  assertEquals(source.sameBytes?.(`${before.modifiedMs}:9:zst`, named), false);
  assertEquals(source.sameBytes?.(named.fingerprint.replace(/:\d+ /, ":9:zst "), named), true);
});

Deno.test("a rollout without an id in its name has no name, whatever the index says of threads without one", async () => {
  using home = new TemporaryHome();
  const id = home.rollout(1);
  home.write("sessions/rollout-x.jsonl", rolloutText(threadId(2), "hello"));
  const nameless = JSON.stringify({ id: "", thread_name: "stolen", updated_at: "2026-11-22T05:54:01Z" });
  home.write(
    INDEX,
    `${nameless}\n${JSON.stringify({ id, thread_name: "mine", updated_at: "2026-11-22T05:54:01Z" })}\n`,
  );
  await run(home);
  assertEquals(rowNames(home), ["mine", null]);
});

Deno.test("the index plays no part in what versions of Codex do", async () => {
  using home = new TemporaryHome();
  const one = readCases().find(({ name }) => name.startsWith("077-"));
  assert(one);
  layHome(home.path, one);
  await run(home, "0.99.0");
  assertEquals(rowNames(home), [null, null, null]);
  await run(home);
  assertEquals(rowNames(home), ["Index name", "Other", "Arch name"]);
});

Deno.test("a line of the index of any length is one line that is not the name of a thread", () => {
  using home = new TemporaryHome();
  for (const length of [65_536, 131_072, 300_000]) {
    const { found, problems } = names(home, `${"x".repeat(length)}\n${line(1, "after")}`);
    assertEquals([length, found], [length, [[1, "after"]]]);
    assertEquals(problems.map(({ reason }) => reason), ["1 of its lines is not the name of a thread"]);
  }
});

Deno.test("others have their turn while a large index is read", () => {
  using home = new TemporaryHome();
  home.write(INDEX, line(1, "a name").repeat(40_000));
  const steps = [...readThreadNames(home.path, wanted, { onProblem: () => {}, smallBytes: 0 })];
  assert(steps.length > [...wanted()].length);
});
