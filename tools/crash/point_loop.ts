/**
 * Dying at every point of a run, one after the other, and looking at what the next run makes of that.
 *
 * @module
 */
import { copy } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import { Random } from "../oracle/random.ts";
import { denoRun } from "./command.ts";
import { differences, readContents } from "./contents.ts";
import { type FaultyRun, faultyRun, throwDeath } from "./faulty_run.ts";
import { SeededHome } from "./seeded_home.ts";

/** How {@linkcode pointLoop} works. */
export interface PointLoopOptions {
  /** Decides the home and what happens to it. */
  readonly seed: number;
  /** Where homes and databases go. */
  readonly folder: string;
  /** How runs die: by SIGKILL in a process of their own, or by an error in this one. */
  readonly by: "signal" | "error";
  /** Every how many points. */
  readonly every: number;
  /** Every how many points of the run with worker threads, which has thousands; it dies by a signal only. */
  readonly everyOnThreads: number;
  /** Is told how it goes. */
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface PointLoopResult {
  /** How many runs died. */
  readonly died: number;
  /** What was wrong. */
  readonly wrong: readonly string[];
}

/** Runs that differ in what there is to do. */
const SCENARIOS = [
  { name: "first run", rollouts: 9, before: false, changes: 0, provider: "openai", threads: false },
  { name: "run that catches up", rollouts: 9, before: true, changes: 14, provider: "openai", threads: false },
  { name: "run of a new extractor", rollouts: 9, before: true, changes: 0, provider: "other", threads: false },
  { name: "first run on threads", rollouts: 520, before: false, changes: 0, provider: "openai", threads: true },
] as const;

/** What is killed again and again: the same database, with the same to do. */
interface Subject {
  readonly folder: string;
  readonly home: string;
  readonly provider: string;
  readonly threads: boolean;
  /** The database as it was before, if there was one. */
  readonly base: string | undefined;
}

/** Dies at the points of every scenario, until something is wrong. */
export async function pointLoop(options: PointLoopOptions): Promise<PointLoopResult> {
  let died = 0;
  for (const scenario of SCENARIOS) {
    if (scenario.threads && options.by === "error") continue;
    const folder = join(options.folder, scenario.name.replaceAll(" ", "-"));
    const home = new SeededHome(join(folder, "home"), scenario.rollouts, new Random(options.seed));
    const base = join(folder, "base.sqlite");
    if (scenario.before) await undisturbed(home.path, base, "openai");
    for (let left: number = scenario.changes; left > 0; left--) home.change();
    const { provider, threads } = scenario;
    const subject = { folder, home: home.path, provider, threads, base: scenario.before ? base : undefined };
    const every = threads ? options.everyOnThreads : options.every;
    const wrong = await everyPoint(subject, { ...options, every });
    died += wrong.died;
    if (wrong.lines.length > 0) return { died, wrong: [`${scenario.name}; kept in ${folder}`, ...wrong.lines] };
    const tried = every === 1 ? "" : `, of which one in ${every} was tried`;
    options.say(`${scenario.name}: ${wrong.died} deaths at ${wrong.points} points${tried}`);
    Deno.removeSync(folder, { recursive: true });
  }
  return { died, wrong: [] };
}

async function everyPoint(subject: Subject, { every, by }: PointLoopOptions) {
  const { folder, home, provider, threads } = subject;
  const whole = join(folder, "whole.sqlite");
  await prepare(subject, whole);
  const { points, passed } = await faultyRun({ home, db: whole, provider, threads, dieAt: 0 }, throwDeath);
  if (threads && passed === points.length) throw new Error("no worker thread was started");
  const wanted = readContents(whole, false);
  let died = 0;
  for (let dieAt = 1; dieAt <= passed; dieAt += every) {
    const dir = join(folder, "dead"), db = join(dir, "a.sqlite");
    Deno.mkdirSync(dir);
    await prepare(subject, db);
    const run = { home, db, provider, threads, dieAt };
    if (by === "error") await faultyRun(run, throwDeath);
    else await killed(run);
    died++;
    await undisturbed(home, db, provider);
    const left = Array.from(Deno.readDirSync(dir), ({ name }) => name).filter((name) => name !== "a.sqlite");
    const lines = [...left.map((name) => `left behind: ${name}`), ...differences(readContents(db, false), wanted)];
    const about = `died at point ${dieAt} of ${passed}${threads ? "" : `: ${points[dieAt - 1]}`}`;
    if (lines.length > 0) return { died, points: passed, lines: [about, ...lines] };
    Deno.removeSync(dir, { recursive: true });
  }
  return { died, points: passed, lines: [] };
}

async function prepare({ base }: Subject, db: string): Promise<void> {
  if (base !== undefined) await copy(base, db);
}

async function undisturbed(home: string, db: string, provider: string): Promise<void> {
  await faultyRun({ home, db, provider, dieAt: 0, threads: false }, throwDeath);
}

async function killed(run: FaultyRun): Promise<void> {
  const module = fromFileUrl(new URL("./faulty_run.ts", import.meta.url));
  const { signal, stderr } = await denoRun(module, [JSON.stringify(run)]).output();
  // How often a thread reads depends on the other: the last points may not be reached.
  if (signal !== "SIGKILL" && !run.threads) {
    throw new Error(`a run outlived point ${run.dieAt}: ${new TextDecoder().decode(stderr)}`);
  }
}
