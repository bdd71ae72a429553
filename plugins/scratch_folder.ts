/**
 * A folder that lasts as long as it is used. One that is killed leaves its own behind, with a database in it, say: whoever makes
 * the next one removes it.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { isGranted } from "./granted.ts";
import { makeScratch, SCRATCH_PREFIX } from "./scratch.ts";

/** A file in it that is locked while it is used: the system drops the lock with the process. */
const LOCK = ".in_use";

/** A folder in the one for temporary files. Dispose it. */
export class ScratchFolder implements Disposable {
  /** Where it is. */
  readonly path: string;
  readonly #lock: Deno.FsFile | undefined;

  /**
   * Makes it, and removes those that nobody uses any more.
   *
   * @param what What it is for, to be told if it cannot be made.
   * @param parent An existing folder to make it in. Default: the system's folder for temporary files.
   * @throws {StoreError} If it cannot be made.
   */
  constructor(what: string, parent: string | undefined) {
    this.path = makeScratch(what, parent, Deno.makeTempDirSync);
    this.#lock = takeLock(this.path);
    sweep(this.path);
  }

  /** Removes it with what is in it. */
  [Symbol.dispose](): void {
    // While it is locked nobody else does; but Windows removes no file that is open.
    if (Deno.build.os === "windows") this.#lock?.close();
    try {
      Deno.removeSync(this.path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      if (Deno.build.os !== "windows") this.#lock?.close();
    }
  }
}

/** Where the file system has no locks, nobody can tell whether a folder is used, and it is left alone for ever. */
function takeLock(folder: string): Deno.FsFile | undefined {
  const path = join(folder, LOCK), unlocked = `${path}.new`;
  let file: Deno.FsFile | undefined;
  try {
    file = Deno.openSync(unlocked, { createNew: true, read: true, write: true, mode: 0o600 });
    if (!file.tryLockSync(true)) throw new Deno.errors.WouldBlock(`Cannot lock "${unlocked}"`);
    // By its name it is never found without its lock.
    Deno.renameSync(unlocked, path);
    return file;
  } catch {
    file?.close();
    return undefined;
  }
}

/** Removes the folders of the same user that lie beside one and that nobody uses any more. */
function sweep(own: string): void {
  const parent = dirname(own);
  if (!isGranted("read", parent) || !isGranted("write", parent)) return;
  try {
    const { uid } = Deno.lstatSync(own);
    for (const { name, isDirectory } of Deno.readDirSync(parent)) {
      const folder = join(parent, name);
      if (!isDirectory || !name.startsWith(SCRATCH_PREFIX) || folder === own) continue;
      if (isLeft(folder, uid)) removeQuietly(folder);
    }
  } catch {
    // What cannot be listed is left as it is.
  }
}

/** Somebody else may do it at the same time. */
function removeQuietly(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch {
    // What cannot be removed is in nobody's way.
  }
}

function isLeft(folder: string, uid: number | null): boolean {
  try {
    if (Deno.lstatSync(folder).uid !== uid) return false;
    using file = Deno.openSync(join(folder, LOCK), { read: true, write: true });
    // Shared: those who only look are not to take each other for the one that uses it.
    return file.tryLockSync(false);
  } catch {
    return false;
  }
}
