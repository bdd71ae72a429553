/**
 * The oracle: lets the real Codex say what is right.
 *
 *     deno task oracle [--quick] [--writers VERSION,…] [--home DIR [--default-provider NAME]] [--mutate N [--seed S] [--shrink]] [--keep DIR]
 *
 * Installs both versions of Codex from npm, lets their CLIs write rollouts against a stand-in for the model API on a loopback port
 * (or takes the rollouts of a home), backfills the same home with each of them and with our command, and compares row by row; then
 * restores half of the rollouts after Codex's own backfill was complete, and lets it judge what our repair makes of that.
 * Ends with 0 if all agree, 1 if not, 2 if it was called wrongly. Where npm cannot install Codex it says so and ends with 0.
 *
 * @module
 */
import { copy } from "@std/fs";
import { join } from "@std/path";
import type { ColumnChange } from "../../plugins/codex_repair/findings.ts";
import { segmentOf } from "../../plugins/segment.ts";
import { guardChildren } from "./children.ts";
import { rollouts } from "./homes.ts";
import { type Codex, installCodex, InstallError } from "./install.ts";
import { judge } from "./judge.ts";
import { mutateHome } from "./mutated_home.ts";
import { type Options, parseOptions, USAGE, UsageError } from "./options.ts";
import { ourCommand } from "./ours.ts";
import { complaints, judgeRepair } from "./repair_judge.ts";
import { report, rolloutOf } from "./report.ts";
import { PROVIDER, writeSampleHome } from "./sample_home.ts";
import { shrinkRollout } from "./shrink.ts";

/** The versions that are asked: of the time when Codex began to backfill, and of today. */
const OLD = "0.99.0", NEW = "0.169.0";

/** How many rollouts that make a difference are made short. */
const SHRUNK = 3;

/** A home to be judged. */
interface Subject {
  readonly home: string;
  readonly provider: string;
  /** What is known of its rollouts, by path. */
  readonly notes: ReadonlyMap<string, string>;
}

async function main(options: Options): Promise<number> {
  let versions: { readonly old: Codex; readonly new: Codex };
  try {
    versions = { old: await installCodex(OLD), new: await installCodex(NEW) };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.log(`oracle skipped: ${error.message}`);
    return 0;
  }
  const folder = await Deno.makeTempDir({ prefix: "oracle-" });
  try {
    const subject = await makeSubject(options, versions, folder);
    if (options.keep !== undefined) {
      await copy(subject.home, options.keep, { preserveTimestamps: true });
      console.log(`the home is kept in ${options.keep}`);
    }
    console.log(`${rollouts(subject.home).length} rollouts`);
    const verdicts = options.mutate === 0 && options.home === undefined ? [await isRight(subject)] : [];
    for (const codex of [versions.old, versions.new]) verdicts.push(await compareWith(codex, subject, options.shrink));
    if (options.mutate === 0) verdicts.push(await repairs(versions.new, subject, folder));
    return verdicts.every((agrees) => agrees) ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function makeSubject(
  { quick, writers, home, provider, mutate, seed }: Options,
  versions: { readonly old: Codex; readonly new: Codex },
  folder: string,
): Promise<Subject> {
  const plain = home === undefined
    ? {
      home: await writeSampleHome(versions, folder, { quick, writers, onScenario: say }),
      provider: PROVIDER,
      notes: new Map(),
    }
    : { home, provider, notes: new Map() };
  if (mutate === 0) return plain;
  console.log(`mutating: ${mutate} rollouts, seed ${seed}`);
  const mutated = join(folder, "mutated");
  return { ...plain, home: mutated, notes: await mutateHome(plain.home, mutated, mutate, seed) };
}

/** Whether a Codex and we agree. */
async function compareWith(codex: Codex, { home, provider, notes }: Subject, shrink: boolean): Promise<boolean> {
  const verdict = await judge(codex, home, provider);
  for (const line of report(codex.version, verdict, notes)) console.log(line);
  const guilty = new Set(verdict.differences.map((difference) => rolloutOf(difference, verdict)));
  for (const path of shrink ? [...guilty].slice(0, SHRUNK) : []) {
    if (path === undefined) continue;
    const bytes = await shrinkRollout(codex, home, path, provider);
    // As JSON, so that the terminal does not act on it.
    console.log(
      `  ${path}, made short: ${bytes ? JSON.stringify(new TextDecoder().decode(bytes)) : "no difference alone"}`,
    );
  }
  return verdict.differences.length === 0;
}

/** Whether nothing is found wrong with the rows that Codex wrote itself while it played, but for what its own backfill loses. */
async function isRight({ home }: Subject): Promise<boolean> {
  const { stdout } = await ourCommand(["verify", "--codex-home", home, "--json"]);
  const { rows, stale, archived, differing, samples } = JSON.parse(stdout);
  const lost = samples.differing.filter(({ columns }: { columns: ColumnChange[] }) => columns.every(isLost));
  const isRight = stale + archived + differing === lost.length;
  console.log(`verify: ${isRight ? "nothing" : JSON.stringify(samples)} is wrong with ${rows} rows that Codex wrote`);
  return isRight;
}

/** Whether a value is one that Codex's own backfill loses: names, and by what forks are listed in which nothing was said. */
function isLost({ column, before }: ColumnChange): boolean {
  return column === "name" && before === null || column === "preview" && before === "";
}

/** Whether a repair of Codex's own database does what it is for. */
async function repairs(codex: Codex, { home, provider }: Subject, folder: string): Promise<boolean> {
  // Of several files of a thread codex doctor would miss all but one, whatever is done.
  const paths = rollouts(home).filter((path) => segmentOf(path) === "");
  const files = new Map(paths.map((path) => [path, Deno.readFileSync(join(home, path))]));
  const repaired = await Deno.realPath(await Deno.makeTempDir({ dir: folder }));
  const complained = complaints(await judgeRepair(codex, repaired, provider, files));
  for (const complaint of complained) console.log(`repair: ${complaint}`);
  if (complained.length === 0) console.log(`repair: half of ${files.size} rollouts restored, codex doctor agrees`);
  return complained.length === 0;
}

function say(scenario: string): void {
  console.log(`playing: ${scenario}`);
}

if (import.meta.main) {
  guardChildren();
  try {
    const options = parseOptions(Deno.args);
    if (options === undefined) console.log(USAGE);
    else Deno.exitCode = await main(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    Deno.exitCode = 2;
  }
}
