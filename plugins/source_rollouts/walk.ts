/**
 * Finding rollouts: regular files below a folder, links not followed.
 *
 * @module
 */
import { join, SEPARATOR } from "@std/path";
import { reasonOf } from "../../src/errors.ts";
import { sortBy } from "../../src/order.ts";
import type { ListOptions } from "../../src/source.ts";
import { isAbsent, leadsNowhere } from "../absent.ts";
import { type FolderNames, readFolder, type ReadFolderOptions } from "./folder.ts";
import type { Wait } from "./waits.ts";

/** A folder in which a walk found rollouts. */
export interface ListedFolder {
  /** The path below the home, as watermarks spell it. */
  readonly path: string;
  /** The absolute path. */
  readonly location: string;
  /** The names of the rollouts, in order. */
  readonly names: readonly string[];
}

/** What the names of rollouts begin with: folders before it in the order come before the files that they lie beside. */
const ROLLOUT = "rollout-";

/**
 * Lists the rollouts below one folder of a home, folder by folder, in the order of their paths: a listing in order is held
 * against a ledger in order without being kept.
 *
 * @param home The absolute path of the home.
 * @param root The folder below it, which may itself be a link. One that does not exist holds nothing; a link that leads nowhere,
 * as to a disk that is not mounted, hides what it held.
 * @param chosen Picks the names of rollouts among the names of the files in one folder.
 * @param options Where to report what cannot be read, and what is left out: links, and what is no file though it is called like a
 * rollout; and how folders are read.
 * @returns The folders, and what has to be waited for between them.
 */
export function* walkRollouts(
  home: string,
  root: string,
  chosen: (names: readonly string[]) => readonly string[],
  { onProblem, onPassedOver, ...reading }: ListOptions & ReadFolderOptions,
): Generator<ListedFolder | Wait> {
  yield* walk(root);

  function* walk(folder: string): Generator<ListedFolder | Wait> {
    let found: FolderNames;
    try {
      found = yield* readFolder(`${home}/${folder}`, reading);
    } catch (error) {
      if (folder === root && isAbsent(error) && !isAnythingAt(`${home}/${root}`)) return;
      const path = `${withSlashes(folder)}/`;
      return onProblem({ location: `${home}/${folder}`, reason: reasonFor(folder, error), hides: path });
    }
    const isDangling = (name: string) => chosen([name]).length === 0 && leadsNowhere(`${home}/${folder}/${name}`);
    const { dangling = [], links = [] } = Object.groupBy(found.links, (one) => isDangling(one) ? "dangling" : "links");
    for (const name of dangling.toSorted()) {
      const location = join(home, folder, name), hides = `${withSlashes(folder)}/${withSlashes(name)}/`;
      onProblem({ location, reason: "it is a link that leads nowhere, as to a disk that is not mounted", hides });
    }
    passOver(folder, links, "it is a link, and links are not followed, by Codex neither");
    passOver(folder, chosen(found.others), "it is no regular file");
    // By the paths of what is in them, in which a slash follows the name.
    const inOrder = sortBy(found.folders, (name) => `${name}/`);
    for (const name of inOrder) if (`${name}/` < ROLLOUT) yield* walk(`${folder}/${name}`);
    const rollouts = chosen(found.files.sort());
    const location = SEPARATOR === "/" ? `${home}/${folder}` : join(home, folder);
    if (rollouts.length > 0) yield { path: withSlashes(folder), location, names: rollouts };
    for (const name of inOrder) if (`${name}/` >= ROLLOUT) yield* walk(`${folder}/${name}`);
  }

  function passOver(folder: string, names: readonly string[], reason: string): void {
    for (const name of names.toSorted()) onPassedOver?.({ location: join(home, folder, name), reason });
  }
}

/** A path as watermarks spell it. */
export function withSlashes(path: string): string {
  return path.includes("\\") ? path.replaceAll("\\", "/") : path;
}

/** Why a path cannot be read. Deno gives names as text, so one that is not UTF-8 arrives with U+FFFD in it and names nothing. */
export function reasonFor(path: string, error: unknown): string {
  return path.includes("\ufffd") && isAbsent(error)
    ? "its name is not valid UTF-8, so it cannot be opened: rename it"
    : reasonOf(error);
}

/** Whether there is anything at a path; where that may not be asked, there may be. */
export function isAnythingAt(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !isAbsent(error);
  }
}
