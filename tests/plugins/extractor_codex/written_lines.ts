/**
 * Lines as the CLI writes them, for rollouts that are put together by hand.
 */

/** A line of a type. */
export const line = (type: string, payload: unknown): string =>
  JSON.stringify({ timestamp: "2026-01-27T12:35:00.000Z", type, payload });

/** The session_meta of a thread. */
export const META: string = line("session_meta", {
  id: "019c0000-0000-7000-8000-000000000001",
  timestamp: "2026-01-27T12:34:56.100Z",
  cwd: "/work/a",
  originator: "codex_cli_rs",
  cli_version: "0.99.0",
});

/** An answer, which no column needs. */
export const answer = (text: string): string =>
  line("response_item", { type: "message", role: "assistant", content: [{ type: "output_text", text }] });

const usage = {
  input_tokens: 1,
  cached_input_tokens: 0,
  output_tokens: 1,
  reasoning_output_tokens: 0,
  total_tokens: 7,
};

/** That seven tokens were used. */
export const SEVEN_TOKENS: unknown = { total_token_usage: usage, last_token_usage: usage, model_context_window: 9 };

/** A count of tokens. */
export const tokens = (info: unknown): string => line("event_msg", { type: "token_count", info, rate_limits: null });
