/**
 * Whether the file of a row is there, as far as can be told.
 *
 * @module
 */
import { dirname } from "@std/path";

/**
 * Whether a row's file is there, compressed or not. Where that may not be asked, it is believed to be; so it is below a link that
 * leads nowhere, as to a disk that is not mounted.
 *
 * @param path The path that the row has.
 */
export function isThere(path: string): boolean {
  const plain = path.replace(/\.zst$/, "");
  return [plain, `${plain}.zst`].some(mayBeFile) || isBelowDanglingLink(path);
}

function mayBeFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    return !isAbsent(error);
  }
}

function isBelowDanglingLink(path: string): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      Deno.statSync(folder);
      return false;
    } catch {
      if (isLink(folder)) return true;
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
