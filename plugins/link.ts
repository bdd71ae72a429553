/**
 * Symbolic links, and what paths are without them.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";

/** Whether there is a link at a path, wherever it leads. */
export function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

/** A path without links, as far as there is anything at it. */
export function resolved(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(resolved(folder), basename(path));
  }
}
