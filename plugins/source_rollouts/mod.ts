/**
 * The rollouts that Codex CLI keeps under `sessions` and `archived_sessions` of its home.
 *
 * @module
 */
import { resolve, SEPARATOR } from "@std/path";
import { reasonOf, SourceError } from "../../src/errors.ts";
import type { ListOptions, Source } from "../../src/source.ts";
import { compressed, decompressedSize, isCompressed, withoutCompression } from "../compression.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { fingerprintOf, haveSameBytes, placeOf } from "./fingerprint.ts";
import { type FoundFile, type FoundFolder, lookAhead } from "./look_ahead.ts";
import { allRollouts, oneFormOfEach, plainRollouts, threadIdOf } from "./names.ts";
import { openRollout } from "./open.ts";
import { readThreadNames } from "./thread_names.ts";
import { promptly, type Wait } from "./waits.ts";
import { isAnythingAt, type ListedFolder, walkRollouts, withSlashes } from "./walk.ts";

export type { RolloutItem };

/** The folders of a home that hold rollouts. The name of the second says that its threads are archived. */
const ROOTS = [{ root: "archived_sessions", archived: true }, { root: "sessions", archived: false }] as const;

/** What is said of a folder that may be no home at all. */
const NO_ROOTS = 'there is neither "sessions" nor "archived_sessions" in it, as in a home of a Codex that never ran';

/** What {@linkcode rolloutSource} is given. */
export interface RolloutSourceOptions {
  /** The home, e.g. `/home/me/.codex`. May be a link; it is resolved once. */
  readonly codexHome: string;
  /** The key of the state and the ledger. Default: the resolved path of the home. */
  readonly id?: string;
  /**
   * List what this version of Codex lists: 0.99.0 knows no compressed rollouts; to 0.169.0 the compressed file is another item
   * than the plain one was; neither takes names from the index. Default: a compressed rollout is read, and is the item that it
   * was before; threads have the names that `session_index.jsonl` gives them.
   */
  readonly compat?: "0.99.0" | "0.169.0";
  /**
   * How many threads may look at the files of a home that has very many; with 1 only the one that lists. More than two never do.
   * Default: one a core.
   */
  readonly workers?: number;
}

/**
 * A source of the rollouts of one home.
 *
 * Takes every regular file named `rollout-*.jsonl` or `rollout-*.jsonl.zst` at any depth below `sessions` and `archived_sessions`. Links are
 * told and not followed, except those two folders themselves. A folder that cannot be read is reported and passed over; one that
 * does not exist is fine. Nothing is ever written. Needs `--allow-read` of the home.
 *
 * The watermark is the path relative to the home, `/`-separated, without `.zst`: Codex compresses old rollouts in place, and
 * such a file stays the item that it was. Where both forms are there, the plain one is read, and the compressed one stands in for
 * it if it gives no row.
 *
 * The home's `session_index.jsonl` names threads; a rollout takes the name of the thread whose id is in its file name, and none
 * if there is no id in it. Lines of the index that cannot be read are reported and passed over.
 *
 * @param options Where the home is.
 * @returns The source.
 * @throws {SourceError} If the home is not a folder that can be read.
 *
 * @example
 * ```ts
 * import { rolloutSource } from "@rollout/backfill/source-rollouts";
 * import { assertEquals } from "@std/assert";
 *
 * const home = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${home}/sessions/2026/01/27`, { recursive: true });
 * Deno.writeTextFileSync(`${home}/sessions/2026/01/27/rollout-1.jsonl`, "");
 * const source = rolloutSource({ codexHome: home });
 * const items = [];
 * for await (const item of source.items({ signal: AbortSignal.timeout(9000), onProblem: console.error })) items.push(item);
 * assertEquals(items.map((item) => item.watermark), ["sessions/2026/01/27/rollout-1.jsonl"]);
 * ```
 */
