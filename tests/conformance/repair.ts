/**
 * Playing conformance cases on Codex's own database by the command `backfill repair --compat 0.169.0 --apply`.
 */
import { assert } from "@std/assert";
import { runCli } from "../child.ts";
import { execute, makeState } from "../plugins/store_codex_state/database.ts";
import type { Subject } from "./play.ts";

/** The exit codes that a repair ends with: done, refused because Codex is at it, or something is left to be told. */
const EXPECTED: readonly number[] = [0, 1, 3];

/** The command. */
export const repairCommand: Subject = {
  name: "0.169.0 repair",
  without: {
    "056-paths-invalid-utf8": "Deno gives file names as text, so a folder whose name is not UTF-8 cannot be opened",
    "069-complete-stays": "a repair begins where Codex's own backfill is complete, as that is what it is for",
  },
  prepare: (db) => execute(makeState(db), "UPDATE backfill_state SET status = 'pending', updated_at = 1"),
  async backfill({ home, db, provider, heedModes }) {
    const place = ["--codex-home", home, "--state-db", db, "--default-provider", provider];
    const { code, stderr } = await runCli(["repair", ...place, "--compat", "0.169.0", "--apply", "--quiet"], {
      heedModes,
    });
    assert(EXPECTED.includes(code), stderr);
    assert(code !== 1 || stderr.includes("Codex is backfilling"), stderr);
  },
};
