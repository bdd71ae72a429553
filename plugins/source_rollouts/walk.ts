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
  /** The size in bytes. */
  readonly size: number;
  /** When it was last modified, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** A folder in which a walk found files. */
export interface FoundFolder {
  /** The path below the home, as watermarks spell it. */
  readonly path: string;
  /** The absolute path. */
  readonly location: string;
  /** The files, in the order of their names. */
  readonly files: readonly FoundFile[];
}

/** What the names of rollouts begin with: folders before it in the order come before the files that they lie beside. */
const ROLLOUT = "rollout-";

/**
 * Yields the rollouts below one folder of a home, folder by folder, in the order of their paths: a listing in order is held
 * against a ledger in order without being kept.
 *
 * @param home The absolute path of the home.
 * @param root The folder below it, which may itself be a link. One that does not exist holds nothing; a link that leads nowhere,
 * as to a disk that is not mounted, hides what it held.
 * @param chosen Picks the names of rollouts among the names of the files in one folder.
 * @param options Where to report what cannot be read, and what is left out: links, and what is no file though it is called like a
 * rollout.
 */
export function* walkRollouts(
  home: string,
  root: string,
  chosen: (names: readonly string[]) => readonly string[],
  { onProblem, onPassedOver }: Omit<ListOptions, "signal">,
): Generator<FoundFolder> {
  yield* walk(root);

  function* walk(folder: string): Generator<FoundFolder> {
    const folders: string[] = [], names: string[] = [], links: string[] = [], others: string[] = [];
    try {
      for (const { name, isDirectory, isFile, isSymlink } of Deno.readDirSync(`${home}/${folder}`)) {
        if (isDirectory) folders.push(name);
        else if (isFile) names.push(name);
        else (isSymlink ? links : others).push(name);
      }
    } catch (error) {
      if (folder === root && isAbsent(error) && !isThere(`${home}/${root}`)) return;
      const path = `${withSlashes(folder)}/`;
      return onProblem({ location: `${home}/${folder}`, reason: reasonFor(folder, error), hides: path });
    }
    passOver(folder, links, "it is a link, and links are not followed, by Codex neither");
    passOver(folder, chosen(others), "it is no regular file");
    folders.sort();
    for (const name of folders) if (name < ROLLOUT) yield* walk(`${folder}/${name}`);
    const files = lookAt(folder, chosen(names.sort()));
    const location = SEPARATOR === "/" ? `${home}/${folder}` : join(home, folder);
    if (files.length > 0) yield { path: withSlashes(folder), location, files };
    for (const name of folders) if (name >= ROLLOUT) yield* walk(`${folder}/${name}`);
  }

  function passOver(folder: string, names: readonly string[], reason: string): void {
    for (const name of names.toSorted()) onPassedOver?.({ location: join(home, folder, name), reason });
  }

  function lookAt(folder: string, names: readonly string[]): FoundFile[] {
    const files: FoundFile[] = [];
    for (const name of names) {
      const location = `${home}/${folder}/${name}`;
      try {
        const { size, mtime } = Deno.lstatSync(location);
        files.push({ name, size, modifiedMs: mtime?.getTime() ?? 0 });
      } catch (error) {
        const path = `${folder}/${name}`, hides = withSlashes(withoutCompression(path));
        onProblem({ location, reason: reasonFor(path, error), hides });
      }
    }
    return files;
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
