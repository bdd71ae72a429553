/**
 * The kinds of lines that versions of Codex know, by the names in the lines.
 *
 * @module
 */

/** Line types of Codex 0.99.0. */
export const LINE_TYPES_099: ReadonlySet<string> = new Set([
  "session_meta",
  "response_item",
  "compacted",
  "turn_context",
  "event_msg",
]);

/** Line types of Codex 0.169.0. */
export const LINE_TYPES_0169: ReadonlySet<string> = new Set([
  ...LINE_TYPES_099,
  "world_state",
  "token_usage_record",
  "dynamic_tools_updated",
  "inter_agent_communication",
  "inter_agent_communication_metadata",
  "security_risk_score",
  "realtime_item",
]);

/** Event types of Codex 0.99.0. */
export const EVENT_TYPES_099: ReadonlySet<string> = new Set([
  "error",
  "warning",
  "context_compacted",
  "thread_rolled_back",
  "task_started",
  "turn_started",
  "task_complete",
  "turn_complete",
  "token_count",
  "agent_message",
  "user_message",
  "agent_message_delta",
  "agent_reasoning",
  "agent_reasoning_delta",
  "agent_reasoning_raw_content",
  "agent_reasoning_raw_content_delta",
  "agent_reasoning_section_break",
  "session_configured",
  "thread_name_updated",
  "mcp_startup_update",
  "mcp_startup_complete",
  "mcp_tool_call_begin",
  "mcp_tool_call_end",
  "web_search_begin",
  "web_search_end",
  "exec_command_begin",
  "exec_command_output_delta",
  "terminal_interaction",
  "exec_command_end",
  "view_image_tool_call",
  "exec_approval_request",
  "request_user_input",
  "dynamic_tool_call_request",
  "elicitation_request",
  "apply_patch_approval_request",
  "deprecation_notice",
  "background_event",
  "undo_started",
  "undo_completed",
  "stream_error",
  "patch_apply_begin",
  "patch_apply_end",
  "turn_diff",
  "get_history_entry_response",
  "mcp_list_tools_response",
  "list_custom_prompts_response",
  "list_skills_response",
  "list_remote_skills_response",
  "remote_skill_downloaded",
  "skills_update_available",
  "plan_update",
  "turn_aborted",
  "shutdown_complete",
  "entered_review_mode",
  "exited_review_mode",
  "raw_response_item",
  "item_started",
  "item_completed",
  "agent_message_content_delta",
  "plan_delta",
  "reasoning_content_delta",
  "reasoning_raw_content_delta",
  "collab_agent_spawn_begin",
  "collab_agent_spawn_end",
  "collab_agent_interaction_begin",
  "collab_agent_interaction_end",
  "collab_waiting_begin",
  "collab_waiting_end",
  "collab_close_begin",
  "collab_close_end",
  "collab_resume_begin",
  "collab_resume_end",
]);

/** Event types of Codex 0.99.0 by the numbers that a line may call them by. Another name of a type has none. */
export const EVENT_NUMBERS_099: Readonly<Record<number, string>> = [...EVENT_TYPES_099].filter((type) =>
  type !== "turn_started" && type !== "turn_complete"
);

/** The same of Codex 0.169.0: those that its binary gave away by what it wants of them. */
export const EVENT_NUMBERS_0169: Readonly<Record<number, string>> = {
  0: "error",
  1: "warning",
  4: "guardian_warning",
  7: "realtime_conversation_closed",
  13: "context_compacted",
  15: "task_started",
  17: "task_complete",
  18: "token_count",
  19: "agent_message",
  20: "user_message",
  21: "agent_reasoning",
  22: "agent_reasoning_raw_content",
  23: "agent_reasoning_section_break",
  52: "stream_error",
  60: "shutdown_complete",
  62: "exited_review_mode",
  63: "raw_response_item",
  65: "item_started",
  66: "item_completed",
};

/** Event types that came after 0.99.0, as far as they were seen. */
const NEWER_EVENT_TYPES: readonly string[] = [
  "thread_settings_applied",
  "thread_goal_updated",
  "model_reroute",
  "model_verification",
  "guardian_assessment",
  "hook_started",
  "hook_completed",
  "image_generation_begin",
  "image_generation_end",
  "dynamic_tool_call_response",
  "request_permissions",
  "guardian_warning",
  "safety_buffering",
  "turn_moderation_metadata",
  "realtime_conversation_started",
  "realtime_conversation_realtime",
  "realtime_conversation_closed",
  "realtime_conversation_sdp",
  "sub_agent_activity",
  "patch_apply_updated",
  "environment_connected",
  "environment_disconnected",
  "thread_queue_changed",
  "elicitation_abandoned",
  "raw_response_completed",
  "realtime_conversation_list_voices_response",
];

/** Event types of Codex 0.99.0 that 0.169.0 does not take any more. */
const OLDER_EVENT_TYPES: ReadonlySet<string> = new Set([
  "agent_message_delta",
  "agent_reasoning_delta",
  "agent_reasoning_raw_content_delta",
  "thread_name_updated",
  "background_event",
  "undo_started",
  "undo_completed",
  "get_history_entry_response",
  "mcp_list_tools_response",
  "list_custom_prompts_response",
  "list_skills_response",
  "list_remote_skills_response",
  "remote_skill_downloaded",
  "skills_update_available",
]);

/** Event types of Codex 0.169.0. */
export const EVENT_TYPES_0169: ReadonlySet<string> = new Set(
  [...EVENT_TYPES_099, ...NEWER_EVENT_TYPES].filter((type) => !OLDER_EVENT_TYPES.has(type)),
);

/** Every line type that some version knows. */
export const LINE_TYPES: ReadonlySet<string> = LINE_TYPES_0169;

/** Every event type that some version knows. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([...EVENT_TYPES_099, ...NEWER_EVENT_TYPES]);
