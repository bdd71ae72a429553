/**
 * Lines that no column needs: what they must have so that Codex can read them. A file of which no line can be read gives no row.
 *
 * @module
 */
import { EVENT_FIELDS } from "./event_fields.ts";
import { isObject, member } from "../json/json.ts";
import type { Profile } from "../profiles.ts";
import {
  anything,
  boolean,
  either,
  list,
  nullable,
  present,
  record,
  recordOrList,
  REFUSED,
  type Shape,
  tagged,
  text,
} from "./shape.ts";
import { uuid } from "./common.ts";
import { usage0169 } from "./token_count.ts";

/** Who reads. */
type Reader = Profile["name"];

const textPart = recordOrList({ text });

const messageOf = (part: Shape<unknown>) => record({ role: text, content: list(part) });

/** What a message must have. By default a part of it may be of any type. */
const MESSAGES: Readonly<Record<Reader, Shape<unknown>>> = {
  "default": messageOf(record({ type: text })),
  "0.99.0": messageOf(tagged<unknown>({
    input_text: textPart,
    input_image: recordOrList({ image_url: text }),
    output_text: textPart,
  })),
  "0.169.0": messageOf(tagged<unknown>({
    input_text: textPart,
    input_image: either(record({ image_url: text }), record({ file_id: text })),
    output_text: textPart,
    input_audio: either(record({ audio_url: text }), record({ file_id: text })),
  })),
};

/** What a response item must have, by its type, unless it is a message. A type that is not listed needs nothing. */
const RESPONSE_ITEMS: Readonly<Record<string, Shape<unknown>>> = {
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
  error: record({ message: text }),
  warning: record({ message: text }),
};

const compactedOf = (history: Shape<unknown>) => record({ message: text, replacement_history: history });

const historyOf = (reader: Reader): Shape<unknown> =>
  nullable(list((value) => {
    const type = isObject(value) ? member(value, "type") : undefined;
    return typeof type === "string" ? responseItem(type, reader)(value) : REFUSED;
  }));

/** The payload of a `compacted` line. By default its history is not looked at. */
const COMPACTED: Readonly<Record<Reader, Shape<unknown>>> = {
  "default": compactedOf(anything),
  "0.99.0": compactedOf(historyOf("0.99.0")),
  "0.169.0": compactedOf(historyOf("0.169.0")),
};

/** What lines of further types must have, to a version that knows them. */
const LINES_OF_VERSIONS: Readonly<Record<string, Shape<unknown>>> = {
  token_usage_record: record({
    ...{ thread_id: uuid, turn_id: text, session_id: uuid, root_turn_id: text, response_id: text },
    ...{ usage: usage0169, turn_token_usage: usage0169, thread_token_usage: usage0169 },
  }),
  world_state: recordOrList({ full: boolean, state: record({}) }),
};

const something = either(record({}), list(anything));

/** Finds the shape of a line of another type. All that is known of most is that there is something in them. */
export function otherLine(type: string, reader: Reader): Shape<unknown> {
  if (type === "compacted") return COMPACTED[reader];
  return reader === "default" ? something : member(LINES_OF_VERSIONS, type) ?? something;
}

/** Finds the shape of a response item. */
export function responseItem(type: string, reader: Reader): Shape<unknown> {
  return type === "message" ? MESSAGES[reader] : member(RESPONSE_ITEMS, type) ?? anything;
}

/** Finds the shape of an event. What a version later than both may well write otherwise, only they ask for. */
export function otherEvent(type: string, reader: Reader): Shape<unknown> {
  if (reader === "default") return member(EVENTS, type) ?? anything;
  return EVENT_FIELDS[reader](type) ?? anything;
}
