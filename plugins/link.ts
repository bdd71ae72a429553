/**
 * Symbolic links, and what paths are without them. Of a path that may not be read nothing is known: Deno would ask on a terminal.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { isGranted } from "./granted.ts";

/** How many links may follow one another; no system follows more. */
const MOST_LINKS = 64;

/** Whether there is a link at a path, wherever it leads. */
export function isLink(path: string): boolean {
  if (!isGranted("read", path)) return false;
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

/** Where a path leads that may be a link: the path of what is none, whether there is anything at it or not. */
export function endOfLinks(path: string): string {
  let end = path;
  for (let steps = 0; steps < MOST_LINKS && isLink(end); steps++) {
    // What a link says counts from the folder that it lies in, by whatever links that was come to.
    end = resolve(resolved(dirname(end)), Deno.readLinkSync(end));
  }
  return end;
}

/** The link that leads nowhere, as to a disk that is not mounted, by which a path leads nowhere; `undefined` if there is none. */
export function danglingLink(path: string): string | undefined {
  for (let place = path; place !== dirname(place) && isGranted("read", place); place = dirname(place)) {
    try {
      Deno.statSync(place);
      return undefined;
    } catch {
      if (isLink(place)) return place;
    }
  }
  return undefined;
}

/** A path without links, as far as there is anything at it that may be read. */
export function resolved(path: string): string {
  if (!isGranted("read", path)) return path;
  try {
    return Deno.realPathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(resolved(folder), basename(path));
  }
}
