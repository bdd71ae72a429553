/**
 * Kills the command wherever it can be killed, and checks that nothing is lost and nothing doubled.
 *
 *     deno task crash --kills 1000 [--seed S]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { killLoop } from "./kill_loop.ts";

const USAGE = "usage: deno task crash [--kills N] [--seed S]";

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not "${text}"\n${USAGE}`);
  Deno.exit(2);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { kills: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
  });
  const kills = number("kills", values.kills), seed = number("seed", values.seed);
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "crash-" }));
  console.log(`${kills} kills at random moments, seed ${seed}`);
  const { killed, ended, compared, wrong } = await killLoop({
    kills,
    seed,
    folder,
    rollouts: [150, 400],
    say: console.log,
  });
  for (const line of wrong) console.log(line);
  console.log(
    `${killed} runs killed, ${ended} ended, ${compared} databases compared, ${
      wrong.length > 0 ? "WRONG" : "all alike"
    }`,
  );
  if (wrong.length === 0) Deno.removeSync(folder, { recursive: true });
  else Deno.exitCode = 1;
}
