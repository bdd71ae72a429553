/**
 * Which paths lie in a Codex home, and what else is asked of the paths that rows name.
 *
 * @module
 */
import { isAbsolute, SEPARATOR } from "@std/path";
import { isThere } from "../is_there.ts";
import { resolved } from "../link.ts";
import { missingFolders } from "./away.ts";
import type { StateView } from "./contract.ts";
import type { Target } from "./target.ts";

/** What is asked of the paths that rows name. */
export interface RowPaths {
  /** Whether a path is that of a file, as far as can be told. */
  readonly exists: (path: string) => boolean;
  /** A path from the home on, if it lies there, be it through a link. */
  readonly inHome: (path: string) => string | undefined;
  /** Whether the database lies outside of the home, links to it or not, and so may be that of another home as well. */
  readonly mayBeShared: boolean;
  /** The folder by which a file that is not there may be there again, as it is not there either and may be that of another home. */
  readonly missingFolder: (path: string) => string | undefined;
}

/** Answers that for a home and a database. */
export function rowPaths(target: Pick<Target, "codexHome" | "path">, view: Pick<StateView, "threads">): RowPaths {
  const mayBeShared = inHome(resolved(target.path), target) === undefined;
  return {
    exists: isThere,
    inHome: (path) => inHome(path, target),
    mayBeShared,
    missingFolder: mayBeShared ? missingFolders(target, () => view.threads()) : () => undefined,
  };
}

/** A path from the home on, if it lies there. One that is not absolute would depend on where the command runs. */
export function inHome(path: string, { codexHome }: Pick<Target, "codexHome">): string | undefined {
  if (!isAbsolute(path)) return undefined;
  const home = `${codexHome}${SEPARATOR}`;
  return [path, resolved(path)].find((one) => one.startsWith(home))?.slice(home.length);
}
