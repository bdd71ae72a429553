/**
 * Whether a rollout is still what it was when it was read.
 *
 * @module
 */
import { withoutCompression } from "./compression.ts";

/**
 * Whether a rollout was written to since: a Codex is at it, and knows better. It may have decompressed it first.
 *
 * @param path The file that was read.
 * @param modifiedMs When that had last been modified as it was read, in milliseconds since the epoch.
 * @param listed The file that was listed. Where it is another, that one gave no row: what it is beside the one that was read is
 * no news. Default: the file that was read.
 */
export function hasGrown(path: string, modifiedMs: number, listed = path): boolean {
  const decompressed = listed === path ? withoutCompression(path) : path;
  return [...new Set([path, decompressed])].some((path) => {
    try {
      // A folder or a link there is no rollout, to Codex neither.
      const { isFile, mtime } = Deno.lstatSync(path);
      return isFile && mtime !== null && mtime.getTime() > modifiedMs;
    } catch {
      return false; // It is gone, or may not be looked at.
    }
  });
}
