/**
 * What an event must have that no column needs, by its type and by the version of Codex that reads it: as their binaries answer
 * when one field at a time is left out, or holds a value of another type.
 *
 * @module
 */
import { member } from "../json/json.ts";
import {
  anything,
  boolean,
  closedRecord,
  either,
  i64,
  list,
  only,
  optional,
  record,
  type Shape,
  text,
} from "./shape.ts";
import { uuid } from "./common.ts";

/**
 * Fields and the types that they may have; `?` stands behind a field that may be absent. `n` is null, `i` an integer, `t` a text,
 * `b` a boolean, `l` a list, `o` an object, `u` the id of a thread, `f` the URL of a file, and `s` something with more to it,
 * which is not looked at. Where `!` comes first, there are no other fields.
 */
type Fields = Readonly<Record<string, string>>;

/** To both versions. */
const BOTH: Fields = {
  agent_message_content_delta: "turn_id:t thread_id:t item_id:t delta:t",
  agent_reasoning: "text:t",
  agent_reasoning_raw_content: "text:t",
  agent_reasoning_section_break: "item_id?:t summary_index?:i",
  context_compacted: "!",
  deprecation_notice: "summary:t details?:nt",
  exec_command_output_delta: "call_id:t stream:s chunk:s",
  mcp_startup_complete: "ready:l failed:l cancelled:l",
  mcp_startup_update: "server:t status:s",
  patch_apply_begin: "call_id:t turn_id?:t changes:o auto_approved:b",
  plan_delta: "turn_id:t thread_id:t item_id:t delta:t",
  plan_update: "! explanation?:nt plan:l",
  raw_response_item: "item:s",
  reasoning_content_delta: "turn_id:t thread_id:t item_id:t delta:t summary_index?:i",
  reasoning_raw_content_delta: "turn_id:t thread_id:t item_id:t delta:t content_index?:i",
  request_user_input: "call_id:t turn_id?:t questions:l",
  shutdown_complete: "",
  terminal_interaction: "call_id:t stdin:t process_id:t",
  thread_rolled_back: "num_turns:i",
  turn_diff: "unified_diff:t",
  warning: "message:t",
  web_search_begin: "call_id:t",
  web_search_end: "call_id:t query:t action:s",
};

