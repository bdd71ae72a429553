/**
 * The lines of made-up rollouts, in the two dialects that Codex has written: the one up to 2026, and the paginated one.
 *
 * @module
 */
import type { Random } from "../oracle/random.ts";
import type { Prose } from "./prose.ts";

/** A rollout that is being written. */
export interface Rollout {
  /** The id of its thread. */
  readonly id: string;
  /** When the thread began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Decides. */
  readonly random: Random;
  /** What is said. */
  readonly prose: Prose;
  /** The length of the instructions that it begins with, in characters. */
  readonly instructions: number;
}

/** A line, before its envelope. */
interface Entry {
  readonly type: string;
  readonly payload: object;
}

/** The name of a dialect. */
export type Dialect = "legacy" | "paginated";

/**
 * Writes a rollout: its head, then one turn after the other, for as long as lines are taken.
 *
 * @param rollout What it is about.
 * @param dialect How it is spelled.
 */
export function* rolloutLines(rollout: Rollout, dialect: Dialect): Generator<string> {
  let at = rollout.startedAt, ordinal = 0;
  const envelope = ({ type, payload }: Entry): string => {
    at += rollout.random.below(4_000);
    const timestamp = new Date(at).toISOString();
    return JSON.stringify(
      dialect === "legacy" ? { timestamp, type, payload } : { timestamp, ordinal: ordinal++, type, payload },
    );
  };
  yield envelope(sessionMeta(rollout, dialect));
  for (let turn = 1, tokens = 0;; turn++) {
    for (const record of turnHead(rollout, dialect, turn)) yield envelope(record);
    const calls = 1 + rollout.random.below(12);
    for (let call = 1; call <= calls; call++) {
      tokens += 500 + rollout.random.below(9_000);
      for (const record of toolCall(rollout, dialect, `call_${turn}_${call}`, tokens)) yield envelope(record);
    }
    for (const record of answer(rollout, dialect, turn)) yield envelope(record);
  }
}

function sessionMeta({ id, startedAt, prose, instructions }: Rollout, dialect: Dialect): Entry {
  const common = {
    id,
    timestamp: new Date(startedAt).toISOString(),
    cwd: "/srv/demo/app",
    originator: "codex_cli_rs",
    cli_version: dialect === "legacy" ? "0.99.0" : "0.169.0",
    source: "cli",
    model_provider: "openai",
    base_instructions: { text: prose.text(instructions) },
    git: { commit_hash: "5f0c1a7e", branch: "main", repository_url: "https://example.com/demo/app.git" },
  };
  const payload = dialect === "legacy"
    ? common
    : { session_id: id, ...common, thread_source: "user", history_mode: "paginated" };
  return { type: "session_meta", payload };
}

function* turnHead({ id, random, prose }: Rollout, dialect: Dialect, turn: number): Generator<Entry> {
  const turnId = `${id}-${turn}`, question = prose.logNormal(200, 1, 8_000);
  if (dialect === "paginated") yield event({ type: "task_started", turn_id: turnId, model_context_window: 258_400 });
  yield {
    type: "turn_context",
    payload: {
      ...(dialect === "legacy" ? {} : { turn_id: turnId }),
      cwd: "/srv/demo/app",
      approval_policy: random.pick(["never", "on-request", "untrusted"]),
      sandbox_policy: { type: "read-only" },
      model: random.pick(["gpt-5.1", "gpt-5.2-codex", "gpt-5.4"]),
      effort: random.pick(["low", "medium", "high"]),
      summary: "auto",
      user_instructions: prose.text(1_500),
    },
  };
  if (dialect === "paginated") yield { type: "world_state", payload: { full: true, state: { body: prose.text(900) } } };
  yield message("user", question);
  yield dialect === "legacy"
    ? event({ type: "user_message", message: question, images: [], local_images: [], text_elements: [] })
    : itemCompleted(id, turnId, {
      type: "UserMessage",
      id: `item_${turn}`,
      content: [{ type: "text", text: question, text_elements: [] }],
    });
}

function* toolCall({ id, random, prose }: Rollout, dialect: Dialect, call: string, tokens: number): Generator<Entry> {
  const thought = `**${prose.text(24)}**\n\n${prose.text(120)}`;
  yield dialect === "legacy"
    ? event({ type: "agent_reasoning", text: thought })
    : itemCompleted(id, `${id}-${call}`, { type: "Reasoning", id: call, summary_text: [thought], raw_content: [] });
  yield item({
    type: "reasoning",
    summary: [{ type: "summary_text", text: thought }],
    content: null,
    encrypted_content: prose.base64(600 + random.below(1_800)),
  });
  const cmd = prose.logNormal(80, 1, 4_000);
  yield item({ type: "function_call", name: "exec_command", arguments: JSON.stringify({ cmd }), call_id: call });
  const output = prose.logNormal(700, 1.4, 200_000);
  if (dialect === "paginated") {
    yield itemCompleted(id, `${id}-${call}`, {
      type: "CommandExecution",
      id: call,
      command: ["/bin/bash", "-lc", cmd],
      cwd: "file:///srv/demo/app",
      parsed_cmd: [{ type: "unknown", cmd }],
      status: "completed",
      aggregated_output: output,
      exit_code: 0,
      duration: { secs: 0, nanos: 1 },
    });
  }
  yield item({ type: "function_call_output", call_id: call, output });
  yield tokenCount(tokens, random.below(900));
}

function* answer({ id, prose }: Rollout, dialect: Dialect, turn: number): Generator<Entry> {
  const text = prose.logNormal(500, 0.9, 20_000);
  yield dialect === "legacy" ? event({ type: "agent_message", message: text }) : itemCompleted(id, `${id}-${turn}`, {
    type: "AgentMessage",
    id: `msg_${turn}`,
    content: [{ type: "Text", text }],
  });
  yield message("assistant", text);
  if (dialect === "paginated") {
    yield event({ type: "task_complete", turn_id: `${id}-${turn}`, last_agent_message: text });
  }
}

function message(role: "user" | "assistant", text: string): Entry {
  const type = role === "user" ? "input_text" : "output_text";
  return item({ type: "message", role, content: [{ type, text }] });
}

function tokenCount(total: number, output: number): Entry {
  const usage = (input: number) => ({
    input_tokens: input,
    cached_input_tokens: input >> 1,
    output_tokens: output,
    reasoning_output_tokens: output >> 2,
    total_tokens: input + output,
  });
  const info = { total_token_usage: usage(total), last_token_usage: usage(500), model_context_window: 258_400 };
  const limit = { used_percent: 12.5, window_minutes: 300, resets_at: 1_795_326_815 };
  const rate_limits = { primary: limit, secondary: null, credits: null, plan_type: "plus" };
  return event({ type: "token_count", info, rate_limits });
}

function itemCompleted(thread_id: string, turn_id: string, of: object): Entry {
  return event({ type: "item_completed", thread_id, turn_id, item: of, started_at_ms: 1, completed_at_ms: 2 });
}

function event(payload: object): Entry {
  return { type: "event_msg", payload };
}

function item(payload: object): Entry {
  return { type: "response_item", payload };
}