export function rolloutSource({ codexHome, id, compat, workers }: RolloutSourceOptions): Source<RolloutItem> {
  const home = resolveHome(codexHome);
  const chosen = compat === "0.99.0" ? plainRollouts : compat === "0.169.0" ? oneFormOfEach : allRollouts;
  // By default the id is the path itself: moved, it is another home.
  const place = id === undefined ? undefined : placeOf(home);
  const keyOf = compat === "0.169.0" ? (path: string) => path : withoutCompression;
  return {
    id: id ?? home,
    worker: { url: new URL("./worker.ts", import.meta.url).href },
    items: (options) => promptly(items(options)),
    open: openRollout,
    sameBytes: (before, item) => haveSameBytes(before, item.fingerprint),
  };

  function* items(options: ListOptions): Generator<RolloutItem | Wait> {
    if (!ROOTS.some(({ root }) => isAnythingAt(`${home}/${root}`))) {
      options.onPassedOver?.({ location: home, reason: NO_ROOTS });
    }
    // Listed once more for the names of a large index, which costs less than to keep what was looked at.
    const names = compat === undefined
      ? yield* readThreadNames(home, () => threadsOf(walkRoots(home, chosen, { ...options, ...QUIETLY })), options)
      : undefined;
    // Folder by folder, so that a home takes little memory unless something has to be known of all of it.
    for (const folder of lookAhead(walkRoots(home, chosen, options), { ...options, workers })) {
      if (folder instanceof Promise) yield folder;
      else for (const item of itemsIn(folder, names)) yield item;
    }
  }

  function itemsIn(
    { path, location: folder, files, archived }: FoundFolder & RolloutFolder,
    names: ReadonlyMap<string, string> | undefined,
  ): RolloutItem[] {
    const items: RolloutItem[] = [], archives = archivesAmong(files);
    const plain = new Set(archives.size === 0 ? [] : files.map(({ name }) => name));
    for (const file of files) {
      const { name } = file;
      const threadId = names?.size ? threadIdOf(name) : undefined;
      const threadName = threadId === undefined ? undefined : names?.get(threadId);
      const about = { folder, watermark: `${path}/${withSlashes(keyOf(name))}`, archived, threadName, place };
      // Most folders hold no archive, and hundreds of thousands of files may be looked at.
      if (archives.size === 0) items.push(toItem(file, about));
      else {
        const isArchive = archives.has(name), beside = archives.get(compressed(name));
        if (compat === undefined && isArchive && plain.has(withoutCompression(name))) continue;
        items.push(toItem(file, about, !isArchive && beside ? toItem(beside, about) : undefined));
      }
    }
    return items;
  }
}

/** A folder of rollouts. */
interface RolloutFolder extends ListedFolder {
  readonly archived: boolean;
}

function* walkRoots(
  home: string,
  chosen: (names: readonly string[]) => readonly string[],
  options: ListOptions,
): Generator<RolloutFolder | Wait> {
  for (const { root, archived } of ROOTS) {
    for (const folder of walkRollouts(home, root, chosen, options)) {
      yield folder instanceof Promise ? folder : { ...folder, archived };
    }
  }
}

/** Reports nothing. */
const QUIETLY = { onProblem: () => {}, onPassedOver: () => {} };

function* threadsOf(folders: Iterable<ListedFolder | Wait>): Generator<Wait, Set<string>> {
  const threads = new Set<string>();
  for (const folder of folders) {
    if (folder instanceof Promise) yield folder;
    else {
      for (const name of folder.names) {
        const id = threadIdOf(name);
        if (id !== undefined) threads.add(id);
      }
    }
  }
  return threads;
}

function archivesAmong(files: readonly FoundFile[]): Map<string, FoundFile> {
  const archives = new Map<string, FoundFile>();
  for (const file of files) if (isCompressed(file.name)) archives.set(file.name, file);
  return archives;
}

/** What an item has that its file does not tell. */
interface About {
  readonly folder: string;
  readonly watermark: string;
  readonly archived: boolean;
  readonly threadName: string | undefined;
  readonly place: string | undefined;
}

function toItem(
  { name, size, modifiedMs }: FoundFile,
  { folder, watermark, archived, threadName, place }: About,
  standIn?: RolloutItem,
): RolloutItem {
  const look = { modifiedMs, size, compressed: isCompressed(name), threadName, place };
  const item: RolloutItem = {
    watermark,
    fingerprint: fingerprintOf(standIn ? { ...look, standIn: `${standIn.modifiedMs}:${standIn.size}` } : look),
    location: `${folder}${SEPARATOR}${name}`,
    name: withoutCompression(name),
    size,
    modifiedMs,
    archived,
  };
  if (threadName === undefined && standIn === undefined && !look.compressed) return item;
  return {
    ...item,
    ...(look.compressed ? { contentSize: decompressedSize(size) } : {}),
    ...(threadName === undefined ? {} : { threadName }),
    ...(standIn === undefined ? {} : { standIn }),
  };
}

function resolveHome(path: string): string {
  if (path === "") throw new TypeError("codexHome is empty: name the Codex home");
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
    if (info.isDirectory) {
      for (const _ of Deno.readDirSync(path)) break;
      return Deno.realPathSync(path);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new SourceError(
        `There is no Codex home at "${resolve(path)}": name it with --codex-home or CODEX_HOME`,
        { cause: error },
      );
    }
    throw new SourceError(`Cannot read the Codex home at "${resolve(path)}": ${reasonOf(error)}`, { cause: error });
  }
  throw new SourceError(
    `"${resolve(path)}" is a file, not a Codex home: name a folder with --codex-home or CODEX_HOME`,
  );
}
