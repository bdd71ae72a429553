/**
 * What the stand-in for a model says: a pure function of the conversation.
 *
 * A prompt with "run a command" makes it run one before it answers; one with "delegate" makes it spawn a sub-agent, wait for
 * it, and answer. Everything else it just answers.
 *
 * @module
 */
import { isJson, type Json } from "./app_server.ts";

/** The tools whose names differ between versions of Codex. */
const WAIT_TOOLS: Readonly<Record<string, (agent: string) => Json>> = {
  wait: (agent) => ({ ids: [agent] }),
  wait_agent: (agent) => ({ targets: [agent] }),
};

/**
 * Decides on a reply.
 *
 * @param request The body of a request to the Responses API.
 * @param turn A number that is different for every reply.
 * @returns The items of the reply.
 */
export function reply(request: Json, turn: number): Json[] {
  const input = Array.isArray(request.input) ? request.input.filter(isJson) : [];
  const prompt = input.findLastIndex((item) => item.type === "message" && item.role === "user");
  const text = JSON.stringify(input[prompt] ?? {});
  const outputs = input.slice(prompt + 1).filter((item) => item.type === "function_call_output");
  const call = (tool: string, args: Json): Json[] => [thought(turn), toolCall(request, tool, args, turn)];

  if (/run a command/.test(text) && outputs.length === 0) return call("exec_command", { cmd: "echo tool-output" });
  if (/delegate/.test(text)) {
    // An agent that knows what was said before cannot be of another type.
    const how = /with all that was said/.test(text) ? { fork_context: true } : { agent_type: "explorer" };
    if (outputs.length === 0) return call("spawn_agent", { message: "helper: say hi", ...how });
    const agent = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(JSON.stringify(outputs[0]))?.[0];
    const wait = tools(request).find(({ name }) => name in WAIT_TOOLS)?.name;
    const args = wait === undefined ? undefined : WAIT_TOOLS[wait];
    if (outputs.length === 1 && agent !== undefined && wait !== undefined && args) return call(wait, args(agent));
  }
  return [thought(turn), {
    type: "message",
    id: `msg_${turn}`,
    role: "assistant",
    content: [{ type: "output_text", text: `Answer to ${input.length} items: done ✓`, annotations: [] }],
  }];
}

/**
 * Spells a reply as the events of the Responses API.
 *
 * @param items The items of the reply.
 * @param turn A number that is different for every reply.
 * @param inputs How many items the request had: they decide how many tokens are accounted.
 * @returns The body of a `text/event-stream`.
 */
export function events(items: readonly Json[], turn: number, inputs: number): string {
  const event = (type: string, data: Json): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
  const usage = {
    input_tokens: 100 * inputs,
    input_tokens_details: { cached_tokens: 10 * inputs },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 5 },
    total_tokens: 100 * inputs + 20,
  };
  return [
    event("response.created", { response: { id: `resp_${turn}` } }),
    ...items.map((item) => event("response.output_item.done", { item })),
    event("response.completed", { response: { id: `resp_${turn}`, usage } }),
  ].join("");
}

function thought(turn: number): Json {
  const summary = [{ type: "summary_text", text: "Thinking it over" }];
  return { type: "reasoning", id: `rs_${turn}`, summary, content: null, encrypted_content: null };
}

function toolCall(request: Json, name: string, args: Json, turn: number): Json {
  const namespace = tools(request).find((tool) => tool.name === name)?.namespace;
  return {
    type: "function_call",
    id: `fc_${turn}`,
    call_id: `call_${turn}`,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: JSON.stringify(args),
  };
}

/** The tools of a request, those in a namespace included. */
function tools(request: Json): { name: string; namespace?: string }[] {
  const list = Array.isArray(request.tools) ? request.tools.filter(isJson) : [];
  return list.flatMap((tool) => {
    const namespace = String(tool.name);
    return Array.isArray(tool.tools)
      ? tool.tools.filter(isJson).map(({ name }) => ({ name: String(name), namespace }))
      : [{ name: namespace }];
  });
}
