/**
 * Telling that nothing is at a path from not being allowed to know.
 *
 * @module
 */
import { isGranted } from "./granted.ts";

/** Whether an error says that nothing is at a path. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Whether a path, through whatever links, leads to nothing; where that may not be asked, it may not. */
export function leadsNowhere(path: string): boolean {
  if (!isGranted("read", path)) return false;
  try {
    Deno.statSync(path);
    return false;
  } catch (error) {
    return isAbsent(error);
  }
}
