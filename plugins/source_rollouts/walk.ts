/**
 * Finding rollouts: regular files below a folder, links not followed.
 *
 * @module
 */
import { join, SEPARATOR } from "@std/path";
import { reasonOf } from "../../src/errors.ts";
import type { ListOptions } from "../../src/source.ts";
import { withoutCompression } from "./names.ts";

/** A file that a walk found. */
export interface FoundFile {
  /** The base name. */
  readonly name: string;
  /** The absolute path. */
  readonly location: string;
  /** The size in bytes. */
  readonly size: number;
  /** When it was last modified, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** A folder in which a walk found files. */
export interface FoundFolder {
  /** The path below the home, as watermarks spell it. */
  readonly path: string;
  /** The files. */
  readonly files: readonly FoundFile[];
}

/**
 * Yields the rollouts below one folder of a home, folder by folder.
 *
 * @param home The absolute path of the home.
 * @param root The folder below it, which may itself be a link. One that does not exist holds nothing; a link that leads nowhere,
 * as to a disk that is not mounted, hides what it held.
 * @param chosen Picks the names of rollouts among the names of the files in one folder.
 * @param options Where to report what cannot be read.
 */
export function* walkRollouts(
  home: string,
  root: string,
  chosen: (names: readonly string[]) => readonly string[],
  { onProblem }: Pick<ListOptions, "onProblem">,
): Generator<FoundFolder> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(`${home}/${folder}`)];
    } catch (error) {
      if (folder === root && isAbsent(error) && !isThere(`${home}/${root}`)) return;
      onProblem({
        location: `${home}/${folder}`,
        reason: reasonFor(folder, error),
        hides: `${withSlashes(folder)}/`,
      });
      continue;
    }
    const names: string[] = [], files: FoundFile[] = [];
    for (const { name, isDirectory, isFile } of entries) {
      if (isDirectory) folders.push(`${folder}/${name}`);
      else if (isFile) names.push(name);
    }
    for (const name of chosen(names)) {
      const location = SEPARATOR === "/" ? `${home}/${folder}/${name}` : join(home, folder, name);
      try {
        const info = Deno.lstatSync(location);
        files.push({ name, location, size: info.size, modifiedMs: info.mtime?.getTime() ?? 0 });
      } catch (error) {
        const path = `${folder}/${name}`, hides = withSlashes(withoutCompression(path));
        onProblem({ location: `${home}/${path}`, reason: reasonFor(path, error), hides });
      }
    }
    if (files.length > 0) yield { path: withSlashes(folder), files };
  }
}

/** A path as watermarks spell it. */
export function withSlashes(path: string): string {
  return path.includes("\\") ? path.replaceAll("\\", "/") : path;
}

/** Deno gives names as text, so one that is not UTF-8 arrives with U+FFFD in it and names nothing. */
function reasonFor(path: string, error: unknown): string {
  return path.includes("\ufffd") && isAbsent(error)
    ? "its name is not valid UTF-8, so it cannot be opened: rename it"
    : reasonOf(error);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !isAbsent(error);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
