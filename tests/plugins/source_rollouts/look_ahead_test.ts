import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { type FoundFolder, lookAhead, type LookOptions } from "../../../plugins/source_rollouts/look_ahead.ts";
import { claim, doTask, lookOf, newTask, waitFor } from "../../../plugins/source_rollouts/look_task.ts";
import type { ListedFolder } from "../../../plugins/source_rollouts/walk.ts";
import type { SourceProblem } from "../../../src/source.ts";
import { denoRun } from "../../child.ts";
import { TemporaryHome } from "../../home.ts";

/** As soon as there is something to look at. */
const AT_ONCE = { workers: 2, worthFiles: 1 };

/** Folders of so many files each; the names of some are of no file. */
function folders(home: TemporaryHome, counts: readonly number[], missing: readonly string[] = []): ListedFolder[] {
  return counts.map((count, number) => {
    const path = `sessions/${number}`;
    const names = Array.from({ length: count }, (_, at) => `rollout-${String(at).padStart(5, "0")}.jsonl`);
    for (const [at, name] of names.entries()) {
      const file = home.write(`${path}/${name}`, "x".repeat(at % 7));
      Deno.utimeSync(file, at, at);
      if (missing.includes(`${path}/${name}`)) Deno.removeSync(file);
    }
    return { path, location: join(home.path, path), names };
  });
}

/** Folders that were looked at; those of these tests wait for nothing. */
function* lookedAt(listed: Iterable<ListedFolder>, options: LookOptions): Generator<FoundFolder> {
  for (const found of lookAhead(listed, options)) {
    if (found instanceof Promise) throw new TypeError("there is nothing to wait for");
    yield found;
  }
}

function looked(listed: readonly ListedFolder[], options: Omit<LookOptions, "onProblem">) {
  const problems: SourceProblem[] = [];
  return { found: [...lookedAt(listed, { ...options, onProblem: (one) => problems.push(one) })], problems };
}

/** Counts the files that this thread looks at. */
function countLooks(): Disposable & { count: number } {
  const { lstatSync } = Deno;
  const counted = {
    count: 0,
    [Symbol.dispose]: () => {
      Deno.lstatSync = lstatSync;
    },
  };
  Deno.lstatSync = (path) => {
    counted.count++;
    return lstatSync(path);
  };
  return counted;
}

Deno.test("lookAhead() finds the same with another thread and without one", () => {
  using home = new TemporaryHome();
  const missing = [
    "sessions/0/rollout-00003.jsonl",
    "sessions/1/rollout-00300.jsonl",
    "sessions/3/rollout-00000.jsonl",
  ];
  // One folder for several tasks, one that is a task, and one of which nothing is there.
  const listed = folders(home, [20, 600, 250, 1, 40], missing);
  const alone = looked(listed, { workers: 1, worthFiles: 1 });
  assertEquals(alone.problems.map(({ hides }) => hides), missing);
  assertEquals(alone.found.map(({ path, files }) => [path, files.length]), [
    ["sessions/0", 19],
    ["sessions/1", 599],
    ["sessions/2", 250],
    ["sessions/3", 0],
    ["sessions/4", 40],
  ]);
  assertEquals(alone.found[0]?.files[4], { name: "rollout-00005.jsonl", size: 5, modifiedMs: 5000 });
  for (const worthFiles of [1, 100, 800, 10_000]) {
    assertEquals(looked(listed, { workers: 2, worthFiles }), alone, `${worthFiles}`);
  }
});

Deno.test("lookAhead() leaves to another thread what it can", async () => {
  using home = new TemporaryHome();
  const listed = folders(home, Array(30).fill(20));
  using looks = countLooks();
  let own = 600;
  // However long that thread takes to start.
  for (let pause = 500; own === 600 && pause < 20_000; pause *= 2) {
    looks.count = 0;
    const found = lookedAt(listed, { ...AT_ONCE, onProblem: ({ reason }) => assert(false, reason) });
    assertEquals(found.next().value?.files.length, 20);
    await new Promise((resolve) => setTimeout(resolve, pause));
    assertEquals([...found].reduce((sum, { files }) => sum + files.length, 0), 580);
    own = looks.count;
  }
  assert(own < 600, `${own} of 600 files were looked at by the first thread`);
});

Deno.test("lookAhead() lists no further ahead than another thread can use", () => {
  using home = new TemporaryHome();
  const listed = folders(home, Array(40).fill(100));
  const taken = (options: Omit<LookOptions, "onProblem">): number => {
    let count = 0;
    const counted = listed.values().map((folder) => {
      count++;
      return folder;
    });
    // The thread ends with the listing, also with one that is not taken to its end.
    for (const _ of lookAhead(counted, { ...options, onProblem: () => {} })) break;
    return count;
  };
  assertEquals(taken({ workers: 1, worthFiles: 1 }), 1);
  assertEquals(taken(AT_ONCE), 21);
});

Deno.test("lookAhead() with one worker starts no thread", () => {
  const { Worker } = globalThis;
  globalThis.Worker = class {
    constructor() {
      throw new Error("a thread was started");
    }
  } as unknown as typeof Worker;
  try {
    const listed = [{ path: "sessions", location: "/nowhere", names: Array<string>(30_000).fill("rollout-1.jsonl") }];
    assertEquals(looked(listed, { workers: 1 }).problems.length, 30_000);
    assertThrows(() => looked(listed, { workers: 2 }), Error, "a thread was started");
  } finally {
    globalThis.Worker = Worker;
  }
});

Deno.test("lookAhead() does without the thread for which a permission is missing, and does not ask for it", async () => {
  using home = new TemporaryHome();
  const listed = folders(home, [300, 5]);
  const script = home.write(
    "look.ts",
    `import { lookAhead } from ${
      JSON.stringify(new URL("../../../plugins/source_rollouts/look_ahead.ts", import.meta.url))
    };
     globalThis.Worker = class { constructor() { throw new Error("a thread was started"); } };
     const looked = lookAhead(JSON.parse(Deno.args[0]), { workers: 2, worthFiles: 1, onProblem: console.error });
     console.log([...looked].map(({ files }) => files.length).join());`,
  );
  const permissions = [`--allow-read=${home.path}`];
  const { stdout } = await denoRun(script, [JSON.stringify(listed)], { permissions }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "300,5");
});

Deno.test("a task is one thread's, and the other waits only so long for it", () => {
  using home = new TemporaryHome();
  home.write("rollout-1.jsonl", "123");
  const task = newTask(home.path, ["rollout-1.jsonl", "rollout-2.jsonl"]);
  assert(claim(task));
  assertFalse(claim(task));
  assertFalse(waitFor(task, 1));
  doTask(task);
  assert(waitFor(task));
  assertFalse(claim(task));
  assertEquals([lookOf(task, 0)?.size, lookOf(task, 1)], [3, undefined]);
});

Deno.test("however many files were listed, some wait for the other thread", () => {
  using home = new TemporaryHome();
  const size = 100, known = folders(home, Array(60).fill(size));
  let given = 0;
  function* listed(): Generator<ListedFolder> {
    for (const [at, folder] of known.entries()) {
      // 2,000 files are listed before they are needed.
      if (at > 25) assert(given <= at - 15, `${given} of ${at} folders were given`);
      yield folder;
    }
  }
  for (const _ of lookedAt(listed(), { ...AT_ONCE, onProblem: () => {} })) given++;
  assertEquals(given, known.length);
});
