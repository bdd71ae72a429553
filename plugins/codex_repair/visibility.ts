/**
 * What Codex 0.169 shows in a list of threads that goes by the database alone, as that of `codex resume` does: the threads that
 * have a row, by these filters. Established with `thread/list` of its app-server and `useStateDbOnly`, without which it reads
 * rollouts too, and adds the rows that it misses. `has_user_event`, the title and the first message play no part.
 *
 * @module
 */
import type { StateRow } from "./contract.ts";

/** The sources that a list shows unless it is asked for others. The rest is what programs started. */
const INTERACTIVE: readonly string[] = ["cli", "vscode", '{"custom":"atlas"}', '{"custom":"chatgpt"}'];

/** A short, stable word for what hides a thread. */
export type ObstacleCode =
  | "no-row"
  | "unreadable"
  | "unknown"
  | "file-gone"
  | "archived"
  | "no-preview"
  | "source"
  | "provider"
  | "attached";

/** One thing that hides a thread, or may. */
export interface Obstacle {
  /** The word for it. */
  readonly code: ObstacleCode;
  /** What it is, for a person to read. */
  readonly reason: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a list depends on beside the row. */
export interface ListContext {
  /** The model provider that Codex is configured with. */
  readonly provider: string;
  /** Whether the file that the row names is there. */
  readonly fileExists: boolean;
  /** The command that removes the row if its file is gone, or why none does. */
  readonly pruning: { readonly command: string } | { readonly stays: string };
}

/**
 * Says what hides a thread that has a row.
 *
 * @param row The row.
 * @param context What else a list depends on.
 * @returns What hides it, the most telling first; nothing if a list shows it.
 */
export function obstaclesOf(row: StateRow, { provider, fileExists, pruning }: ListContext): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (!fileExists) {
    obstacles.push({
      code: "file-gone",
      reason: `the file that its row names, ${row.rollout_path}, is not there`,
      remedy: "command" in pruning
        ? `restore it from a copy; or remove the row, with all else that a repair does: ${pruning.command}`
        : `restore it from a copy; no repair removes the row: ${pruning.stays}`,
    });
  }
  if (Number(row.archived) !== 0) {
    obstacles.push({
      code: "archived",
      reason: "its row says that it is archived, and a list shows what is not",
      remedy: `codex unarchive ${row.id}, or ask for the archived threads`,
    });
  }
  if (row.preview === "") {
    obstacles.push({
      code: "no-preview",
      reason: "the preview in its row is empty: no message of the user's was found in it",
      remedy: `resume it by its id: codex resume ${row.id}`,
    });
  }
  if (!INTERACTIVE.includes(row.source)) {
    obstacles.push({
      code: "source",
      reason: `its source is ${row.source}, and a list shows cli, vscode, atlas and chatgpt`,
      remedy: isInternal(row.source)
        ? `resume it by its id: codex resume ${row.id}`
        : "codex resume --include-non-interactive; in the app-server, name its kind in sourceKinds",
    });
  }
  if (row.model_provider !== provider) {
    obstacles.push({
      code: "provider",
      reason: `its model provider is ${row.model_provider}, and a list shows those of ${provider}, the configured one`,
      remedy: "start Codex with that model_provider; in the app-server, pass an empty modelProviders",
    });
  }
  if (row.attached_thread_parent_id !== null) {
    obstacles.push({
      code: "attached",
      reason: `it is attached to the thread ${row.attached_thread_parent_id}`,
      remedy: `open that thread, or resume it by its id: codex resume ${row.id}`,
    });
  }
  return obstacles;
}

/** No kind of source that a list can ask for has these. */
function isInternal(source: string): boolean {
  return source.startsWith('{"internal"') || source.startsWith('{"custom"');
}
