/**
 * What Codex 0.169 looks up on the disk of the day while it reads a rollout.
 *
 * @module
 */

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

/** This machine's disk. Needs `--allow-read`. */
export const THIS_DISK: Disk = {
  realPath: (path) => attempt(() => Deno.realPathSync(path)),
  kind: (path) =>
    attempt(() => {
      const info = Deno.statSync(path);
      return info.isDirectory ? "folder" : "file";
    }),
  text: (path) => attempt(() => Deno.readTextFileSync(path)),
};

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
