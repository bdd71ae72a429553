/**
 * Random histories of a home and of the runs over it, against a model. A history that goes wrong is made shorter and printed;
 * `MODEL_REPLAY='[…]'` plays it again, `MODEL_RUNS` and `MODEL_SEED` say how many others to try and which.
 */
import fc from "../fast_check.ts";
import { type Action, actions } from "./actions.ts";
import { play } from "./play.ts";

const numRuns = Number(Deno.env.get("MODEL_RUNS") ?? 250);
const seed = Number(Deno.env.get("MODEL_SEED") ?? Date.now() & 0x7fffffff);
const replay = Deno.env.get("MODEL_REPLAY");

Deno.test("whatever happens to a home, a store holds what the model says", async () => {
  if (replay !== undefined) return await play(JSON.parse(replay));
  await fc.assert(
    fc.asyncProperty(actions, (history: Action[]) => play(history)),
    {
      seed,
      numRuns,
      reporter(out) {
        if (!out.failed) return console.log(`seed ${out.seed}: ${out.numRuns} histories, all as the model says`);
        const [history] = out.counterexample ?? [];
        throw new Error(
          `seed ${out.seed}, after ${out.numRuns} histories and ${out.numShrinks} steps of making it shorter:\n` +
            `MODEL_REPLAY='${JSON.stringify(history)}'\n${String(out.errorInstance)}`,
        );
      },
    },
  );
});
