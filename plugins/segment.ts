/**
 * Segments: where Codex goes back in a thread, what was said so far stays as it is, and the thread goes on in another file. Its name
 * says so, and it holds neither the beginning of the thread nor what was taken back.
 *
 * @module
 */
import type { CodexThread } from "./codex_thread.ts";
import { withoutCompression } from "./compression.ts";

/** `rollout-<time>-<thread>_<segment>.jsonl` */
const SEGMENT = /_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/i;

/**
 * Which segment of its thread a file is, by its name.
 *
 * @param path The name, or the path.
 * @returns The id of the segment, which begins with the time at which it was begun, so that the latest is the highest; empty for
 * the file that a thread begins in.
 */
export function segmentOf(path: string): string {
  return SEGMENT.exec(withoutCompression(path))?.[1]?.toLowerCase() ?? "";
}

/**
 * Which segment gave a row: none, if it has lost the session_meta that makes it one.
 *
 * @param row The row.
 */
export function segmentOfRow({ rollout_path, cli_version }: Pick<CodexThread, "rollout_path" | "cli_version">): string {
  return cli_version === "" ? "" : segmentOf(rollout_path);
}
