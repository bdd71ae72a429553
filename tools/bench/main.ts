/**
 * The benchmark: our command beside Codex's own backfill, ccusage, the mere reading of the same bytes, and the obvious way.
 *
 *     deno task bench [--quick] [--rounds N] [--seed S] [--corpus NAME] [--alone] [--out FILE] [--readme]
 *
 * Makes its corpora, runs everybody as whole processes, in turn, and prints the medians. Whoever does not find every rollout ends
 * it. What npm cannot install is left out, and that is said.
 *
 * @module
 */
import { join } from "@std/path";
import { guardChildren } from "../oracle/children.ts";
import { installCodex, InstallError } from "../oracle/install.ts";
import { ccusageContestant } from "./ccusage.ts";
import { codexContestant } from "./codex.ts";
import { type Contestant, IDLE, OURS, ours, reference } from "./contestants.ts";
import { type CorpusShape, writeCorpus } from "./corpus.ts";
import { type Options, parseOptions, USAGE, UsageError } from "./options.ts";
import { updateReadme } from "./readme.ts";
import { type CorpusResult, DisagreementError, Samples } from "./results.ts";
import { size, table } from "./table.ts";

/** A corpus, and who takes part. */
interface Round {
  readonly shape: CorpusShape;
  readonly contestants: readonly Contestant[];
  /** The measure that the others are compared with. */
  readonly base: string;
}

const floor = reference("the same bytes, only read", "read");
const walk = reference("the same files, only looked at", "walk");
const parse = reference("every line by `JSON.parse`", "parse");

function plan({ quick }: Options, others: readonly Contestant[]): Round[] {
  const all = [floor, ours, parse, ...others], scale = quick ? 8 : 1;
  const shape = (name: string, files: number, megabytes: number): CorpusShape => (
    { name, files: Math.round(files / scale), bytes: megabytes * 1e6 / scale }
  );
  return [
    { shape: shape("large rollouts", 336, 1_360), contestants: all, base: OURS },
    { shape: shape("small rollouts", 5_000, 236), contestants: all, base: OURS },
    { shape: { ...shape("many rollouts", 160_000, 1), tiny: true }, contestants: [walk, ours], base: IDLE },
  ];
}

async function others(): Promise<Contestant[]> {
  const found: Contestant[] = [];
  const makers = [
    async () => codexContestant(await installCodex("0.99.0")),
    async () => codexContestant(await installCodex("0.169.0")),
    ccusageContestant,
  ];
  for (const make of makers) {
    try {
      found.push(await make());
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      console.error(`left out: ${error.message}`);
    }
  }
  return found;
}

async function measure({ shape, contestants }: Round, { rounds, seed }: Options): Promise<CorpusResult> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "bench-" }));
  try {
    const corpus = writeCorpus(join(folder, "home"), shape, seed);
    console.error(`${shape.name}: ${size(corpus)}`);
    const samples = new Samples();
    // The first round is for memory. It also brings everything into the cache: whoever was first would read from the disk.
    for (let round = 0; round <= rounds; round++) {
      const watched = round === 0;
      for (const { measures, run } of contestants) {
        const costs = await run(corpus, watched);
        measures.forEach((measure, at) => {
          const cost = costs[at];
          if (cost && watched) samples.addPeak(measure, cost);
          else if (cost) samples.add(measure, cost);
        });
      }
    }
    return samples.summarize(corpus);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function main(options: Options): Promise<void> {
  const rounds = plan(options, options.alone ? [] : await others())
    .filter(({ shape }) => options.corpora.length === 0 || options.corpora.some((name) => shape.name.includes(name)));
  const machine = `${navigator.hardwareConcurrency} cores, ${Deno.build.target}, Deno ${Deno.version.deno}`;
  const tables: string[] = [], results: CorpusResult[] = [];
  for (const round of rounds) {
    const result = await measure(round, options);
    results.push(result);
    tables.push(`${result.name}: ${size(result)}, medians of ${options.rounds} rounds\n\n${table(result, round.base)}`);
    console.log(`\n${tables.at(-1)}\n`);
  }
  const json = { machine, rounds: options.rounds, seed: options.seed, quick: options.quick, corpora: results };
  await Deno.writeTextFile(options.out, `${JSON.stringify(json, null, 2)}\n`);
  console.error(`written: ${options.out}`);
  if (options.readme) await updateReadme([`Measured on ${machine}.`, ...tables].join("\n\n"));
}

if (import.meta.main) {
  guardChildren();
  try {
    const options = parseOptions(Deno.args);
    if (options === undefined) console.log(USAGE);
    else await main(options);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DisagreementError)) throw error;
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error.message);
    Deno.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
