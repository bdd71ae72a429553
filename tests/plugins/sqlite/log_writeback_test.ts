import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { LogWriteback } from "../../../plugins/sqlite/log_writeback.ts";
import { runCli } from "../../child.ts";
import { homeOf } from "../../faults/harm.ts";
import { faultTest, withoutTrace } from "../../faults/machine.ts";

/** A log on a disk that is as slow as a test wants, and what was done with it. */
class SlowLog {
  readonly done: string[] = [];
  #asked: PromiseWithResolvers<void> | undefined;

  readonly open = (path: string): this => (this.done.push(`open ${path}`), this);

  syncData(): Promise<void> {
    this.done.push("sync");
    this.#asked = Promise.withResolvers();
    return this.#asked.promise;
  }

  close(): void {
    this.done.push("close");
  }

  async answer(error?: Error): Promise<void> {
    if (error) this.#asked?.reject(error);
    else this.#asked?.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

Deno.test("LogWriteback: one at a time, and closed only when it is over", async () => {
  const log = new SlowLog(), writeback = new LogWriteback("a-wal", log.open);
  writeback.committed(200);
  writeback.committed(200);
  assertEquals(log.done, ["open a-wal", "sync"]);
  await log.answer();
  writeback.committed(200);
  const ended = writeback.end();
  assertEquals(log.done, ["open a-wal", "sync", "sync"]);
  await log.answer();
  await ended;
  assertEquals(log.done, ["open a-wal", "sync", "sync", "close"]);
});

Deno.test("LogWriteback: only where there is something to write back", async () => {
  const log = new SlowLog(), writeback = new LogWriteback("a-wal", log.open);
  for (const rows of [0, 1, 198]) writeback.committed(rows);
  assertEquals(log.done, []);
  writeback.committed(1);
  assertEquals(log.done, ["open a-wal", "sync"]);
  await log.answer();
  writeback.committed(199);
  await writeback.end();
  assertEquals(log.done, ["open a-wal", "sync", "close"]);
});

Deno.test("LogWriteback: a disk that fails is left to SQLite, which waits for it too", async () => {
  const log = new SlowLog(), writeback = new LogWriteback("a-wal", log.open);
  writeback.committed(200);
  await log.answer(new Error("Input/output error"));
  writeback.committed(200);
  await log.answer();
  await writeback.end();
  assertEquals(log.done, ["open a-wal", "sync", "sync", "close"]);
});

Deno.test("LogWriteback: a log that is not there, or may not be opened, is left alone", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const path of [join(folder, "a-wal"), folder]) {
      const writeback = new LogWriteback(path);
      writeback.committed(200);
      await writeback.end();
    }
    assertEquals(Array.from(Deno.readDirSync(folder)), []);
  } finally {
    Deno.removeSync(folder);
  }
});

faultTest(
  "a run has its log written back by a thread that nobody waits for, unless every commit waits",
  withoutTrace(),
  async () => {
    for (const flags of [[], ["--durable"]]) {
      using home = homeOf(250);
      const trace = join(home.top, "trace.txt");
      const through = ["strace", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace];
      const run = ["--codex-home", home.path, "--db", home.db, "--quiet", "--batch-size", "100", ...flags];
      const { code, stderr } = await runCli(run, { through });
      assertEquals(code, 0, stderr);
      const waits = Deno.readTextFileSync(trace).split("\n").filter((line) => line.includes(`${home.db}-wal>`));
      const threads = new Set(waits.map((line) => line.split(" ")[0]));
      if (flags.length === 0) assert(threads.size > 1, waits.join("\n"));
      else assertEquals(threads.size, 1, waits.join("\n"));
    }
  },
);
