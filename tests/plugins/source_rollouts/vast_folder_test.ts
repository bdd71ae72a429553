import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { readFolder } from "../../../plugins/source_rollouts/folder.ts";
import { awaiting, promptly, type Wait } from "../../../plugins/source_rollouts/waits.ts";
import { walkRollouts } from "../../../plugins/source_rollouts/walk.ts";
import { forEach } from "../../../src/for_each.ts";
import type { SourceProblem } from "../../../src/source.ts";
import { TemporaryHome } from "../../home.ts";

const signal = new AbortController().signal;

/** From how many bytes on a folder is very large: each of them, and none. */
const EACH = 0, NONE = Infinity;

/** Lists a home, and counts for how much of it there was to wait. */
async function walk(home: TemporaryHome, vastBytes: number) {
  const problems: SourceProblem[] = [], passedOver: string[] = [], found: string[] = [];
  let waits = 0;
  const listed = walkRollouts(home.path, "sessions", (names) => [...names], {
    signal,
    vastBytes,
    onProblem: (problem) => problems.push(problem),
    onPassedOver: ({ location }) => passedOver.push(location),
  });
  for (const folder of listed) {
    if (folder instanceof Promise) {
      waits++;
      await folder;
    } else found.push(...folder.names.map((name) => `${folder.path}/${name}`));
  }
  return { waits, problems, passedOver, found };
}

Deno.test("a very large folder is read a part at a time, with the same result", async () => {
  using home = new TemporaryHome();
  for (const path of ["b/rollout-2", "b/rollout-1", "a/c/rollout-3", "rollout-4"]) home.write(`sessions/${path}`, "");
  if (Deno.build.os !== "windows") Deno.symlinkSync(home.path, `${home.path}/sessions/link`);
  const { waits, ...found } = await walk(home, NONE);
  assertEquals([waits, found.found, found.problems], [
    0,
    ["sessions/a/c/rollout-3", "sessions/b/rollout-1", "sessions/b/rollout-2", "sessions/rollout-4"],
    [],
  ]);
  assertEquals(await walk(home, EACH), { waits: 4, ...found });
});

Deno.test("a very large folder that cannot be read to its end is a problem, and the listing goes on", async () => {
  using home = new TemporaryHome();
  for (const path of ["a/rollout-1", "b/rollout-2"]) home.write(`sessions/${path}`, "");
  const { readDir } = Deno;
  Deno.readDir = async function* (path) {
    for await (const entry of readDir(path)) {
      yield entry;
      if (String(path).endsWith("a")) throw new Error("the disk is gone");
    }
  };
  try {
    const { found, problems } = await walk(home, EACH);
    assertEquals(found, ["sessions/b/rollout-2"]);
    assertEquals(problems, [
      { location: `${home.path}/sessions/a`, reason: "the disk is gone", hides: "sessions/a/" },
    ]);
  } finally {
    Deno.readDir = readDir;
  }
});

Deno.test("a very large folder is read no further once nobody needs it", async () => {
  using home = new TemporaryHome();
  for (let at = 0; at < 5; at++) home.write(`sessions/rollout-${at}`, "");
  const reading = readFolder(`${home.path}/sessions`, { signal: AbortSignal.abort(), vastBytes: EACH });
  const wait = reading.next();
  assert(wait.value instanceof Promise);
  await wait.value;
  const { done, value } = reading.next();
  assert(done);
  assertEquals(value.files, []);
});

Deno.test("awaiting() gives what it waited for, or throws it, and cannot be hurried", async () => {
  const kept = awaiting(Promise.resolve(3)),
    broken = awaiting(Promise.reject(new Error("no"))),
    hurried = awaiting(never());
  await kept.next().value;
  assertEquals(kept.next(), { done: true, value: 3 });
  await broken.next().value;
  assertThrows(() => broken.next(), Error, "no");
  hurried.next();
  assertThrows(() => hurried.next(), TypeError, "only when what it waits for has come");
});

function never(): Promise<void> {
  return new Promise(() => {});
}

Deno.test("promptly() answers at once where nothing has to be waited for, and ends what it lists", async () => {
  let ended = false;
  function* values(): Generator<number | Wait> {
    try {
      yield 1;
      yield* awaiting(Promise.resolve());
      yield* awaiting(Promise.resolve());
      yield 2;
      yield 3;
    } finally {
      ended = true;
    }
  }
  const iterator = promptly(values())[Symbol.asyncIterator]();
  assertEquals(iterator.next(), { done: false, value: 1 });
  const second = iterator.next();
  assert(second instanceof Promise);
  assertEquals(await second, { done: false, value: 2 });
  assertFalse(ended);
  await iterator.return?.();
  assert(ended);
  const all: number[] = [];
  for await (const value of promptly(values())) all.push(value);
  assertEquals(all, [1, 2, 3]);
});

Deno.test("forEach() goes through a listing that answers at once or later, until it is told to end", async () => {
  let ended = 0;
  function* values(): Generator<number | Wait> {
    try {
      for (let at = 0; at < 5; at++) {
        if (at % 2 === 1) yield* awaiting(Promise.resolve());
        yield at;
      }
      yield never();
    } finally {
      ended++;
    }
  }
  const taken: number[] = [];
  await forEach(promptly(values()), (value) => {
    taken.push(value);
    return value < 3 ? undefined : false;
  }, signal);
  await forEach(promptly(values()), (value) => {
    taken.push(value);
    return Promise.resolve(value < 1 ? undefined : false);
  }, signal);
  assertEquals([taken, ended], [[0, 1, 2, 3, 0, 1], 2]);
  const cancelled = new AbortController(), reason = new Error("enough");
  setTimeout(() => cancelled.abort(reason));
  const error = await forEach(promptly(values()), () => {}, cancelled.signal).catch((error) => error);
  assertEquals([error, ended], [reason, 3]);
});
