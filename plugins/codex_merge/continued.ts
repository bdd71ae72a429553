/**
 * A thread that goes on in another file, see `segment.ts`, as one.
 *
 * @module
 */
import type { CodexThread } from "../codex_thread.ts";
import { segmentOf } from "../segment.ts";
import { keepBetter } from "./keep_better.ts";
import { mergeRow } from "./row.ts";

/**
 * What a thread is of which two parts were read.
 *
 * @param beginning The part before.
 * @param later The part that goes on with it.
 */
export function continued(beginning: CodexThread, later: CodexThread): CodexThread {
  return {
    ...mergeRow(keepBetter, beginning, later),
    // Times of the file that the row leads to.
    updated_at: later.updated_at,
    updated_at_ms: later.updated_at_ms,
    archived_at: later.archived_at,
    // As where a row is made of the one, and then goes on with the other.
    attached_thread_parent_id: beginning.attached_thread_parent_id,
    dynamic_tools: later.dynamic_tools ?? beginning.dynamic_tools,
    spawn_edge: later.spawn_edge ?? beginning.spawn_edge,
    ...(hasBeginning(beginning) ? { has_beginning: 1 } : {}),
    ...(beginning.forked_from === undefined ? {} : { forked_from: beginning.forked_from }),
  };
}

/**
 * A later part of a thread that has a row, with what only the parts before say. What else they say was taken back, or has changed
 * since.
 *
 * @param whole What the thread is of which all parts were read.
 * @param later The last of them.
 * @param isHidden Whether the row has no preview, so that no list shows the thread: then it gets what was said first. A title alone
 * Codex itself leaves out, and again whenever it reads the file anew.
 */
export function withBeginning(whole: CodexThread, later: CodexThread, isHidden: boolean): CodexThread {
  const { title, first_user_message, preview, created_at, created_at_ms, has_beginning, forked_from } = whole;
  return {
    ...later,
    created_at,
    created_at_ms,
    ...(isHidden ? { title, first_user_message, preview } : {}),
    ...(has_beginning === undefined ? {} : { has_beginning }),
    ...(forked_from === undefined ? {} : { forked_from }),
  };
}

/** A file without a version has lost the session_meta that says how the thread began. */
function hasBeginning({ has_beginning, rollout_path, cli_version }: CodexThread): boolean {
  return has_beginning === 1 || cli_version !== "" && segmentOf(rollout_path) === "";
}
