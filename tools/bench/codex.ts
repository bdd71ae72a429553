/**
 * Codex's own backfill as a contestant.
 *
 * @module
 */
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { backfillCompleted, beginBackfill } from "../oracle/codex_backfill.ts";
import { writeConfig } from "../oracle/environment.ts";
import type { Codex } from "../oracle/install.ts";
import type { Contestant } from "./contestants.ts";
import { PeakMemory } from "./sample.ts";

/** How long a backfill may take, in milliseconds. */
const PATIENCE_MS = 300_000;

/** A Codex: from the start of its app-server until its database says that the backfill is complete. */
export function codexContestant(codex: Codex): Contestant {
  return {
    measures: [`Codex ${codex.version}`],
    async run(corpus, watched) {
      // A home of its own at every time: nothing that Codex keeps there is there before, or is left in the corpus.
      const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "bench-codex-" }));
      try {
        linkFiles(join(corpus.home, "sessions"), join(home, "sessions"));
        await writeConfig(home, "openai");
        using memory = new PeakMemory();
        const startedAt = performance.now();
        await using backfill = await beginBackfill(codex, home, (pid) => watched && memory.watch(pid));
        const database = await backfillCompleted(home, PATIENCE_MS);
        const ms = performance.now() - startedAt;
        return [{ ms, peakBytes: memory.bytes, rows: countThreads(database, backfill.own) }];
      } finally {
        await Deno.remove(home, { recursive: true });
      }
    },
  };
}

/** The same files under other names, so that Codex has a home to write to and the corpus stays as it is. */
function linkFiles(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) linkFiles(join(from, name), join(to, name));
    else Deno.linkSync(join(from, name), join(to, name));
  }
}

function countThreads(path: string, own: ReadonlySet<string>): number {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare("SELECT id FROM threads").all().filter(({ id }) => !own.has(String(id))).length;
}
