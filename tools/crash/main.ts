/**
 * Kills the command wherever it can be killed, lets two of it work at once, and checks that nothing is lost and nothing doubled.
 *
 *     deno task crash --kills 1000 [--seconds 60] [--seed S]
 *
 * Ends with 0 if every database was the one that an undisturbed run makes, 1 if not, 2 if it was called wrongly.
 *
 * @module
 */
import { numberFlags } from "../number_flags.ts";
import { killLoop } from "./kill_loop.ts";
import { pointLoop } from "./point_loop.ts";
import { twoWorkers } from "./two_workers.ts";

const USAGE = "usage: deno task crash [--kills N] [--seconds N] [--seed S]";

if (import.meta.main) {
  const { kills, seconds, seed } = numberFlags(USAGE, { kills: 1000, seconds: 60, seed: 1 });
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "crash-" }));
  const say = console.log;
  const wrong: string[] = [];
  say(`SIGKILL at every point between source, commit and checkpoint, seed ${seed}`);
  const points = await pointLoop({ seed, folder, by: "signal", every: 1, everyOnThreads: 97, say });
  wrong.push(...points.wrong);
  if (wrong.length === 0 && kills > 0) {
    say(`SIGKILL at ${kills} random moments, seed ${seed}`);
    const loop = await killLoop({ kills, seed, folder, rollouts: [150, 650], say });
    say(`${loop.killed} runs killed, ${loop.ended} ended, ${loop.compared} databases compared`);
    wrong.push(...loop.wrong);
  }
  if (wrong.length === 0 && seconds > 0) {
    say(`two workers at once for ${seconds} seconds, seed ${seed}`);
    const two = await twoWorkers({ seconds, seed, folder, say });
    wrong.push(...two.wrong);
  }
  for (const line of wrong) say(line);
  say(wrong.length > 0 ? "something is wrong" : "nothing lost, nothing doubled");
  if (wrong.length === 0) Deno.removeSync(folder, { recursive: true });
  else Deno.exitCode = 1;
}
