/**
 * Writing JSON the way Codex stores it: compact, keys in their order, floating-point numbers as Rust prints them.
 *
 * @module
 */
import { type OrderedJson, RawNumber } from "./json.ts";
import { isInteger64, quickDouble, spellFloat } from "./number_text.ts";

/**
 * Writes a value.
 *
 * @param value The value.
 * @returns The JSON text.
 */
export function writeJson(value: OrderedJson): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, one]) => `${writeString(key)}:${writeJson(one)}`).join(",")}}`;
  }
  if (typeof value === "string") return writeString(value);
  return value instanceof RawNumber ? writeNumber(value.text) : String(value);
}

/** `serde_json` escapes what JSON must, and nothing else; so does JavaScript for well-formed text. */
function writeString(text: string): string {
  return JSON.stringify(text);
}

function writeNumber(text: string): string {
  return isInteger64(text) ? text : spellFloat(quickDouble(text));
}
