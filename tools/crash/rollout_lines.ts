/**
 * The lines of made-up rollouts: enough kinds of them that every table of a store gets rows.
 *
 * @module
 */
import type { Random } from "../oracle/random.ts";

/** What a rollout is about. */
export interface RolloutKind {
  /** The id of its thread. */
  readonly id: string;
  /** The thread that spawned it, if any. */
  readonly parent?: string;
  /** How many tools a client offered. */
  readonly tools?: number;
}

/** The id of a thread by number. */
export function threadId(number: number): string {
  return `019c0000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** The first line: who the thread is. */
export function metaLine({ id, parent, tools = 0 }: RolloutKind): string {
  const source = parent === undefined ? "cli" : { subagent: { thread_spawn: { parent_thread_id: parent, depth: 1 } } };
  return line(0, "session_meta", {
    id,
    timestamp: time(0),
    cwd: "/srv/demo",
    originator: "codex_cli_rs",
    cli_version: "0.99.0",
    source,
    model_provider: "openai",
    git: { commit_hash: id.slice(-7), branch: "main", repository_url: "https://example.com/demo.git" },
    ...(tools === 0 ? {} : { dynamic_tools: Array.from({ length: tools }, (_, at) => tool(at)) }),
  });
}

/** A line that says something new of the thread, or one that nobody can read. */
export function laterLine(random: Random, second: number): string {
  switch (random.below(6)) {
    case 0:
      return line(second, "turn_context", {
        cwd: `/srv/demo/${random.below(9)}`,
        approval_policy: random.pick(["never", "on-request", "untrusted"]),
        sandbox_policy: { type: "read-only" },
        model: random.pick(["gpt-5.1", "gpt-5.2-codex"]),
        effort: random.pick(["low", "medium", "high"]),
        summary: "auto",
      });
    case 1:
      return line(second, "event_msg", {
        type: "token_count",
        info: { total_token_usage: usage(random), last_token_usage: usage(random), model_context_window: 272_000 },
        rate_limits: null,
      });
    case 2:
      return line(second, "response_item", {
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "words ".repeat(random.below(60)) }],
      });
    case 3:
      return '{"timestamp":"2026-01-27T12:3';
    case 4:
      return line(second, "of_tomorrow", { what: random.below(9) });
    default:
      return messageLine(`message ${random.below(1000)}`, second);
  }
}

/** What a person said. */
export function messageLine(message: string, second = 1): string {
  return line(second, "event_msg", {
    type: "user_message",
    message,
    images: null,
    local_images: [],
    text_elements: [],
  });
}

function usage(random: Random): Record<string, number> {
  const tokens = random.below(100_000);
  return {
    input_tokens: tokens,
    cached_input_tokens: 0,
    output_tokens: 10,
    reasoning_output_tokens: 0,
    total_tokens: tokens + 10,
  };
}

function tool(at: number): Record<string, unknown> {
  return { name: `tool_${at}`, description: `does ${at}`, inputSchema: { type: "object", properties: {} } };
}

function line(second: number, type: string, payload: Record<string, unknown>): string {
  return JSON.stringify({ timestamp: time(second), type, payload });
}

function time(second: number): string {
  return new Date(Date.UTC(2026, 0, 27, 12, 34, 56) + second * 1000).toISOString();
}
