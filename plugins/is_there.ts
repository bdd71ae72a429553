/**
 * Whether a rollout is still where it was, as far as can be told.
 *
 * @module
 */
import { dirname } from "@std/path";

/**
 * Whether a rollout is there, compressed or not. Where that may not be asked, it is believed to be; so it is behind a link that
 * leads nowhere, as to a disk that is not mounted.
 *
 * @param path Where it was.
 */
export function isThere(path: string): boolean {
  const plain = path.replace(/\.zst$/, "");
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
