/**
 * Rollouts that chance makes: lines as the CLI writes them, lines that are nearly so, and lines that are not.
 */
import fc from "../../fast_check.ts";

const TIMES = [
  "2026-01-27T12:34:56.120Z",
  "2026-01-27T12:34:57Z",
  "2019-05-05T05:05:05.5Z",
  "",
  "not a time",
  "2026-01-27T12:34:56.120Z and longer than any timestamp is",
  "\u00e9",
];

const ID = "019c0000-0000-7000-8000-000000000001";

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("", "hello", "## My request for Codex:\n fix it", "Guardian review", "  ") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom("[", "{}}", '"}}', "\\", "1.5, -0", "\ud83d\ude00", "x".repeat(700)) },
);

const total = fc.oneof(fc.nat(99_999), fc.constantFrom<unknown>(1.5, -3, "7", null, 12345678901234567890n.toString()));

const usage = total.map((total_tokens) => ({
  input_tokens: 1,
  cached_input_tokens: 0,
  output_tokens: 1,
  reasoning_output_tokens: 0,
  total_tokens,
}));

const tokenCount = fc.record({
  type: fc.constant("token_count"),
  info: fc.option(
    fc.record({ total_token_usage: usage, last_token_usage: usage, model_context_window: fc.constant(9) }),
  ),
  rate_limits: fc.constantFrom<unknown>(null, { primary: { used_percent: 12.5, window_minutes: 3, resets_at: 5 } }, 7),
});

const tokenUsageRecord = fc.record({
  thread_id: fc.constantFrom(ID, ID, "019c0000-0000-7000-8000-000000000002", "odd"),
  ...{ turn_id: fc.constant("1"), session_id: fc.constant(ID), root_turn_id: fc.constant("1") },
  ...{ response_id: fc.constant("1"), usage, turn_token_usage: usage, thread_token_usage: usage },
});

const turn = fc.record({
  cwd: fc.constantFrom<unknown>("/work/a", "/work/b", "", "relative", 5),
  approval_policy: fc.constantFrom<unknown>("never", "on-request", "on-failure", "often", null),
  sandbox_policy: fc.constantFrom<unknown>(
    { type: "danger-full-access" },
    { type: "read-only" },
    { type: "workspace-write", writable_roots: ["/work/c"], network_access: true },
    null,
  ),
  model: fc.constantFrom<unknown>("gpt-5", "gpt-6", null),
  effort: fc.constantFrom<unknown>("high", "low", null),
  summary: fc.constantFrom("auto", "none"),
}, { requiredKeys: ["cwd", "model", "summary"] });

const userMessage = fc.record({
  type: fc.constant("user_message"),
  message: fc.oneof({ weight: 9, arbitrary: texts }, fc.constant(5)),
  images: fc.constantFrom<unknown>(null, [], ["data:image/png;base64,AAAA"], [1]),
  local_images: fc.constantFrom<unknown>([], ["/a.png"]),
  text_elements: fc.constant([]),
});

const userItem = fc.record({
  type: fc.constant("item_completed"),
  thread_id: fc.constantFrom(ID, "no uuid"),
  turn_id: fc.constant("1"),
  item: fc.record({
    type: fc.constantFrom("UserMessage", "AgentMessage", "Plan"),
    id: fc.constant("1"),
    content: fc.array(
      fc.oneof(
        texts.map((text) => ({ type: "text", text })),
        fc.constantFrom<unknown>({ type: "image", image_url: "data:" }, { type: "local_image" }, 5),
      ),
      { maxLength: 3 },
    ),
  }),
});

const settings = turn.map(({ cwd, model }) => ({
  type: "thread_settings_applied",
  thread_settings: { cwd, model, model_provider_id: "other", approval_policy: "never", approvals_reviewer: "user" },
}));

const event = fc.oneof(
  { weight: 3, arbitrary: tokenCount },
  { weight: 2, arbitrary: userMessage },
  { weight: 2, arbitrary: userItem },
  { weight: 1, arbitrary: settings },
  { weight: 1, arbitrary: texts.map((objective) => ({ type: "thread_goal_updated", goal: { objective } })) },
  { weight: 2, arbitrary: texts.map((message) => ({ type: "agent_message", message })) },
  { weight: 1, arbitrary: fc.constantFrom({ type: "unheard_of" }, { type: "task_started" }, { type: "turn_diff" }) },
);

