/**
 * Playing conformance cases on a database with Codex's own schema, as Codex 0.169.0 does.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { backfill, codexExtractor, rolloutSource } from "../../mod.ts";
import { codexStateStore, inspectCodexState } from "../../plugins/store_codex_state/mod.ts";
import { denoRun } from "../child.ts";
import { execute, makeState } from "../plugins/store_codex_state/database.ts";
import type { Subject, SubjectRun } from "./play.ts";

/** Codex's own database. */
export const codexState: Subject = {
  name: "0.169.0 state_5.sqlite",
  without: {
    "056-paths-invalid-utf8": "Deno gives file names as text, so a folder whose name is not UTF-8 cannot be opened",
  },
  prepare: (db) => execute(makeState(db), "DELETE FROM backfill_state"),
  async backfill(run) {
    if (!run.heedModes) return await backfillLikeCodex(run);
    const { code, stderr } = await denoRun(fromFileUrl(import.meta.url), [JSON.stringify(run)], { heedModes: true })
      .output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  },
};

/** Does what Codex does when it starts. */
async function backfillLikeCodex({ home, db, provider }: SubjectRun): Promise<void> {
  {
    // Where its backfill is complete Codex begins none.
    using state = await inspectCodexState(db);
    if (state.backfill?.status === "complete") return;
  }
  await using store = await codexStateStore({ path: db, compat: "0.169.0" });
  const source = rolloutSource({ codexHome: home, compat: "0.169.0" });
  const extractor = codexExtractor({ profile: "0.169.0", defaultProvider: provider });
  // Where another Codex has the lease, nothing is done.
  await backfill({ source, extractor, store }).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "LeaseHeldError") throw error;
  });
}

if (import.meta.main) await backfillLikeCodex(JSON.parse(Deno.args[0] ?? ""));
