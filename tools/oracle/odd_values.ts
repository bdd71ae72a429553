/**
 * Values that rollouts might hold: every spelling that a column can come from, and what nobody expects. All are JSON text, because
 * some of them do not survive parsing.
 *
 * @module
 */

const UUID = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001";

const ODD = [
  ...["null", "true", "false", "0", "-0", "-1", "1.0", "1.5", "7", "1e5", "1E400", "01", "NaN"],
  ...["9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775809"],
  ...[
    '""',
    '" "',
    '"text"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"é日本💥"',
    '"\\u2028\\u202e"',
    '"a\tb"',
    "'x'",
  ],
  ...["[]", "{}", "[[]]", '{"a":1}', '{"a":1,"a":2}', '["x"]', '{"__proto__":{"x":1}}', "[1,]"],
  "[".repeat(126) + "]".repeat(126),
  "[".repeat(200) + "]".repeat(200),
];

const TIMES = [
  "2026-01-02T03:04:05Z",
  "2026-01-02T03:04:05.678901234Z",
  "2026-01-02t03:04:05z",
  "2026-01-02 03:04:05+05:30",
  "2026-01-02T03-04-05",
  "2026-01-02T3-4-5",
  "2026-01-02T03:04:60Z",
  "2026-02-30T03:04:05Z",
  "2019-12-31T23:59:59.999Z",
  "1969-12-31T23:59:59Z",
  "0001-01-01T00:00:00Z",
  "+2026-01-02T03:04:05Z",
  "2026-01-02T24:00:00Z",
  "2026-01-02",
];

const IDENTITIES = [
  UUID,
  UUID.toUpperCase(),
  UUID.replaceAll("-", ""),
  `{${UUID}}`,
  `urn:uuid:${UUID}`,
  "0190aaaa-bbbb-7ccc-8ddd-eeeeffff000g",
];

const TEXTS = [
  "## My request for Codex:\n  do it  ",
  "context ## My request for Codex: one ## My request for Codex: two",
  "## my request for codex: no",
  "## My request for Codex:",
  " \u00a0\u2003\u3000 ",
  "\ufeffkept\u0085",
  "first\nsecond\r\nthird",
];

const WORDS = [
  ...["cli", "vscode", "exec", "mcp", "unknown", "custom", "subagent", "user", "internal"],
  ...["never", "on-request", "on-failure", "untrusted", "granular"],
  ...["none", "minimal", "low", "medium", "high", "xhigh", "max", "auto", "concise", "detailed"],
  ...["enabled", "disabled", "polluted", "legacy", "paginated", "Legacy"],
  ...["/srv/demo", "/srv/demo/", "/srv/../srv/x", "relative/path", "~", "/", "/tmp", "/root/a"],
  ...[
    "https://u:p@h.example/r.git?q#f",
    "git@h.example:o/r.git",
    "u:p@h.example:o/r",
    "ssh://git:p@h.example/r",
    "/a/b",
  ],
];

const SANDBOXES = [
  '{"type":"danger-full-access"}',
  '{"type":"read-only"}',
  '{"type":"read-only","network_access":true}',
  '{"type":"external-sandbox","network_access":"enabled"}',
  '{"type":"workspace-write"}',
  '{"type":"workspace-write","writable_roots":["/srv/a/../b","/srv/c/"],"network_access":true,"exclude_tmpdir_env_var":true}',
  '{"type":"workspace-write","writable_roots":["relative"]}',
  '{"mode":"read-only"}',
  '["danger-full-access"]',
];

const PROFILES = [
  '{"type":"disabled"}',
  '{"type":"external","network":"restricted"}',
  '{"type":"managed","file_system":{"type":"unrestricted"},"network":"enabled"}',
  '{"type":"managed","file_system":{"type":"restricted","entries":[{"path":{"type":"path","path":"/srv/a/./b"},"access":"none"}]},"network":"restricted"}',
  '{"file_system":{"read":["/srv"],"write":null},"network":{"enabled":true}}',
];

const SOURCES = [
  '{"subagent":"review"}',
  '{"subagent":"compact"}',
  '{"subagent":"memory_consolidation"}',
  '{"subagent":{"other":"guardian"}}',
  '{"subagent":{"other":"something"}}',
  `{"subagent":{"thread_spawn":{"parent_thread_id":"${UUID}","depth":1}}}`,
  `{"subagent":{"thread_spawn":{"parent_thread_id":"${UUID}","depth":2,"agent_path":"/root/x","agent_nickname":"N","agent_role":null}}}`,
  '{"subagent":{"thread_spawn":{"parent_thread_id":"nobody","depth":1}}}',
  '{"custom":"atlas"}',
  '{"internal":"guardian"}',
];

const OTHERS = [
  '{"granular":{"sandbox_approval":true,"rules":false,"mcp_elicitations":true}}',
  '{"commit_hash":"abc","branch":null,"repository_url":"https://u:p@h.example/r"}',
  '["abc","main","https://h.example/r"]',
  '{"text":"instructions"}',
  '[{"type":"text","text":"part "},{"type":"text","text":"two"}]',
  '[{"type":"image","image_url":"data:,"}]',
  '[{"type":"local_audio","path":"/a.wav"}]',
  '[{"type":"unheard-of"}]',
  '[{"name":"t","description":"d","inputSchema":{"z":1.0,"a":1e16,"z":2}}]',
  '[{"type":"function","name":"t","description":"d","inputSchema":true,"deferLoading":true}]',
  '{"total_token_usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":-5},"last_token_usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":2},"model_context_window":null}',
  "9007199254740995",
];

/** The values, as JSON text. */
export const oddValues: readonly string[] = [
  ...ODD,
  ...[...TIMES, ...IDENTITIES, ...TEXTS, ...WORDS].map((text) => JSON.stringify(text)),
  ...SANDBOXES,
  ...PROFILES,
  ...SOURCES,
  ...OTHERS,
];

/** The members of a line that a column, or the acceptance of the line, depends on. */
export const interestingKeys: ReadonlySet<string> = new Set([
  ...[
    "timestamp",
    "type",
    "payload",
    "ordinal",
    "id",
    "session_id",
    "forked_from_id",
    "cwd",
    "originator",
    "cli_version",
  ],
  ...[
    "source",
    "model_provider",
    "base_instructions",
    "dynamic_tools",
    "git",
    "commit_hash",
    "branch",
    "repository_url",
  ],
  ...["thread_source", "agent_nickname", "agent_role", "agent_type", "agent_path", "memory_mode", "history_mode"],
  ...[
    "parent_thread_id",
    "creator_user_id",
    "creator_account_id",
    "multi_agent_version",
    "context_window",
    "history_base",
  ],
  ...["message", "images", "local_images", "text_elements", "kind", "item", "content", "text", "thread_id", "turn_id"],
  ...["approval_policy", "sandbox_policy", "permission_profile", "model", "effort", "reasoning_effort", "summary"],
  ...[
    "personality",
    "collaboration_mode",
    "truncation_policy",
    "approvals_reviewer",
    "model_provider_id",
    "goal",
    "objective",
  ],
  ...[
    "info",
    "total_token_usage",
    "last_token_usage",
    "total_tokens",
    "input_tokens",
    "model_context_window",
    "rate_limits",
  ],
  ...["role", "network_access", "writable_roots", "timezone", "current_date", "workspace_roots", "thread_settings"],
]);
