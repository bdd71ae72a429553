/**
 * Who takes part: ours, what it is measured against, and the tools that others wrote.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { appendLine, type Corpus } from "./corpus.ts";
import { runProgram, type Sample } from "./sample.ts";

/** The names of what is measured, as the tables have them. */
export const OURS = "ours, first run", IDLE = "ours, nothing new", APPENDED = "ours, one line appended";

/** Somebody who takes part. */
export interface Contestant {
  /** What is measured, in the order in which it is. */
  readonly measures: readonly string[];
  /** Runs once, and says what each measure cost: its time, or its memory if that is watched. */
  run(corpus: Corpus, watched: boolean): Promise<readonly Sample[]>;
}

/** Our command: a first run into a new database, a second one, and one after a line was appended. */
export const ours: Contestant = {
  measures: [OURS, IDLE, APPENDED],
  async run({ home, one }, watched) {
    const folder = await Deno.makeTempDir({ prefix: "bench-db-" });
    try {
      const db = join(folder, "bench.sqlite");
      const first = await backfill(home, db, watched), idle = await backfill(home, db, watched);
      using _appended = appendLine(one);
      return [first, idle, await backfill(home, db, watched)];
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

/** One of the programs that ours is measured against. */
export function reference(name: string, module: string): Contestant {
  return {
    measures: [name],
    async run({ home }, watched) {
      const path = fromFileUrl(new URL(`./references/${module}.ts`, import.meta.url));
      // Like ours with no more than it needs: with all permissions Deno opens files faster.
      const args = ["run", "-q", "--no-prompt", "--allow-read", path, join(home, "sessions")];
      const { stdout, ...cost } = await runProgram(Deno.execPath(), args, watched);
      return [{ ...cost, rows: Number.parseInt(stdout) }];
    },
  };
}

async function backfill(home: string, db: string, watched: boolean): Promise<Sample> {
  const map = Deno.env.get("BACKFILL_IMPORT_MAP");
  const { stdout, ...cost } = await runProgram(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    ...(map ? [`--import-map=${map}`] : []),
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys=hostname",
    fromFileUrl(new URL("../../mod.ts", import.meta.url)),
    "run",
    "--codex-home",
    home,
    "--db",
    db,
    "--json",
  ], watched);
  const { upserted, skipped }: { upserted: number; skipped: number } = JSON.parse(stdout);
  return { ...cost, rows: upserted + skipped };
}
