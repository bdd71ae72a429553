/**
 * Whether a rollout is still where it was, as far as can be told.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";

/**
 * Whether a rollout is there, compressed or not. Where that may not be asked, it is believed to be; so it is behind a link that
 * leads nowhere, as to a disk that is not mounted.
 *
 * @param path Where it was.
 */
export function isThere(path: string): boolean {
  const plain = withoutCompression(path);
  return [plain, `${plain}.zst`].some(mayBeFile) || isBehindDanglingLink(path);
}

function mayBeFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    return !isAbsent(error);
  }
}

function isBehindDanglingLink(path: string): boolean {
  for (let place = path; place !== dirname(place); place = dirname(place)) {
    try {
      Deno.statSync(place);
      return false;
    } catch {
      if (isLink(place)) return true;
    }
  }
  return false;
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** The path that a rollout has while it is not compressed. Codex compresses in place, and finds a rollout by either. */
export function withoutCompression(path: string): string {
  return path.replace(/\.zst$/, "");
}

/** Whether two paths are those of one rollout, compressed or not. Codex may keep a path as it came to it, through links. */
export function isSameFile(one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const [first, second] = [withoutCompression(one), withoutCompression(other)];
  return first === second || basename(first) === basename(second) && resolved(first) === resolved(second);
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
