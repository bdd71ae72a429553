/**
 * Telling a home that is away, as on a disk that is not mounted, from one whose files are gone.
 *
 * @module
 */
import { dirname, join, SEPARATOR } from "@std/path";
import { leadsNowhere } from "../absent.ts";
import { WRITTEN_WITHIN_MS } from "../codex_merge/keep_better.ts";
import { compressed, withoutCompression } from "../compression.ts";
import type { StateRow } from "./contract.ts";
import type { Target } from "./target.ts";

/** What is asked of a row. */
type FileOfRow = Pick<StateRow, "rollout_path" | "updated_at_ms">;

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
 * was moved to this one is told from one that is away by its rows: they all lead nowhere, and the files of all lie here, none of
 * them older than its row, as a copy is from before the home went on.
 *
 * @param target The home.
 * @param rows Every row of the database. Asked for once at most, and only if such a folder is not there.
 */
export function missingFolders(
  { codexHome }: Pick<Target, "codexHome">,
  rows: () => Iterable<FileOfRow>,
): (path: string) => string | undefined {
  let notMoved: ReadonlySet<string> | undefined;
  return (path) => {
    const folder = folderOf(path), home = placeOf(path)?.home;
    if (!leadsNowhere(folder)) return undefined;
    if (home === undefined) return folder;
    notMoved ??= homesNotMoved();
    return notMoved.has(home) ? folder : undefined;
  };

  function homesNotMoved(): Set<string> {
    const homes = new Set<string>();
    for (const row of rows()) {
      const at = placeOf(row.rollout_path);
      if (at && at.home !== codexHome && !homes.has(at.home) && !cameAlong(row, at.place)) homes.add(at.home);
    }
    return homes;
  }

  function cameAlong({ rollout_path, updated_at_ms }: FileOfRow, place: string): boolean {
    if (!leadsNowhere(folderOf(rollout_path))) return false;
    const modifiedMs = modifiedAt(join(codexHome, place));
    return modifiedMs !== undefined && Number(updated_at_ms) <= modifiedMs + WRITTEN_WITHIN_MS;
  }
}

/** When a rollout was modified, compressed or not, in milliseconds; `undefined` if it is not known to be there. */
function modifiedAt(path: string): number | undefined {
  const plain = withoutCompression(path);
  for (const one of [plain, compressed(plain)]) {
    try {
      return Deno.statSync(one).mtime?.getTime();
    } catch {
      // The other of the two, or neither.
    }
  }
  return undefined;
}

function folderOf(path: string): string {
  const at = placeOf(path);
  return at ? `${at.home}${SEPARATOR}${at.place.split(/[\\/]/, 1)[0]}` : dirname(path);
}
