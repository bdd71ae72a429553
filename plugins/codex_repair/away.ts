/**
 * Telling a home that is away, as on a disk that is not mounted, from one whose files are gone.
 *
 * @module
 */
import { dirname, join, SEPARATOR } from "@std/path";
import { leadsNowhere } from "../absent.ts";
import { isThere } from "../is_there.ts";
import type { StateRow } from "./contract.ts";
import type { Target } from "./target.ts";

/**
 * Where a path comes to the folder of rollouts of a home, as its names say.
 *
 * @param path The path of a rollout.
 * @returns The home, and the path of the rollout from there on; `undefined` if no folder on the way is called like one of
 * rollouts.
 */
export function placeOf(path: string): { readonly home: string; readonly place: string } | undefined {
  const [, home, place] = /^(.*)[\\/]((?:archived_)?sessions[\\/].+)$/.exec(path) ?? [];
  return home === undefined || place === undefined ? undefined : { home, place };
}

/**
 * Tells of files of other homes that are not there which folder is not there either, so that they may be there again. A home that
 * was moved is told from one that is away by the rows: they all lead nowhere, and the files of all lie here.
 *
 * @param target The home.
 * @param rows Every row of the database. Asked for once at most, and only if such a folder is not there.
 */
export function missingFolders(
  { codexHome }: Pick<Target, "codexHome">,
  rows: () => Iterable<Pick<StateRow, "rollout_path">>,
): (path: string) => string | undefined {
  let wasMoved: boolean | undefined;
  return (path) => {
    const folder = folderOf(path);
    if (!leadsNowhere(folder)) return undefined;
    wasMoved ??= Iterator.from(rows()).every(({ rollout_path }) => isHereNow(rollout_path));
    return wasMoved ? undefined : folder;
  };

  function isHereNow(path: string): boolean {
    const place = placeOf(path)?.place;
    return place !== undefined && leadsNowhere(folderOf(path)) && isThere(join(codexHome, place));
  }
}

function folderOf(path: string): string {
  const at = placeOf(path);
  return at ? `${at.home}${SEPARATOR}${at.place.split(/[\\/]/, 1)[0]}` : dirname(path);
}
