/**
 * The file that a row is left with: it is not known to be gone, and nothing is known of it that could be compared.
 *
 * @module
 */
import { dirname, isAbsolute, SEPARATOR } from "@std/path";
import { WRITTEN_WITHIN_MS } from "../codex_merge/keep_better.ts";
import { withoutCompression } from "../compression.ts";
import { isGranted } from "../granted.ts";
import { isSameFile } from "../is_there.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { segmentOf } from "../segment.ts";
import { allowRead } from "./command.ts";
import { placeOf } from "./away.ts";
import type { StateRow } from "./contract.ts";
import type { FailedRollout, Gathered, ReadRollout } from "./gather.ts";
import type { RowPaths } from "./in_home.ts";
import { isOfAnother, type Owners } from "./owners.ts";

/** The file that a row is left with. */
export interface LeftFile {
  /** The thread. */
  readonly id: string;
  /** The path that its row names. */
  readonly path: string;
  /** Why: what is to be said of the file, without a subject. */
  readonly why: string;
  /** Whether it could not be read, though a rollout is looked for there. */
  readonly isUnread: boolean;
  /** What is told of it besides, if it was tried. */
  readonly failed?: FailedRollout;
  /** The folder by which it may be there again; `null` if it is there, as far as can be told. */
  readonly missingFolder: string | null;
}

/** What decides that beside the row and the rollouts of its thread. */
export interface LeftBy extends RowPaths, Pick<Gathered, "failed" | "problems"> {
  /** Which thread each file is of. */
  readonly owners: Owners;
}

/**
 * Finds the file that a row is left with.
 *
 * @param row The row.
 * @param rollouts The rollouts of its thread that the home has.
 * @param chosen The one of them that would give the row.
 * @param by What else decides.
 * @returns The file; `undefined` where the row has the file of one of the rollouts, or gives way to them.
 */
export function fileLeftTo(
  row: StateRow,
  rollouts: readonly ReadRollout[],
  chosen: ReadRollout,
  by: LeftBy,
): LeftFile | undefined {
  const { id, rollout_path: path } = row;
  if (rollouts.some(({ item }) => isSameFile(item.location, path))) return undefined;
  if (!isAbsolute(path) || isOfAnother(row, by.owners)) return undefined;
  const left = (why: string, more: Partial<LeftFile> = {}): LeftFile => (
    { id, path, why, isUnread: false, missingFolder: null, ...more }
  );
  const place = by.inHome(path);
  if (!by.exists(path)) {
    const folder = place === undefined ? by.missingFolder(path) : undefined;
    return folder === undefined ? undefined : left(whyAway(folder), { missingFolder: folder });
  }
  if (place === undefined) {
    const why = whyOutside(row, rollouts, by);
    return why === undefined ? undefined : left(why);
  }
  const failed = by.failed.find(({ item }) => isSameFile(item.location, path));
  if (failed && givesWay(failed, chosen)) return undefined;
  if (!failed && !isHidden(place, by)) return left(whyUnlisted(path, by));
  return left("could not be read", { isUnread: true, ...(failed ? { failed } : {}) });
}

function whyAway(folder: string): string {
  return `may be there again, as "${folder}" is not there either, like on a disk that is not mounted; ` +
    "if that is gone for good, make it as an empty folder";
}

/** The files of a copied home lie in it as they do in the home that it was made of. */
function whyOutside(row: StateRow, rollouts: readonly ReadRollout[], by: LeftBy): string | undefined {
  const { rollout_path: path } = row;
  if (by.mayBeShared) return `may be that of another home, with which this one shares the database${whyUnknown(path)}`;
  const copies = rollouts.filter(({ item }) => isCopyOf(item, path));
  if (copies.length === 0) return `lies outside of this home${whyUnknown(path)}`;
  return copies.some((copy) => isAsNew(copy, row))
    ? undefined
    : `lies outside of this home, and the thread went on in it: the row is newer than the copy here${whyUnknown(path)}`;
}

/** Whether a rollout may have all that the row of its thread knows, though a tool that copied it may have set its time back. */
function isAsNew({ item, extraction }: ReadRollout, { updated_at_ms }: StateRow): boolean {
  const knownMs = Number(updated_at_ms) - WRITTEN_WITHIN_MS;
  return item.modifiedMs >= knownMs || Number(extraction().row.last_record_at_ms) >= knownMs;
}

/** Whether a rollout lies in its home as a path does in another, but that one of the two may be archived. */
function isCopyOf({ watermark, name, archived }: RolloutItem, path: string): boolean {
  const place = withSlashes(placeOf(withoutCompression(path))?.place ?? ""), isArchived = place.startsWith("archived_");
  return place === watermark || isArchived !== archived && place.endsWith(`/${name}`);
}

/** Whether it is not known what lies at a place, as its folder could not be listed. */
function isHidden(place: string, { problems }: LeftBy): boolean {
  const watermark = withSlashes(withoutCompression(place));
  return problems.some(({ hides }) => hides !== undefined && watermark.startsWith(hides));
}

/** A damaged copy gives way to a good one, but not to a part from before the user went back. */
function givesWay({ item, failure }: FailedRollout, chosen: ReadRollout): boolean {
  return !failure.transient && segmentOf(item.name) === segmentOf(chosen.item.name);
}

function whyUnlisted(path: string, { owners }: LeftBy): string {
  const owner = owners.get(withoutCompression(path));
  return owner === undefined
    ? "lies where no rollout is looked for: behind a link, or not where Codex keeps rollouts"
    : `says that it is of the thread ${owner}`;
}

function withSlashes(path: string): string {
  return path.replaceAll(SEPARATOR, "/");
}

/** What is to be said of a file of which it is not known whether it is there. */
function whyUnknown(path: string): string {
  return isGranted("read", path)
    ? ""
    : `, and whether it is there may not be looked at: allow that with ${allowRead(dirname(path))}`;
}