/** To Codex 0.99.0. */
const V0_99: Fields = {
  ...BOTH,
  agent_message: "message:t",
  agent_message_delta: "delta:t",
  agent_reasoning_delta: "delta:t",
  agent_reasoning_raw_content_delta: "delta:t",
  apply_patch_approval_request: "call_id:t turn_id?:t reason?:nt changes:o",
  background_event: "message:t",
  collab_agent_interaction_begin: "call_id:t sender_thread_id:u receiver_thread_id:u prompt:t",
  collab_agent_interaction_end: "call_id:t status:s sender_thread_id:u receiver_thread_id:u prompt:t",
  collab_agent_spawn_begin: "call_id:t sender_thread_id:u prompt:t",
  collab_agent_spawn_end: "call_id:t status:s sender_thread_id:u new_thread_id?:nu prompt:t",
  collab_close_begin: "call_id:t sender_thread_id:u receiver_thread_id:u",
  collab_close_end: "call_id:t status:s sender_thread_id:u receiver_thread_id:u",
  collab_resume_begin: "call_id:t sender_thread_id:u receiver_thread_id:u",
  collab_resume_end: "call_id:t status:s sender_thread_id:u receiver_thread_id:u",
  collab_waiting_begin: "call_id:t sender_thread_id:u receiver_thread_ids:l",
  collab_waiting_end: "call_id:t sender_thread_id:u statuses:o",
  dynamic_tool_call_request: "tool:t arguments:nitblo callId:t turnId:t",
  elicitation_request: "message:t id:it server_name:t",
  entered_review_mode: "target:s user_facing_hint?:nt",
  error: "message:t codex_error_info?:ns",
  exec_approval_request: "call_id:t turn_id?:t reason?:nt command:l cwd:t parsed_cmd:l",
  exec_command_begin: "call_id:t turn_id:t command:l cwd:t parsed_cmd:l process_id?:nt source?:s",
  exec_command_end:
    "call_id:t turn_id:t command:l cwd:t parsed_cmd:l process_id?:nt duration:s stdout:t stderr:t aggregated_output?:t exit_code:i formatted_output:t source?:s",
  exited_review_mode: "review_output?:ns",
  get_history_entry_response: "offset:i log_id:i entry?:ns",
  item_started: "turn_id:t thread_id:u item:s",
  list_custom_prompts_response: "custom_prompts:l",
  list_remote_skills_response: "skills:l",
  list_skills_response: "skills:l",
  mcp_list_tools_response: "tools:o resources:o resource_templates:o auth_statuses:o",
  mcp_tool_call_begin: "call_id:t invocation:s",
  mcp_tool_call_end: "call_id:t duration:s invocation:s result:s",
  patch_apply_end: "call_id:t turn_id?:t success:b changes?:o stdout:t stderr:t",
  remote_skill_downloaded: "path:t id:t name:t",
  session_configured:
    "cwd:t session_id:u model:t model_provider_id:t approval_policy:s sandbox_policy:s history_log_id:i history_entry_count:i rollout_path?:nt reasoning_effort?:ns initial_messages?:nl forked_from_id?:nu thread_name?:nt",
  skills_update_available: "",
  stream_error: "message:t codex_error_info?:ns",
  task_complete: "last_agent_message?:nt",
  task_started: "model_context_window?:ni collaboration_mode_kind?:s",
  thread_name_updated: "thread_id:u thread_name?:nt",
  turn_aborted: "reason:s",
  turn_complete: "last_agent_message?:nt",
  turn_started: "model_context_window?:ni collaboration_mode_kind?:s",
  undo_completed: "message?:nt success:b",
  undo_started: "message?:nt",
  view_image_tool_call: "call_id:t path:t",
};

