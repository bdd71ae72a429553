/**
 * Removing a file that may not be there.
 *
 * @module
 */

/** Removes a file; that there is none is as good. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
