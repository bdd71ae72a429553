/**
 * Rollouts that vanish, grow, shrink or are replaced between being listed and being read.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { denoRun, MOD } from "../child.ts";
import { rolloutText, threadId } from "../home.ts";
import { assertLine, assertRecovers, homeOf, hook, reported, run } from "./harm.ts";

const FOLDER = "sessions/2026/01/27";

function rolloutName(number: number): string {
  return `${FOLDER}/rollout-2026-01-27T12-34-56-${threadId(number)}.jsonl`;
}

const PAGE = JSON.stringify({
  timestamp: "2026-01-27T12:35:00.000Z",
  type: "event_msg",
  payload: { type: "user_message", message: "more", images: null, local_images: [], text_elements: [] },
});

Deno.test("a rollout that vanishes after it was listed is a failure that the next run forgets", async () => {
  using home = homeOf(5);
  const path = join(home.path, rolloutName(2));
  const result = await run(home, hook(home, `Deno.removeSync(${JSON.stringify(path)});`));
  const { upserted, failed } = reported(result, 3);
  assertEquals([upserted, failed], [4, 1]);
  assertLine(result.stderr, "failed (vanished)", path);
  const next = reported(await run(home), 0);
  assertEquals([next.scanned, next.gone], [0, 1]);
  Deno.writeTextFileSync(path, rolloutText(threadId(2), "back again"));
  await assertRecovers(home);
});

for (
  const [what, code] of [
    ["grows", `Deno.writeTextFileSync(path, ${JSON.stringify(`${PAGE}\n`)}, { append: true });`],
    ["grows by half a line", `Deno.writeTextFileSync(path, ${JSON.stringify(PAGE.slice(0, 50))}, { append: true });`],
    ["shrinks", `Deno.truncateSync(path, Deno.statSync(path).size - 20);`],
    ["is written anew", `Deno.writeTextFileSync(path, ${JSON.stringify(rolloutText(threadId(2), "anew"))});`],
  ] as const
) {
  Deno.test(`a rollout that ${what} after it was listed is read again by the next run`, async () => {
    using home = homeOf(5);
    const path = join(home.path, rolloutName(2));
    const { upserted } = reported(await run(home, hook(home, `const path = ${JSON.stringify(path)}; ${code}`)), 0);
    assertEquals(upserted, 5);
    const next = reported(await run(home), 0);
    assertEquals([next.scanned, next.upserted], [1, 1]);
    // The first time that a thread was seen stays: a new database cannot know of it.
    await assertRecovers(home, { changed: true });
  });
}

Deno.test("a rollout that is emptied after it was listed is a failure until it is whole again", async () => {
  using home = homeOf(5);
  const path = join(home.path, rolloutName(2));
  const result = await run(home, hook(home, `Deno.truncateSync(${JSON.stringify(path)});`));
  assertEquals(reported(result, 3).failed, 1);
  Deno.writeTextFileSync(path, rolloutText(threadId(2), "whole"));
  await assertRecovers(home);
});

Deno.test("a rollout that became a folder after it was listed is a failure that the next run forgets", async () => {
  using home = homeOf(5);
  const path = join(home.path, rolloutName(2));
  const code = `const path = ${JSON.stringify(path)}; Deno.removeSync(path); Deno.mkdirSync(path);`;
  const result = await run(home, hook(home, code));
  assertEquals([reported(result, 3).upserted, reported(result, 3).failed], [4, 1]);
  assertLine(result.stderr, "failed (", path);
  Deno.removeSync(path);
  home.rollout(2);
  await assertRecovers(home);
});

Deno.test("a folder that vanishes after it was listed costs only what was in it", async () => {
  using home = homeOf(5);
  home.rollout(9, "elsewhere", "archived_sessions");
  const folder = join(home.path, FOLDER);
  const away = join(home.top, "away");
  const code = `Deno.renameSync(${JSON.stringify(folder)}, ${JSON.stringify(away)});`;
  const { upserted, failed } = reported(await run(home, hook(home, code)), 3);
  assertEquals([upserted, failed], [1, 5]);
  Deno.renameSync(away, folder);
  await assertRecovers(home);
});

Deno.test("rollouts that are written all the while end up as they are", async () => {
  using home = homeOf(40);
  const paths = Array.from({ length: 40 }, (_, number) => join(home.path, rolloutName(number)));
  let left = 3;
  while (left-- > 0) {
    const child = denoRun(MOD, ["run", "--codex-home", home.path, "--db", home.db, "--json", "--batch-size", "3"])
      .spawn();
    let running = true;
    const output = child.output().finally(() => running = false);
    for (let at = 0; running; at++) {
      const path = paths[at % paths.length] ?? "";
      // Codex writes a line in one piece or in several; both are seen.
      Deno.writeTextFileSync(path, PAGE.slice(0, 60), { append: true });
      await new Promise((resolve) => setTimeout(resolve, 1));
      Deno.writeTextFileSync(path, `${PAGE.slice(60)}\n`, { append: true });
    }
    const { code, stderr } = await output;
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  }
  await assertRecovers(home, { changed: true });
});
