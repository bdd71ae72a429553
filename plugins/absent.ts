/**
 * Telling that nothing is at a path from not being allowed to know.
 *
 * @module
 */

/** Whether an error says that nothing is at a path. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