const meta = fc.record({
  id: fc.constantFrom<unknown>(ID, ID, ID, "019c0000-0000-7000-8000-000000000002", "odd"),
  timestamp: fc.constantFrom("2026-01-27T12:34:56.100Z", "2026-01-27T12-34-56", "odd"),
  cwd: fc.constantFrom("/work/a", "/work/a", ""),
  originator: fc.constantFrom("codex_cli_rs", ""),
  cli_version: fc.constantFrom("0.99.0", "0.169.0", ""),
  source: fc.constantFrom<unknown>("cli", "vscode", { subagent: { other: "guardian" } }, 5),
  model_provider: fc.constantFrom<unknown>("openai", "other", null),
  base_instructions: fc.constantFrom<unknown>(
    null,
    { text: "short" },
    { text: `long "quoted"\n${"text é ".repeat(400)}` },
    { text: `long \u0007 ${"text ".repeat(500)}` },
    { text: "x".repeat(3000), more: 1 },
  ),
  history_mode: fc.constantFrom("legacy", "paginated", "odd"),
  history_base: fc.constantFrom(null, { thread_id: "019c0000-0000-7000-8000-000000000002", end_ordinal_exclusive: 1 }),
}, { requiredKeys: ["id", "timestamp", "cwd", "originator", "cli_version"] });

const body = fc.oneof(
  { weight: 1, arbitrary: meta.map((payload) => ({ type: "session_meta", payload })) },
  { weight: 3, arbitrary: turn.map((payload) => ({ type: "turn_context", payload })) },
  { weight: 9, arbitrary: event.map((payload) => ({ type: "event_msg", payload })) },
  {
    weight: 3,
    arbitrary: texts.map((text) => ({
      type: "response_item",
      payload: { type: "message", role: "assistant", content: [{ type: "output_text", text }] },
    })),
  },
  { weight: 1, arbitrary: tokenUsageRecord.map((payload) => ({ type: "token_usage_record", payload })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ type: "compacted", payload: { message: "" } }, { type: "odd", payload: {} }),
  },
);

/** A line as the CLI writes it. */
const goodLine = fc.tuple(fc.constantFrom(...TIMES), fc.option(fc.nat(99)), body).map(([timestamp, ordinal, body]) =>
  JSON.stringify(ordinal === null ? { timestamp, ...body } : { timestamp, ordinal, ...body })
);

/** A line whose end or order is not what the CLI writes, but that may be read. */
const oddLine = fc.oneof(
  goodLine.map((line) => ` ${line}`),
  goodLine.map((line) => `${line} `),
  goodLine.map((line) => `${line}\r`),
  goodLine.map((line) => `\ufeff${line}`),
  goodLine.map((line) => line.replace(/}$/, ',"ordinal":5}')),
  goodLine.map((line) => line.replace(/}$/, ',"more":{"a":{}}}')),
  goodLine.map((line) => line.replace(/^{"timestamp":("[^"]*"),/, '{"more":1,"timestamp":$1,')),
  goodLine.map((line) => line.replaceAll(":", ": ")),
);

/** A line that is cut, or none at all. */
const badLine = fc.oneof(
  fc.tuple(goodLine, fc.nat(400)).map(([line, size]) => line.slice(0, size)),
  fc.constantFrom("", "", " ", "\t\r", "{}", "null", "not JSON", "}}", "\u0000"),
);

/** JSON as many programs write it that rewrite a rollout: with a space behind each comma and colon. */
export function spaced(line: string): string {
  return line.replace(/("(?:[^"\\]|\\.)*")|[,:]/g, (mark, text: string | undefined) => text ?? `${mark} `);
}

/** The lines of a rollout. Most begin with a session_meta. */
export const rolloutLines: fc.Arbitrary<string[]> = fc.tuple(
  fc.boolean(),
  meta,
  fc.array(
    fc.oneof({ weight: 12, arbitrary: goodLine }, { weight: 2, arbitrary: oddLine }, { weight: 1, arbitrary: badLine }),
    { maxLength: 40 },
  ),
  // A program that wrote a rollout anew did so with its first lines: Codex may have gone on with it.
  fc.constantFrom(0, 0, 10, Infinity),
).map(([begins, payload, lines, anew]) => {
  const all = begins ? [JSON.stringify({ timestamp: TIMES[0], type: "session_meta", payload }), ...lines] : lines;
  return all.map((line, at) => at < anew ? spaced(line) : line);
});

/** The bytes of a rollout, perhaps with a last line that is not finished, and with damage that no writer does. */
export const rolloutBytes: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.tuple(
  rolloutLines,
  fc.constantFrom("\n", "\n", "\r\n"),
  fc.boolean(),
).map(([lines, lineBreak, ends]) => new TextEncoder().encode(lines.join(lineBreak) + (ends ? lineBreak : "")));

/** Bytes with a few of them changed. */
export function damaged(arbitrary: fc.Arbitrary<Uint8Array<ArrayBuffer>>): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const changes = fc.array(
    fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0x0a, 0x22, 0x7d, 0xff, 0xc3, 0), fc.nat(255))),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  return fc.tuple(arbitrary, changes).map(([bytes, changes]) => {
    const changed = bytes.slice();
    for (const [at, byte] of changes) if (changed.length > 0) changed[at % changed.length] = byte;
    return changed;
  });
}
