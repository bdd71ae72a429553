/**
 * A thread that goes on in another file, see `segment.ts`, as one.
 *
 * @module
 */
import type { CodexThread } from "../codex_thread.ts";
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
    // As where a row is made of the one, and then goes on with the other.
    attached_thread_parent_id: beginning.attached_thread_parent_id,
    dynamic_tools: later.dynamic_tools ?? beginning.dynamic_tools,
    spawn_edge: later.spawn_edge ?? beginning.spawn_edge,
  };
}
