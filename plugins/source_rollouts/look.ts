/**
 * Looking at a file from outside.
 *
 * @module
 */

/** What is seen of a file without opening it. */
export interface Look {
  /** The size in bytes. */
  readonly size: number;
  /** When it was last modified, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/**
 * Looks at a file. Of a link the link itself is seen.
 *
 * @param path The absolute path.
 * @throws The error of the operating system.
 */
export function look(path: string): Look {
  const { size, mtime } = Deno.lstatSync(path);
  return { size, modifiedMs: mtime?.getTime() ?? 0 };
}
