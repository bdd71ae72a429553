/**
 * The tools that a client offered to a thread, as Codex 0.99.0 stores them.
 *
 * @module
 */
import type { DynamicTool } from "../codex_thread.ts";
import { member, type NumberRules, type OrderedJson, parseOrdered } from "./json/json.ts";
import { writeJson } from "./json/write_json.ts";

/**
 * Reads the tools of a session_meta. The schema of a tool's input keeps its keys in their order, so the line is read again.
 *
 * @param line The line of the session_meta.
 * @param rules How numbers are read.
 * @returns The tools that have a name, a description and a schema.
 */
export function readTools(line: string, rules: NumberRules): DynamicTool[] {
  const tools = at(at(parseOrdered(line, rules), "payload"), "dynamic_tools");
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool) => {
    const [name, description, schema] = Array.isArray(tool)
      ? tool
      : [at(tool, "name"), at(tool, "description"), at(tool, "inputSchema")];
    if (typeof name !== "string" || typeof description !== "string" || schema === undefined) return [];
    return [{ name, description, input_schema: writeJson(schema) }];
  });
}

/** Members, and the members of their values; `*` stands for any. */
interface Members {
  readonly [name: string]: Members;
}

function members(names: string, more: Members = {}): Members {
  return { ...Object.fromEntries(names.split(" ").map((name) => [name, {}])), ...more };
}

/** What Codex 0.99.0 reads of a line when it looks for tools, by the type of the line. */
const READ: Readonly<Record<"session_meta" | "response_item", Members>> = {
  session_meta: members("timestamp type", {
    payload: members("id forked_from_id timestamp cwd originator cli_version model_provider", {
      source: { "*": {}, subagent: { "*": {}, thread_spawn: members("parent_thread_id depth") } },
      base_instructions: members("text"),
      dynamic_tools: members("name description inputSchema"),
      git: members("commit_hash branch repository_url"),
    }),
  }),
  response_item: members("timestamp type", {
    payload: members("type role id name arguments call_id input output status encrypted_content ghost_commit", {
      content: members("type text image_url"),
      summary: members("type text"),
      action: members("type command"),
    }),
  }),
};

/**
 * Whether a line repeats a member that Codex 0.99.0 reads. It then is no line to it when it looks for tools, though for the row it
 * is.
 *
 * @param line The line, which can be parsed.
 * @param type Its type.
 * @param rules How numbers are read.
 */
export function repeatsMember(line: string, type: keyof typeof READ, rules: NumberRules): boolean {
  let repeats = false;
  parseOrdered(line, rules, (path) => {
    let read: Members | undefined = READ[type];
    for (const name of path) read = read && (member(read, name) ?? read["*"]);
    repeats ||= read !== undefined;
  });
  return repeats;
}

function at(value: OrderedJson | undefined, key: string): OrderedJson | undefined {
  return value instanceof Map ? value.get(key) : undefined;
}
