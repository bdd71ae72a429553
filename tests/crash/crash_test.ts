/**
 * Runs that are killed leave what an undisturbed run would have made. `deno task crash` does the same for longer.
 */
import { assertEquals } from "@std/assert";
import { killLoop } from "../../tools/crash/kill_loop.ts";
import { pointLoop, type PointLoopOptions } from "../../tools/crash/point_loop.ts";
import { twoWorkers } from "../../tools/crash/two_workers.ts";

/** A folder that is gone afterwards. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "crash-" }));
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function assertHarmless(
  options: Pick<PointLoopOptions, "by" | "every" | "everyOnThreads" | "seed">,
): Promise<void> {
  await inFolder(async (folder) => {
    const { died, wrong } = await pointLoop({ ...options, folder, say: () => {} });
    assertEquals(wrong, []);
    assertEquals(died > 3, true);
  });
}

Deno.test("a run that ends at any point between source, commit and checkpoint is made up for by the next", async () => {
  await assertHarmless({ by: "error", every: 2, everyOnThreads: 1, seed: 1 });
});

Deno.test({
  name: "a run that is killed between source, commit and checkpoint is made up for by the next",
  ignore: Deno.build.os === "windows",
  fn: () => assertHarmless({ by: "signal", every: 23, everyOnThreads: 2999, seed: 2 }),
});

Deno.test({
  name: "runs that are killed at random moments are made up for by the next",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      const result = await killLoop({ kills: 24, seed: 3, folder, rollouts: [60, 90], say: () => {} });
      assertEquals([result.killed, result.wrong], [24, []]);
    });
  },
});

Deno.test("two workers at once make the rows that one makes", async () => {
  await inFolder(async (folder) => {
    const { ended, wrong } = await twoWorkers({ seconds: 3, seed: 4, folder, say: () => {} });
    assertEquals(wrong, []);
    assertEquals(ended > 1, true);
  });
});
