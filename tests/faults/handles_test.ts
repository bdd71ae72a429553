/**
 * Too many open files.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { assertRecovers, homeOf, hook, reported, run } from "./harm.ts";
import { faultTest, withoutLimits } from "./machine.ts";

const noLimits = withoutLimits();

/** Lets a process have few open files at a time. */
const FEW = ["bash", "-c", `ulimit -n 100; exec "$@"`, "limited"];

/**
 * Opens files until there are no more to be had, and gives some back. What other threads of the process had open just then
 * (the allocator reads settings of the kernel, for one) is waited for and taken as well.
 */
function exhaust(spare: number): string {
  return `const open = [];
    for (let round = 0; round < 3; round++) {
      try { for (;;) open.push(Deno.openSync("/dev/null")); } catch {}
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
    for (const file of open.splice(0, ${spare})) file.close();
    globalThis.open = open;`;
}

faultTest("rollouts that cannot be opened for want of handles are tried again by the next run", noLimits, async () => {
  using home = homeOf(8);
  const result = await run(home, hook(home, exhaust(0)), { through: FEW });
  const { failed, upserted } = reported(result, 3);
  assertEquals([upserted, failed], [0, 8]);
  const lines = result.stderr.trimEnd().split("\n");
  assertEquals(lines.length, 6, result.stderr);
  for (const line of lines.slice(0, 5)) assertStringIncludes(line, "Too many open files");
  await assertRecovers(home);
});

// A run needs one; the others are for what threads of the process open for a moment, which no program can prevent.
faultTest("a few handles are enough to read every rollout", noLimits, async () => {
  using home = homeOf(40);
  const { upserted, failed } = reported(await run(home, hook(home, exhaust(4)), { through: FEW }), 0);
  assertEquals([upserted, failed], [40, 0]);
});

// With only one Deno itself cannot listen for signals.
for (const spare of [3, 4, 5, 6]) {
  faultTest(`a run with ${spare} handles left when it begins loses nothing`, noLimits, async () => {
    using home = homeOf(3);
    reported(await run(home), 0);
    home.rollout(3);
    const sink = join(home.top, "greedy.ts");
    Deno.writeTextFileSync(sink, `${exhaust(spare)}\nexport default { counter() {}, timer() {} };`);
    const { code, stdout, stderr } = await run(home, ["--metrics", sink], { through: FEW });
    // Where the handles end is SQLite's business; that a person is told so is ours.
    const lines = stderr.trimEnd().split("\n");
    assertEquals([code, stdout], [1, ""], stderr);
    assertMatch(lines.pop() ?? "", /^backfill: .*(oo many (open )?files|lists nothing)/);
    for (const line of lines) assertMatch(line, /^cannot list .*Too many open files/);
    await assertRecovers(home);
  });
}
