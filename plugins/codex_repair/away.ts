/**
 * Telling a home that is away, as on a disk that is not mounted, from one whose files are gone.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { leadsNowhere } from "../absent.ts";
import { WRITTEN_WITHIN_MS } from "../codex_merge/keep_better.ts";
import { bothForms } from "../compression.ts";
import type { StateRow } from "./contract.ts";
import type { Target } from "./target.ts";

/** What is asked of a row. */
type FileOfRow = Pick<StateRow, "rollout_path" | "updated_at_ms">;

/** Where a rollout lies, as the names of the folders on the way to it say. */
interface PlaceInHome {
  /** The home. */
  readonly home: string;
  /** The folder of rollouts in it. */
  readonly folder: string;
  /** The path of the rollout from the home on. */
  readonly place: string;
}

/**
 * Where a path comes to the folder of rollouts of a home.
 *
 * @param path The path of a rollout.
 * @returns Where; `undefined` if no folder on the way is called like one of rollouts.
 */
export function placeOf(path: string): PlaceInHome | undefined {
  const [, folder, home] = /^((.*)[\\/](?:archived_)?sessions)[\\/].+$/.exec(path) ?? [];
  if (folder === undefined || home === undefined) return undefined;
  return { home, folder, place: path.slice(home.length + 1) };
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
    const at = placeOf(path), folder = at?.folder ?? dirname(path);
    if (!leadsNowhere(folder)) return undefined;
    if (!at) return folder;
    notMoved ??= homesNotMoved();
    return notMoved.has(at.home) ? folder : undefined;
  };

  function homesNotMoved(): Set<string> {
    const homes = new Set<string>();
    for (const row of rows()) {
      const at = placeOf(row.rollout_path);
      if (at && at.home !== codexHome && !homes.has(at.home) && !cameAlong(row, at)) homes.add(at.home);
    }
    return homes;
  }

  function cameAlong({ updated_at_ms }: FileOfRow, { folder, place }: PlaceInHome): boolean {
    if (!leadsNowhere(folder)) return false;
    const modifiedMs = modifiedAt(join(codexHome, place));
    return modifiedMs !== undefined && Number(updated_at_ms) <= modifiedMs + WRITTEN_WITHIN_MS;
  }
}

/** When a rollout was modified, compressed or not, in milliseconds; `undefined` if it is not known to be there. */
function modifiedAt(path: string): number | undefined {
  for (const one of bothForms(path)) {
    try {
      return Deno.statSync(one).mtime?.getTime();
    } catch {
      // The other of the two, or neither.
    }
  }
  return undefined;
}
