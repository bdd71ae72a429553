/**
 * Where something lies while a command runs: the system's folder for temporary files.
 *
 * @module
 */
import { reasonOf, StoreError } from "../src/errors.ts";

/** How the name of everything begins that is made there. */
export const SCRATCH_PREFIX = "rollout_backfill_";

/**
 * Makes something in the folder for temporary files.
 *
 * @param what What it is for, to be told if it cannot be made.
 * @param folder An existing folder instead.
 * @param make Makes it.
 * @throws {StoreError} If it cannot be made.
 */
export function makeScratch(
  what: string,
  folder: string | undefined,
  make: (options: Deno.MakeTempOptions) => string,
): string {
  try {
    const dir = folder ?? (saysNothing("TMPDIR") ? "/tmp" : undefined);
    return make({ prefix: SCRATCH_PREFIX, ...(dir === undefined ? {} : { dir }) });
  } catch (error) {
    const where = folder === undefined ? "the folder for temporary files" : `"${folder}"`;
    throw new StoreError(
      `Cannot make ${what} in ${where}: ${reasonOf(error)}. ` +
        `Set ${Deno.build.os === "windows" ? "TMP" : "TMPDIR"} to a folder that is there, and allow writing it`,
      { cause: error },
    );
  }
}

/** Whether a variable of Unix is set and empty, which is as good as not at all; Deno would take the current folder, or fail. */
function saysNothing(variable: string): boolean {
  if (Deno.build.os === "windows") return false;
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted" && Deno.env.get(variable) === "";
}
