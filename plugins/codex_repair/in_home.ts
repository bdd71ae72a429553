/**
 * Which paths lie in a Codex home.
 *
 * @module
 */
import { isAbsolute, SEPARATOR } from "@std/path";
import { resolved } from "../link.ts";
import type { Target } from "./target.ts";

/** Whether a path lies in the home, be it through a link. */
export function isInHome(path: string, target: Pick<Target, "codexHome">): boolean {
  return inHome(path, target) !== undefined;
}

/** Whether the database lies outside of the home, links to it or not, and so may be that of another home as well. */
export function mayBeShared(target: Pick<Target, "codexHome" | "path">): boolean {
  return !isInHome(resolved(target.path), target);
}

/** A path from the home on, if it lies there. One that is not absolute would depend on where the command runs. */
export function inHome(path: string, { codexHome }: Pick<Target, "codexHome">): string | undefined {
  if (!isAbsolute(path)) return undefined;
  const home = `${codexHome}${SEPARATOR}`;
  return [path, resolved(path)].find((one) => one.startsWith(home))?.slice(home.length);
}
