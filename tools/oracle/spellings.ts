/**
 * Values that rollouts might hold, in every spelling that a column can come from. All are JSON text, because some of them do not
 * survive parsing.
 *
 * @module
 */

const UUID = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001";

/** What nobody expects anywhere. */
export const odd: readonly string[] = [
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

/** Points in time. */
export const times: readonly string[] = [
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

/** Identities of threads. */
export const identities: readonly string[] = [
  UUID,
  UUID.toUpperCase(),
  UUID.replaceAll("-", ""),
  `{${UUID}}`,
  `urn:uuid:${UUID}`,
  "0190aaaa-bbbb-7ccc-8ddd-eeeeffff000g",
];

/** Messages. */
export const texts: readonly string[] = [
  "## My request for Codex:\n  do it  ",
  "context ## My request for Codex: one ## My request for Codex: two",
  "## my request for codex: no",
  "## My request for Codex:",
  " \u00a0\u2003\u3000 ",
  "\ufeffkept\u0085",
  "first\nsecond\r\nthird",
];

/** Sources that are a word. */
export const sourceWords: readonly string[] = [
  "cli",
  "vscode",
  "exec",
  "mcp",
  "unknown",
  "custom",
  "subagent",
  "internal",
];
/** When to ask for approval. */
export const approvals: readonly string[] = ["never", "on-request", "on-failure", "untrusted", "granular"];
/** Efforts, and how to summarise. */
export const efforts: readonly string[] = [
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
  "auto",
  "concise",
  "detailed",
];
/** Modes of memory and of history. */
export const modes: readonly string[] = ["enabled", "disabled", "polluted", "legacy", "paginated", "Legacy"];
/** Folders. */
export const paths: readonly string[] = [
  "/srv/demo",
  "/srv/demo/",
  "/srv/../srv/x",
  "relative/path",
  "~",
  "/",
  "/tmp",
  "/root/a",
  "",
  "/srv/é b",
];
/** URLs of repositories. */
export const urls: readonly string[] = [
  "https://u:p@h.example/r.git?q#f",
  "git@h.example:o/r.git",
  "somebody@h.example:o/r.git",
  "u:p@h.example:o/r",
  "ssh://git:p@h.example/r",
  "ssh://u@h.example:22/r",
  "file:///a/b",
  "https://h.example/a b",
  "/a/b",
];

/** Sandbox policies. */
export const sandboxes: readonly string[] = [
  '{"type":"danger-full-access"}',
  '{"type":"read-only"}',
  '{"type":"read-only","network_access":true}',
  '{"type":"external-sandbox","network_access":"enabled"}',
  '{"type":"workspace-write"}',
  '{"type":"workspace-write","writable_roots":["/srv/a/../b","/srv/c/"],"network_access":true,"exclude_tmpdir_env_var":true}',
  '{"type":"workspace-write","writable_roots":["relative"]}',
  '{"type":"workspace-write","writable_roots":["/srv/demo/.codex","/srv/demo"]}',
  '{"mode":"read-only"}',
  '["danger-full-access"]',
];

/** Permission profiles. */
export const profiles: readonly string[] = [
  '{"type":"disabled"}',
  '{"type":"external","network":"restricted"}',
  '{"type":"managed","file_system":{"type":"unrestricted"},"network":"enabled"}',
  '{"type":"managed","file_system":{"type":"restricted","entries":[{"path":{"type":"path","path":"/srv/a/./b"},"access":"none"}]},"network":"restricted"}',
  '{"file_system":{"read":["/srv"],"write":null},"network":{"enabled":true}}',
];

/** Sources that are an object. */
export const sources: readonly string[] = [
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

/** Accounts of tokens. */
export const tokenInfos: readonly string[] = ["3", "0", "-7", "9007199254740993"].map((total) => {
  const usage = (all: string): string =>
    `{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":${all}}`;
  return `{"total_token_usage":${usage(total)},"last_token_usage":${usage("2")},"model_context_window":null}`;
});

/** Tools of a client. */
export const tools: readonly string[] = [
  '[{"name":"t","description":"d","inputSchema":{"z":1.0,"a":1e16,"z":2}}]',
  '[{"name":"t","description":"d","inputSchema":{"n":[-0,1e-7,1E2,123456789012345678901234]}},{"name":"u","description":"","inputSchema":null}]',
  '[{"type":"function","name":"t","description":"d","inputSchema":true,"deferLoading":true}]',
  '[{"name":"t","description":"d","input_schema":{}}]',
  "[]",
];

/** Contents of a message. */
export const contents: readonly string[] = [
  '[{"type":"text","text":"part "},{"type":"text","text":"two"}]',
  '[{"type":"image","image_url":"data:,"}]',
  '[{"type":"local_image","path":"/a.png"},{"type":"text","text":" "}]',
  '[{"type":"local_audio","path":"/a.wav"}]',
  '[{"type":"skill","name":"s","path":"/s"},{"type":"mention","name":"m","path":"app://m"}]',
  '[{"type":"unheard-of"}]',
  "[]",
];

/** Git facts. */
export const gits: readonly string[] = [
  '{"commit_hash":"abc","branch":null,"repository_url":"https://u:p@h.example/r"}',
  '{"branch":"topic"}',
  "{}",
  '["abc","main","https://h.example/r"]',
];

/** An approval policy that is an object. */
export const granular: string = '{"granular":{"sandbox_approval":true,"rules":false,"mcp_elicitations":true}}';

/** Texts as JSON text. */
export const quoted = (...texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text));
