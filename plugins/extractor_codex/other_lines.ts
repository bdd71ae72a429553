/**
 * Lines that no column needs: what they must have so that Codex can read them. A file of which no line can be read gives no row.
 *
 * @module
 */
import {
  anything,
  boolean,
  closedRecord,
  either,
  list,
  nullable,
  present,
  record,
  recordOrList,
  type Shape,
  text,
} from "./shape.ts";
import { uuid } from "./shapes/common.ts";

/** What a response item must have, by its type. A type that is not listed needs nothing. */
const RESPONSE_ITEMS: Readonly<Record<string, Shape<unknown>>> = {
  message: record({ role: text, content: list(record({ type: text })) }),
  reasoning: record({ summary: list(record({ type: text })), encrypted_content: nullable(text) }),
  function_call: record({ name: text, arguments: text, call_id: text }),
  function_call_output: record({ call_id: text, output: present }),
  custom_tool_call: record({ name: text, input: text, call_id: text }),
  custom_tool_call_output: record({ call_id: text, output: present }),
  local_shell_call: record({ status: text, action: present }),
  ghost_snapshot: record({ ghost_commit: present }),
};

/** What an event must have, by its type. A type that is not listed is not looked at any closer. */
const EVENTS: Readonly<Record<string, Shape<unknown>>> = {
  agent_message: record({ message: text }),
  agent_reasoning: record({ text }),
  agent_reasoning_raw_content: record({ text }),
  background_event: record({ message: text }),
  context_compacted: closedRecord({ type: anything }),
  error: record({ message: text }),
  guardian_warning: record({ message: text }),
  raw_response_item: record({ item: record({ type: text }) }),
  stream_error: record({ message: text }),
  thread_name_updated: record({ thread_id: uuid }),
  warning: record({ message: text }),
};

/** The payload of a `compacted` line. */
const compacted: Shape<unknown> = record({ message: text });

/** The payload of a `world_state` line. */
const worldState: Shape<unknown> = recordOrList({ full: boolean, state: record({}) });

/** Finds the shape of a line of another type. All that is known of most is that there is something in them. */
export function otherLine(type: string): Shape<unknown> {
  switch (type) {
    case "compacted":
      return compacted;
    case "world_state":
      return worldState;
    default:
      return either(record({}), list(anything));
  }
}

/** Finds the shape of a response item. */
export function responseItem(type: string): Shape<unknown> {
  return Object.hasOwn(RESPONSE_ITEMS, type) ? RESPONSE_ITEMS[type] ?? anything : anything;
}

/** Finds the shape of an event. */
export function otherEvent(type: string): Shape<unknown> {
  return Object.hasOwn(EVENTS, type) ? EVENTS[type] ?? anything : anything;
}

/** A `task_started` and a `task_complete` of Codex 0.169.0 name their turn. */
export const task0169: Shape<unknown> = record({ turn_id: text });
