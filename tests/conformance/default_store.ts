/**
 * Playing conformance cases on the default store, as `backfill run --compat VERSION` does.
 */
import { assertEquals } from "@std/assert";
import { backfillCodex } from "../../mod.ts";
import { runCli } from "../child.ts";
import type { Subject, Version } from "./play.ts";

/** The default store, doing like a version. */
export function defaultStore(version: Version): Subject {
  return {
    name: version,
    without: {
      "056-paths-invalid-utf8": "Deno gives file names as text, so a folder whose name is not UTF-8 cannot be opened",
      "069-complete-stays": "a run after complete takes what is new",
      "070-lease-held": "the lease of this store names its owner; without an owner it is free",
    },
    async backfill({ home, db, provider, heedModes }) {
      if (!heedModes) {
        await backfillCodex({ codexHome: home, db, compat: version, defaultProvider: provider });
        return;
      }
      const args = ["--codex-home", home, "--db", db, "--compat", version, "--default-provider", provider];
      const { code, stderr } = await runCli(args, { heedModes });
      assertEquals(code, 3, stderr);
    },
  };
}
