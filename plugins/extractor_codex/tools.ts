/**
 * The tools that a client offered to a thread, as Codex 0.99.0 stores them.
 *
 * @module
 */
import type { DynamicTool } from "../codex_thread.ts";
import { type NumberRules, type OrderedJson, parseOrdered } from "./json.ts";
import { writeJson } from "./json_text.ts";

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
    const name = at(tool, "name"), description = at(tool, "description"), schema = at(tool, "inputSchema");
    if (typeof name !== "string" || typeof description !== "string" || schema === undefined) return [];
    return [{ name, description, input_schema: writeJson(schema) }];
  });
}

function at(value: OrderedJson | undefined, key: string): OrderedJson | undefined {
  return value instanceof Map ? value.get(key) : undefined;
}
