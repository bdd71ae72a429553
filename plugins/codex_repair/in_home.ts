/**
 * Which paths lie in a Codex home, and what else is asked of the paths that rows name.
 *
 * @module
 */
import { isAbsolute, SEPARATOR } from "@std/path";
import { isThere } from "../is_there.ts";
import { resolved } from "../link.ts";
import type { Target } from "./target.ts";

/** What is asked of the paths that rows name. */
export interface RowPaths {
  /** Whether a path is that of a file, as far as can be told. */
  readonly exists: (path: string) => boolean;
  /** Whether a path lies in the home, be it through a link. */
  readonly isInHome: (path: string) => boolean;
  /** Whether the database lies outside of the home, links to it or not, and so may be that of another home as well. */
  readonly mayBeShared: boolean;
}

/** Answers that for a home and a database. */
export function rowPaths(target: Pick<Target, "codexHome" | "path">): RowPaths {
  const isInHome = (path: string) => inHome(path, target) !== undefined;
  return { exists: isThere, isInHome, mayBeShared: !isInHome(resolved(target.path)) };
}

/** A path from the home on, if it lies there. One that is not absolute would depend on where the command runs. */
export function inHome(path: string, { codexHome }: Pick<Target, "codexHome">): string | undefined {
  if (!isAbsolute(path)) return undefined;
  const home = `${codexHome}${SEPARATOR}`;
  return [path, resolved(path)].find((one) => one.startsWith(home))?.slice(home.length);
}
