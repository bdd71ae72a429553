/**
 * Stands in for `@std/fs` where JSR cannot be reached: the functions this project uses, over Deno's own.
 *
 * @module
 */
import { join } from "node:path";

/** Something that {@linkcode walk} came by. */
export interface WalkEntry extends Deno.DirEntry {
  /** The path, beginning with the root that was walked. */
  path: string;
}

/** What {@linkcode walk} yields. */
export interface WalkOptions {
  /** How deep to go. Default: without limit. */
  maxDepth?: number;
  /** Whether to yield files. Default: true. */
  includeFiles?: boolean;
  /** Whether to yield directories, the root too. Default: true. */
  includeDirs?: boolean;
  /** Whether to yield symbolic links, which are not followed. Default: true. */
  includeSymlinks?: boolean;
  /** Only paths that end in one of these, with or without its dot. */
  exts?: string[];
  /** Only paths that match one of these. */
  match?: RegExp[];
  /** Neither paths that match one of these nor what lies below them. */
  skip?: RegExp[];
}

/** Yields what lies below a directory. */
export async function* walk(root: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry> {
  yield* walkSync(await Promise.resolve(root), options);
}

/** Yields what lies below a directory, synchronously. */
export function* walkSync(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const { name, isFile, isDirectory, isSymlink } = { ...Deno.statSync(root), name: root.split(/[\\/]/).at(-1) ?? root };
  yield* below({ path: root, name, isFile, isDirectory, isSymlink }, options.maxDepth ?? Infinity, options);
}

function* below(entry: WalkEntry, depth: number, options: WalkOptions): Generator<WalkEntry> {
  const { includeFiles = true, includeDirs = true, includeSymlinks = true, exts, match, skip } = options;
  if (skip?.some((pattern) => pattern.test(entry.path))) return;
  const wanted = entry.isDirectory ? includeDirs : entry.isSymlink ? includeSymlinks : includeFiles;
  const matches = (!exts || exts.some((ext) => entry.path.endsWith(ext.startsWith(".") ? ext : `.${ext}`))) &&
    (!match || match.some((pattern) => pattern.test(entry.path)));
  if (wanted && matches) yield entry;
  if (!entry.isDirectory || depth < 1) return;
  for (const child of Deno.readDirSync(entry.path)) {
    yield* below({ ...child, path: join(entry.path, child.name) }, depth - 1, options);
  }
}

/** What {@linkcode exists} asks for. */
export interface ExistsOptions {
  /** Only a directory counts. */
  isDirectory?: boolean;
  /** Only a file counts. */
  isFile?: boolean;
}

/** Whether a path exists. */
export async function exists(path: string | URL, options: ExistsOptions = {}): Promise<boolean> {
  return await Promise.resolve(existsSync(path, options));
}

/** Whether a path exists, synchronously. */
export function existsSync(path: string | URL, options: ExistsOptions = {}): boolean {
  try {
    const found = Deno.statSync(path);
    return (!options.isDirectory || found.isDirectory) && (!options.isFile || found.isFile);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Makes a directory and those above it, unless it exists. */
export async function ensureDir(path: string | URL): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
}

/** How {@linkcode copy} copies. */
export interface CopyOptions {
  /** Whether what exists is replaced. Default: false. */
  overwrite?: boolean;
  /** Whether times are kept. Default: false. */
  preserveTimestamps?: boolean;
}

/** Copies a file, a symbolic link or a whole directory. */
export async function copy(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  const found = await Deno.lstat(from);
  if (!options.overwrite && await Deno.lstat(to).then(() => true, () => false)) {
    throw new Deno.errors.AlreadyExists(`Cannot copy to "${to}": it exists`);
  }
  if (found.isSymlink) return await Deno.symlink(await Deno.readLink(from), to);
  if (found.isDirectory) {
    await ensureDir(to);
    for (const { name } of [...Deno.readDirSync(from)]) await copy(join(from, name), join(to, name), options);
  } else {
    await Deno.copyFile(from, to);
  }
  if (options.preserveTimestamps && found.atime && found.mtime) await Deno.utime(to, found.atime, found.mtime);
}
