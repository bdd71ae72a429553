/**
 * Whether a rollout is still what it was when it was read.
 *
 * @module
 */
import { withoutCompression } from "./compression.ts";

/**
 * Whether a rollout was written to since: a Codex is at it, and knows better. It may have decompressed it first.
 *
 * @param path Where it lies.
 * @param modifiedMs When it had last been modified as it was read, in milliseconds since the epoch.
 */
export function hasGrown(path: string, modifiedMs: number): boolean {
  return [...new Set([path, withoutCompression(path)])].some((path) => {
    try {
      const { mtime } = Deno.statSync(path);
      return mtime !== null && mtime.getTime() > modifiedMs;
    } catch {
      return false; // It is gone, or may not be looked at.
    }
  });
}
