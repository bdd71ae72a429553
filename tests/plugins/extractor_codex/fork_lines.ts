/**
 * Forks as the real CLIs wrote them, line by line, and what is made of them.
 */
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import { extraction } from "./extract_text.ts";

/** The lines of a fork. */
export function lines(name: string): string[] {
  const text = Deno.readTextFileSync(new URL(`./forks/${name}.jsonl`, import.meta.url));
  return text.split("\n").filter((line) => line !== "");
}

/** A fork whose parent made a single request, all of which the repeated total says. */
export function singleRequest(): string[] {
  const totals = [['"total_tokens":2160', '"total_tokens":1020'], [
    '"total_tokens":3580',
    '"total_tokens":2440',
  ]] as const;
  return lines("0.169-limited-fork").map((line) => totals.reduce((so, [from, to]) => so.replaceAll(from, to), line));
}

/** The same whose lines from one on were written so much later, in milliseconds. */
export function later(fork: readonly string[], from: number, ms: number): string[] {
  return fork.map((line, at) =>
    at < from ? line : line.replace(/(?<="timestamp":")[^"]*/, (time) => new Date(Date.parse(time) + ms).toISOString())
  );
}

/** The thread of a fork without a name. */
export const FORK_ID = "01a2134b-0000-7000-8000-000000000001";

/** What was said first in a thread, thrice, and what it used. */
export async function what(some: readonly string[], options = {}): Promise<unknown[]> {
  const text = some.map((line) => `${line}\n`).join("");
  const { row } = await extraction(codexExtractor(options), text, FORK_ID);
  return [row.title, row.first_user_message, row.preview, row.tokens_used];
}

/** The same, as it is expected. */
export function said(text: string, tokens: number): unknown[] {
  return [text, text, text, tokens];
}
