/**
 * Reading what is in a folder, at once or, where it is very much, a part at a time.
 *
 * @module
 */
import { awaiting, type Wait } from "./waits.ts";

/** The names of what is in a folder, by what it is. */
export interface FolderNames {
  /** Folders. */
  readonly folders: string[];
  /** Regular files. */
  readonly files: string[];
  /** Links. */
  readonly links: string[];
  /** Pipes, sockets and the like. */
  readonly others: string[];
}

/**
 * A folder of so many bytes, some ten thousand names as most file systems count, is read a part at a time: Deno takes a kilobyte a
 * name to read it at once, and nothing else has its turn meanwhile. File systems that count otherwise have it read at once.
 */
const VAST_BYTES = 1 << 20;

/** How {@linkcode readFolder} reads. */
export interface ReadFolderOptions {
  /** Ends the reading of a very large folder; what was read so far is what is in it. */
  readonly signal: AbortSignal;
  /** From how many bytes on a folder is read a part at a time. Default: 1 MiB. */
  readonly vastBytes?: number;
}

/**
 * Reads the names in a folder.
 *
 * @param location The absolute path.
 * @param options When to end, and which folders are very large.
 * @returns The names, in no order.
 * @throws The error of the operating system.
 */
export function* readFolder(
  location: string,
  { signal, vastBytes = VAST_BYTES }: ReadFolderOptions,
): Generator<Wait, FolderNames> {
  const found: FolderNames = { folders: [], files: [], links: [], others: [] };
  const take = ({ name, isDirectory, isFile, isSymlink }: Deno.DirEntry): void => {
    const kind = isDirectory ? found.folders : isFile ? found.files : isSymlink ? found.links : found.others;
    kind.push(name);
  };
  if (Deno.statSync(location).size < vastBytes) {
    for (const entry of Deno.readDirSync(location)) take(entry);
    return found;
  }
  yield* awaiting((async () => {
    for await (const entry of Deno.readDir(location)) {
      if (signal.aborted) return;
      take(entry);
    }
  })());
  return found;
}
