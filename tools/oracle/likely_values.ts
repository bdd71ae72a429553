/**
 * What each member of a rollout's lines may well hold.
 *
 * @module
 */
import {
  approvals,
  contents,
  efforts,
  gits,
  granular,
  identities,
  modes,
  odd,
  paths,
  profiles,
  quoted,
  sandboxes,
  sources,
  sourceWords,
  texts,
  times,
  tokenInfos,
  tools,
  urls,
} from "./spellings.ts";

/** What each member that matters may well hold: a column, or the acceptance of its line, depends on it. */
const likely: Readonly<Record<string, readonly string[]>> = {
  timestamp: quoted(...times),
  type: quoted(
    "session_meta",
    "turn_context",
    "event_msg",
    "response_item",
    "compacted",
    "user_message",
    "token_count",
  ),
  ordinal: ["0", "5", "null"],
  id: quoted(...identities),
  session_id: quoted(...identities),
  forked_from_id: quoted(...identities),
  parent_thread_id: quoted(...identities),
  thread_id: quoted(...identities),
  turn_id: quoted("t", ""),
  cwd: quoted(...paths),
  originator: quoted("codex_cli_rs", "", "other"),
  cli_version: quoted("0.1.0", "", "99"),
  source: [...quoted(...sourceWords), ...sources],
  model_provider: quoted("other", "", " "),
  model_provider_id: quoted("other", ""),
  base_instructions: ["null", '{"text":"x"}', '"x"'],
  dynamic_tools: tools,
  git: gits,
  commit_hash: ["null", ...quoted("abc", "")],
  branch: ["null", ...quoted("topic", "")],
  repository_url: quoted(...urls),
  thread_source: ["null", ...quoted("user", "subagent", "other")],
  agent_nickname: ["null", ...quoted("Nick", "")],
  agent_role: ["null", ...quoted("explorer", "")],
  agent_path: ["null", ...quoted("/root/x", "x")],
  memory_mode: ["null", ...quoted(...modes)],
  history_mode: quoted(...modes),
  creator_user_id: ["null", ...quoted("u", "")],
  message: quoted(...texts, "a message", ""),
  text: quoted(...texts, "a text", ""),
  objective: quoted(...texts, "a goal", ""),
  images: ["null", "[]", '["data:,"]', "[null]"],
  local_images: ["null", "[]", '["/a.png"]'],
  text_elements: ["null", "[]", '[{"byte_range":{"start":0,"end":1}}]', '[{"byte_range":{"start":-1,"end":1}}]'],
  content: contents,
  approval_policy: [...quoted(...approvals), granular],
  sandbox_policy: sandboxes,
  permission_profile: ["null", ...profiles],
  model: ["null", ...quoted("another-model", "")],
  effort: ["null", ...quoted(...efforts)],
  reasoning_effort: ["null", ...quoted(...efforts)],
  summary: quoted(...efforts),
  network_access: ["true", "false", ...quoted("enabled", "restricted")],
  writable_roots: ["[]", '["/srv/a/../b"]', '["~"]', '["/srv/demo/.codex"]', "null"],
  info: ["null", ...tokenInfos],
  total_tokens: ["0", "1", "-1", "-0", "1.0", "9007199254740993"],
  model_context_window: ["null", "0", "-1", "1.5"],
};

/** Members that matter, but have no likely values of their own. */
const structure = [
  "payload",
  "item",
  "goal",
  "thread_settings",
  "rate_limits",
  "total_token_usage",
  "last_token_usage",
];

/** Whether a column, or the acceptance of the line, depends on a member. */
export function matters(member: string): boolean {
  return Object.hasOwn(likely, member) || structure.includes(member);
}

/** Values that a member may well hold. */
export function likelyValues(member: string): readonly string[] {
  return Object.hasOwn(likely, member) ? likely[member] ?? oddValues : oddValues;
}

/** The members with likely values. */
export const likelyMembers: readonly string[] = Object.keys(likely);

/** Values that nobody expects, whatever the member. */
export const oddValues: readonly string[] = [...odd, ...quoted(...times, ...texts), ...sources, ...sandboxes];
