/**
 * Rollouts that are harmed in every way do no harm. `deno task fuzz` reads more of them, and lets the real Codex judge some.
 */
import { assert, assertEquals } from "@std/assert";
import { fuzz } from "../../tools/fuzz/fuzz.ts";
import { makeHostileHome } from "../../tools/fuzz/hostile_home.ts";
import { originals } from "../../tools/fuzz/originals.ts";

/** Enough for worker threads to be started. */
const COUNT = 600;

async function assertHarmless(seed: number): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "fuzz-" }));
  const { rollouts, rows, failures, threads, wrong } = await fuzz({ count: COUNT, seed, folder, say: () => {} });
  assertEquals(wrong, []);
  assertEquals([rollouts, rows + failures], [COUNT, COUNT]);
  assert(rows > 100 && failures > 10, `${rows} rows and ${failures} failures`);
  assert(threads > 0, "no worker thread was started");
  Deno.removeSync(folder, { recursive: true });
}

Deno.test("hostile rollouts are rows or failures with a reason, by every profile, with and without threads", async () => {
  await assertHarmless(1);
});

Deno.test("hostile rollouts of a seed that nobody chose are rows or failures with a reason", async () => {
  const seed = Date.now() & 0x3fffffff;
  console.log(`deno task fuzz --count ${COUNT} --seed ${seed}`);
  await assertHarmless(seed);
});

Deno.test("the same seed makes the same hostile rollouts, another seed others", () => {
  const folder = Deno.makeTempDirSync(), from = originals();
  const make = (name: string, seed: number) => {
    const { notes } = makeHostileHome(`${folder}/${name}`, from, 60, seed);
    return [...notes].map(([path, note]) => [path, note, Deno.readFileSync(`${folder}/${name}/${path}`).toHex()]);
  };
  const [one, same, other] = [make("one", 5), make("same", 5), make("other", 6)];
  assertEquals(one, same);
  assert(JSON.stringify(one) !== JSON.stringify(other));
  Deno.removeSync(folder, { recursive: true });
});
