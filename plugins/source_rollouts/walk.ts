/**
 * Finding rollouts: regular files below a folder, links not followed.
 *
 * @module
 */
import { reasonOf } from "../../src/errors.ts";
import type { ListOptions } from "../../src/source.ts";

/** A file that a walk found. */
export interface FoundFile {
  /** The path below the home, with the separators of the platform's paths as they are. */
  readonly path: string;
  /** The base name. */
  readonly name: string;
  /** The size in bytes. */
  readonly size: number;
  /** When it was last modified, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/**
 * Yields the rollouts below one folder of a home.
 *
 * @param home The absolute path of the home.
 * @param root The folder below it, which may itself be a link. One that does not exist holds nothing.
 * @param chosen Picks the names of rollouts among the names of the files in one folder.
 * @param options Where to report what cannot be read.
 */
export function* walkRollouts(
  home: string,
  root: string,
  chosen: (names: readonly string[]) => Iterable<string>,
  { onProblem }: Pick<ListOptions, "onProblem">,
): Generator<FoundFile> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(`${home}/${folder}`)];
    } catch (error) {
      if (folder === root && isAbsent(error)) return;
      onProblem({
        location: `${home}/${folder}`,
        reason: reasonFor(folder, error),
        hides: `${folder}/`.replaceAll("\\", "/"),
      });
      continue;
    }
    const files: string[] = [];
    for (const { name, isDirectory, isFile } of entries) {
      if (isDirectory) folders.push(`${folder}/${name}`);
      else if (isFile) files.push(name);
    }
    for (const name of chosen(files)) {
      const path = `${folder}/${name}`;
      try {
        const info = Deno.lstatSync(`${home}/${path}`);
        yield { path, name, size: info.size, modifiedMs: info.mtime?.getTime() ?? 0 };
      } catch (error) {
        onProblem({ location: `${home}/${path}`, reason: reasonFor(path, error), hides: path.replaceAll("\\", "/") });
      }
    }
  }
}

/** Deno gives names as text, so one that is not UTF-8 arrives with U+FFFD in it and names nothing. */
function reasonFor(path: string, error: unknown): string {
  return path.includes("\ufffd") && isAbsent(error)
    ? "its name is not valid UTF-8, so it cannot be opened: rename it"
    : reasonOf(error);
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
