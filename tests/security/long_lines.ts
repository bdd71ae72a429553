/**
 * Lines that would take a careless reader for ever, or all the memory there is: each repeats what makes it look again at what it
 * has seen.
 *
 * @module
 */
import { rolloutText, threadId } from "../home.ts";

/** Text of about a length, of whole pieces. */
function fill(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length));
}

function line(type: string, payload: string): string {
  return `{"timestamp":"2026-01-27T12:34:57.000Z","type":"${type}","payload":{${payload}}}`;
}

function message(text: string, more = ""): string {
  return line("event_msg", `"type":"user_message","message":"${text}","images":null,"local_images":[]${more}`);
}

function meta(more: string, time = "2026-01-27T12:34:56.100Z"): string {
  const named = `"id":"${threadId(0)}","timestamp":"${time}","cwd":"/srv","originator":"o","cli_version":"0.99.0"`;
  return line("session_meta", `${named},"source":"cli","model_provider":"openai"${more}`);
}

/**
 * Such lines, by what they are full of.
 *
 * @param length About how long they are, in characters.
 */
export function longLines(length: number): Readonly<Record<string, string>> {
  const of = (piece: string) => fill(piece, length);
  const list = (piece: string, last: string) => `[${of(`${piece},`)}${last}]`;
  const origin = (url: string) => meta(`,"git":{"repository_url":"${url}"}`);
  const usage = (total: string) =>
    `{"input_tokens":1,"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":${total}}`;
  const turn = (cwd: string, root: string) =>
    `"cwd":"${cwd}","approval_policy":"never","model":"m","summary":"auto",` +
    `"sandbox_policy":{"type":"workspace-write","writable_roots":["${root}"]}`;
  return {
    "spaces": of(" "),
    "spaces inside a message": message(`x${of(" ")}x`),
    "spaces of another kind": message(`x${of("\u00a0\u2003")}x`),
    "spaces between tokens": `{${of(" ")}}`,
    "escaped quotes": message(of('\\"')),
    "backslashes": message(of("\\\\")),
    "escaped characters": message(of("\\u0041\\ud83d\\ude00")),
    "halves of pairs": message(of("\\ud800")),
    "the mark of a request, but for its end": message(of("## My request for Codex")),
    "one number": message("x", `,"x":${of("1")}`),
    "tokens": line("event_msg", `"type":"token_count","info":{"total_token_usage":${usage(of("1"))}}`),
    "a fraction": message("x", `,"x":0.${of("1")}`),
    "an exponent": message("x", `,"x":1e${of("1")}`),
    "integers": message("x", `,"x":${list("1", "1")}`),
    "fractions": message("x", `,"x":${list("1.5", "1")}`),
    "empty texts": message("x", `,"x":${list('""', '""')}`),
    "objects": message("x", `,"x":${list("{}", "{}")}`),
    "objects beside a fraction": message("x", `,"y":1.5,"x":${list("{}", "{}")}`),
    "one key again and again": message("x", `,${of('"x":1.5,')}"x":1`),
    "brackets": of("["),
    "braces": of('{"a":'),
    "closed brackets": of("[]"),
    "an origin": origin(of("a")),
    "an origin of colons": origin(of("a:")),
    "an origin of signs": origin(`x://${of("@:")}`),
    "an origin of users": origin(of("a@")),
    "an origin of helpers": origin(of("a::")),
    "an origin of helpers and users": origin(of("a:b::")),
    "an origin of passwords": origin(of("a:b@c/")),
    "a schema of a tool": meta(`,"dynamic_tools":[{"name":"x","description":"y","inputSchema":${list("1.5", "1")}}]`),
    "tools": meta(`,"dynamic_tools":${list('{"name":"x","description":"y","inputSchema":{}}', "1")}`),
    "an agent": meta(`,"agent_path":"/root/${of("a/")}"`),
    "a time of spaces": meta("", of(" ")),
    "a time of digits": meta("", `2026-01-27T12:34:56.${of("1")}`),
    "a year of digits": meta("", `+${of("1")}`),
    "a time of years": meta("", of("2026-")),
    "folders": line("turn_context", turn(`/${of("../a/./")}`, `/${of("a/../")}`)),
    "a folder of slashes": line("turn_context", turn(of("/"), of("/"))),
    "line breaks": of("\n"),
    "lines": of("{}\n"),
    "unknown lines": of(`${line("of_tomorrow", "")}\n`),
    "unknown kinds": Array.from({ length: length / 80 }, (_, at) => line(`kind_${at}`, "")).join("\n"),
    "people": of(`${meta("")}\n`),
    "NULs": of("\0"),
    "carriage returns": of("\r"),
    "a byte-order mark": of("\ufeff"),
  };
}

/** A rollout with a line between two that can be read. */
export function rolloutAround(id: string, line: string): string {
  const [meta = "", ...messages] = rolloutText(id, "after it").split("\n");
  return [meta, line, ...messages].join("\n");
}
