/**
 * The judgement: the same home, backfilled by a Codex and by us.
 *
 * @module
 */
import { join } from "@std/path";
import { codexBackfill } from "./codex_backfill.ts";
import { compareTables, type Difference } from "./compare.ts";
import { copyHome } from "./homes.ts";
import type { Codex } from "./install.ts";
import { ourBackfill } from "./ours.ts";
import type { Tables } from "./tables.ts";

/** What came out. */
export interface Verdict {
  /** What Codex wrote. */
  readonly expected: Tables;
  /** What we wrote, or `undefined` if our command cannot do this version alike. */
  readonly actual: Tables | undefined;
  /** Where the two differ. */
  readonly differences: readonly Difference[];
}

/**
 * Backfills copies of a home with a Codex and with our command, and compares.
 *
 * @param codex The Codex.
 * @param home The home. It is only read.
 * @param provider The model provider that both are configured with.
 * @returns What came out.
 */
export async function judge(codex: Codex, home: string, provider: string): Promise<Verdict> {
  // Resolved, because Codex stores resolved paths.
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "oracle-judge-" }));
  try {
    const theirs = await copyHome(home, join(folder, "codex"));
    const ours = await copyHome(home, join(folder, "ours"));
    const expected = await codexBackfill(codex, theirs, provider);
    const actual = await ourBackfill(codex.version, ours, provider, join(folder, "ours.sqlite"));
    return { expected, actual, differences: actual === undefined ? [] : compareTables(expected, actual) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
