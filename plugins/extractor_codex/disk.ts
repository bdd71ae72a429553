/**
 * What Codex 0.169 looks up on the disk of the day while it reads a rollout.
 *
 * @module
 */
import { isGranted } from "../granted.ts";

/** A disk, as far as reading a rollout depends on it. */
export interface Disk {
  /** The path with every link resolved, or `undefined` if nothing is there. */
  realPath(path: string): string | undefined;
  /** What is at a path. */
  kind(path: string): "file" | "folder" | undefined;
  /** The text of a small file, or `undefined` if it cannot be read. */
  text(path: string): string | undefined;
}

/** A disk with nothing on it: what a rollout says does not depend on the machine that reads it. */
export const EMPTY_DISK: Disk = { realPath: () => undefined, kind: () => undefined, text: () => undefined };

/** The longest file that is taken for a small one, in bytes. */
const SMALL = 64 << 10;

/**
 * This machine's disk, as far as it may be read without asking: the paths come from rollouts, and nobody is to be asked about
 * them.
 */
export const THIS_DISK: Disk = {
  realPath: (path) => attempt(path, () => Deno.realPathSync(path)),
  kind: (path) =>
    attempt(path, () => {
      const info = Deno.statSync(path);
      return info.isDirectory ? "folder" : "file";
    }),
  text: (path) =>
    attempt(path, () => {
      const { isFile, size } = Deno.statSync(path);
      // Opening a pipe would wait for whoever writes into it.
      return isFile && size <= SMALL ? Deno.readTextFileSync(path) : undefined;
    }),
};

function attempt<T>(path: string, look: () => T): T | undefined {
  try {
    return !isOnNetwork(path) && isGranted("read", path) ? look() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether looking at a path of a rollout's may reach another machine: on Windows, which connects to the host that a share names.
 *
 * @param path The path.
 * @param os The operating system. Default: this one.
 */
export function isOnNetwork(path: string, os: typeof Deno.build.os = Deno.build.os): boolean {
  return os === "windows" && /^[\\/]{2}/.test(path);
}
