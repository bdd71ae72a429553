/**
 * Whether a rollout is still where it was, as far as can be told.
 *
 * @module
 */
import { basename } from "@std/path";
import { isAbsent } from "./absent.ts";
import { bothForms, withoutCompression } from "./compression.ts";
import { isGranted } from "./granted.ts";
import { danglingLink, resolved } from "./link.ts";

/**
 * Whether a rollout is there, compressed or not. Where that may not be asked, it is believed to be; so it is behind a link that
 * leads nowhere, as to a disk that is not mounted.
 *
 * @param path Where it was.
 */
export function isThere(path: string): boolean {
  return bothForms(path).some(mayBeFile) || danglingLink(path) !== undefined;
}

function mayBeFile(path: string): boolean {
  if (!isGranted("read", path)) return true;
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    return !isAbsent(error);
  }
}

/** Whether two paths are those of one rollout, compressed or not. Codex may keep a path as it came to it, through links. */
export function isSameFile(one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const [first, second] = [withoutCompression(one), withoutCompression(other)];
  return first === second || basename(first) === basename(second) && resolved(first) === resolved(second);
}
