/**
 * Reads rollouts that are harmed in every way, and checks that none does any harm.
 *
 *     deno task fuzz --count 100000 [--seed S] [--judge N]
 *
 * By every set of rules, with and without worker threads, every rollout must end as a row or as a failure with a reason, within
 * bounded time and memory. `--judge` lets the real Codex, installed from npm, read so many of them as well: it must make the
 * same rows. Ends with 0 if all is well, 1 if not, 2 if it was called wrongly.
 *
 * @module
 */
import { numberFlags } from "../number_flags.ts";
import { guardChildren } from "../oracle/children.ts";
import { fuzz } from "./fuzz.ts";
import { judgeHostileHome } from "./judge_home.ts";

const USAGE = "usage: deno task fuzz [--count N] [--seed S] [--judge N]";

if (import.meta.main) {
  guardChildren();
  const { count, seed, judge: judged } = numberFlags(USAGE, { count: 100_000, seed: 1, judge: 0 });
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "fuzz-" }));
  const say = console.log;
  const wrong: string[] = [];
  say(`${count} hostile rollouts, seed ${seed}`);
  wrong.push(...(await fuzz({ count, seed, folder, say })).wrong);
  if (wrong.length === 0 && judged > 0) wrong.push(...await judgeHostileHome({ count: judged, seed, folder, say }));
  for (const line of wrong) say(line);
  say(wrong.length > 0 ? "something is wrong" : "every rollout is a row or a failure with a reason");
  if (wrong.length === 0) Deno.removeSync(folder, { recursive: true });
  else Deno.exitCode = 1;
}