/** To Codex 0.169.0. */
const V0_169: Fields = {
  ...BOTH,
  agent_message: "message:t questions?:nl phase?:ns memory_citation?:ns",
  apply_patch_approval_request: "call_id:t turn_id?:t reason?:nt changes:o started_at_ms:i",
  collab_agent_interaction_begin: "call_id:t sender_thread_id:u receiver_thread_id:u prompt:t started_at_ms?:i",
  collab_agent_interaction_end:
    "call_id:t status:s sender_thread_id:u receiver_thread_id:u prompt:t completed_at_ms?:i receiver_agent_nickname?:nt",
  collab_agent_spawn_begin: "call_id:t model:t sender_thread_id:u prompt:t reasoning_effort:t started_at_ms?:i",
  collab_agent_spawn_end:
    "call_id:t status:s model:t sender_thread_id:u new_thread_id?:nu prompt:t reasoning_effort:t completed_at_ms?:i",
  collab_close_begin: "call_id:t sender_thread_id:u receiver_thread_id:u started_at_ms?:i",
  collab_close_end:
    "call_id:t status:s sender_thread_id:u receiver_thread_id:u completed_at_ms?:i receiver_agent_nickname?:nt",
  collab_resume_begin: "call_id:t sender_thread_id:u receiver_thread_id:u started_at_ms?:i",
  collab_resume_end:
    "call_id:t status:s sender_thread_id:u receiver_thread_id:u completed_at_ms?:i receiver_agent_nickname?:nt",
  collab_waiting_begin: "call_id:t sender_thread_id:u receiver_thread_ids:l started_at_ms?:i",
  collab_waiting_end: "call_id:t sender_thread_id:u statuses:o completed_at_ms?:i",
  dynamic_tool_call_request: "tool:t arguments:nitblo namespace?:nt callId:t turnId:t",
  elicitation_abandoned: "id:it server_name:t",
  entered_review_mode: "turn_id?:nt item_id?:nt target:s user_facing_hint?:nt",
  environment_connected: "environment_id:t",
  environment_disconnected: "environment_id:t",
  error: "message:t codex_error_info?:nto",
  exec_approval_request:
    "call_id:t turn_id?:t reason?:nt command:l cwd:t parsed_cmd:l started_at_ms:i environment_id?:nt",
  exec_command_begin: "call_id:t turn_id:t command:l cwd:f parsed_cmd:l process_id?:nt source?:s started_at_ms?:i",
  exec_command_end:
    "call_id:t turn_id:t status:s command:l cwd:f parsed_cmd:l process_id?:nt duration:s aggregated_output?:t exit_code:i source?:s completed_at_ms?:i",
  exited_review_mode: "turn_id?:nt item_id?:nt review_output?:ns",
  guardian_warning: "message:t",
  image_generation_begin: "call_id:t",
  item_started: "turn_id:t thread_id:u item:s started_at_ms:i",
  mcp_tool_call_begin: "call_id:t turn_id?:t invocation:s",
  mcp_tool_call_end: "call_id:t turn_id?:t duration:s invocation:s result:s",
  patch_apply_end: "call_id:t turn_id?:t status:s success:b changes?:o stdout:t stderr:t",
  patch_apply_updated: "call_id:t changes:o",
  realtime_conversation_closed: "reason?:nt",
  request_permissions: "call_id:t turn_id?:t reason?:nt cwd?:nt started_at_ms:i permissions:o environment_id?:nt",
  session_configured:
    "thread_id?:nu cwd:s session_id:u model:t model_provider_id:t approval_policy:s sandbox_policy:s rollout_path?:nt reasoning_effort?:nt forked_from_id?:nu thread_name?:nt",
  stream_error: "message:t codex_error_info?:nto",
  task_complete: "turn_id:t last_agent_message?:nt started_at?:ni completed_at?:ni duration_ms?:ni",
  task_started: "turn_id:t model_context_window?:ni collaboration_mode_kind?:s started_at?:ni",
  turn_aborted: "turn_id?:nt reason:s started_at?:ni completed_at?:ni duration_ms?:ni",
  turn_complete: "turn_id:t last_agent_message?:nt started_at?:ni completed_at?:ni duration_ms?:ni",
  turn_started: "turn_id:t model_context_window?:ni collaboration_mode_kind?:s started_at?:ni",
};

const someObject = record({}), someList = list(anything);

const TYPES: Readonly<Record<string, Shape<unknown>>> = {
  n: only(anything, (value) => value === null),
  i: i64,
  t: text,
  b: boolean,
  l: someList,
  o: someObject,
  u: uuid,
  f: only(text, (url) => url.startsWith("file:")),
  s: either<unknown, unknown>(text, either(someList, someObject)),
};

/** Makes shapes once they are asked for. */
function shapesOf(fields: Fields): (type: string) => Shape<unknown> | undefined {
  const made = new Map<string, Shape<unknown>>();
  return (type) => {
    const known = member(fields, type);
    if (known === undefined) return undefined;
    const shape = made.get(type) ?? shapeOf(known);
    made.set(type, shape);
    return shape;
  };
}

function shapeOf(fields: string): Shape<unknown> {
  const words = fields.split(" "), shapes: Record<string, Shape<unknown>> = {};
  for (const word of words) {
    const [, name, isOptional, types] = /^(\w+)(\??):(\w+)$/.exec(word) ?? [];
    if (!name || !types) continue;
    const shape = [...types].map((type) => TYPES[type] ?? anything).reduce((one, other) => either(one, other));
    shapes[name] = isOptional ? optional(shape, undefined) : shape;
  }
  const object = words[0] === "!" ? closedRecord({ type: anything, ...shapes }) : record(shapes);
  // What is written as a list has its fields in an order that is not known.
  return either<unknown, unknown>(object, someList);
}

/** Finds the shape of an event, by version; `undefined` if it is not known. */
export const EVENT_FIELDS: Readonly<Record<"0.99.0" | "0.169.0", (type: string) => Shape<unknown> | undefined>> = {
  "0.99.0": shapesOf(V0_99),
  "0.169.0": shapesOf(V0_169),
};
