/**
 * Which session_meta says what tools were offered to a thread, as Codex 0.99.0 has it: one that repeats a member that it reads is
 * passed over, and so is such a response item, while for the row both are lines like others. What its binary stored is said here.
 */
import { assertEquals } from "@std/assert";
import { actual, bytesOf } from "./actual.ts";

const ID = "019c0000-0000-7000-8000-000000000001";

const tools = (name: string): string => `"dynamic_tools":[{"name":"${name}","description":"d","inputSchema":{"a":1}}]`;

/** A session_meta with more members of its payload, and its tools. */
const meta = (more = "", offered = tools("A"), beside = ""): string =>
  `{"timestamp":"2026-01-27T12:34:56.000Z","type":"session_meta"${beside},"payload":{"id":"${ID}",` +
  `"timestamp":"2026-01-27T12:34:56.000Z","cwd":"/a","originator":"o","cli_version":"0.98.0","model_provider":"openai"` +
  `${more}${offered && `,${offered}`}}}`;

const response = (payload: string): string =>
  `{"timestamp":"2026-01-27T12:34:57.000Z","type":"response_item","payload":${payload}}`;

const spawn = (more: string): string =>
  `,"source":{"subagent":{"thread_spawn":{"parent_thread_id":"${ID}","depth":1${more}}}}`;

/** The lines, and the name of the tool that Codex 0.99.0 stored of them. */
const CASES: Readonly<Record<string, readonly [lines: readonly string[], tool: string | null]>> = {
  "nothing twice": [[meta()], "A"],
  "a member beside the payload that is not read": [[meta("", tools("A"), ',"x":1,"x":2')], "A"],
  "the timestamp of the line": [[meta("", tools("A"), ',"timestamp":"2026-01-27T12:34:56.000Z"')], null],
  "the type of the line": [[meta("", tools("A"), ',"type":"session_meta"')], null],
  "the payload": [[meta("", tools("A"), ',"payload":{}')], null],
  "a member of it that is not read": [[meta(',"zzz":1,"zzz":2')], "A"],
  "a member of it that only later versions read": [[meta(',"memory_mode":"x","memory_mode":"y"')], "A"],
  "the id": [[meta(`,"id":"${ID}"`)], null],
  "a member that may be null": [[meta(',"forked_from_id":null,"forked_from_id":null')], null],
  "the tools": [[meta(`,${tools("B")}`)], null],
  "a member of git": [[meta(',"git":{"commit_hash":"a","commit_hash":"b"}')], null],
  "one of git that is not read": [[meta(',"git":{"q":"a","q":"b"}')], "A"],
  "the text of the base instructions": [[meta(',"base_instructions":{"text":"a","text":"b"}')], null],
  "a name of a tool": [[meta("", tools("A").replace("{", '{"name":"B",'))], null],
  "a member in the schema of a tool": [[meta("", tools("A").replace('"a":1', '"a":1,"a":2'))], "A"],
  "the kind of a source": [[meta(',"source":{"subagent":"review","subagent":"review"}')], null],
  "a member of a source": [[meta(spawn(',"depth":1'))], null],
  "one of a source that is not read": [[meta(spawn(',"u":1,"u":1'))], "A"],
  "a session_meta after one that does not count": [[meta(',"cwd":"/b"'), meta("", tools("B"))], "B"],
  "one without tools after one that does not count": [[meta(',"cwd":"/b"'), meta("", ""), meta("", tools("C"))], null],
  "a response item between the two": [[meta(',"cwd":"/b"'), response('{"type":"other"}'), meta("", tools("B"))], null],
  "a tool that is a list of what it has": [[meta("", '"dynamic_tools":[["A","d",{"a":1}]]')], "A"],
  "the last of many": [[...Array.from({ length: 12 }, () => meta(',"cwd":"/b"')), meta("", tools("B"))], "B"],
  "a response item before": [[response('{"type":"message","role":"user","content":[]}'), meta()], null],
  "one with a role twice": [[response('{"type":"message","role":"user","role":"user","content":[]}'), meta()], "A"],
  "one with a text twice": [
    [response('{"type":"message","role":"user","content":[{"type":"input_text","text":"a","text":"b"}]}'), meta()],
    "A",
  ],
  "one with another member twice": [
    [response('{"type":"message","role":"user","u":1,"u":2,"content":[]}'), meta()],
    null,
  ],
};

for (const [about, [lines, tool]] of Object.entries(CASES)) {
  Deno.test(`the tools of a thread, as Codex 0.99.0 finds them: ${about}`, async () => {
    const found = await actual(bytesOf([...lines, ""].join("\n")), { profile: "0.99.0" });
    assertEquals(
      "row" in found ? found.row.dynamic_tools?.tools.map(({ name }) => name) ?? null : "no row",
      tool && [tool],
    );
  });
}

Deno.test("by default the first session_meta says it, whatever it repeats", async () => {
  for (const more of [`,"cwd":"/b"`, `,"git":{"commit_hash":"a","commit_hash":"b"}`]) {
    const found = await actual(bytesOf([meta(more), meta("", tools("B")), ""].join("\n")));
    assertEquals("row" in found && found.row.dynamic_tools?.tools.map(({ name }) => name), ["A"]);
  }
});

/** Numbers, and how Codex 0.99.0 stored them: digits that do not fit into 64 bits are left out, so that the last one may differ. */
const NUMBERS: Readonly<Record<string, string>> = {
  "-462350971521679006942810": "-4.623509715216791e+23",
  "265612732477382161282": "2.6561273247738213e+20",
  "-951383384057497887678": "-9.513833840574978e+20",
  "123456789012345678901234": "1.2345678901234567e+23",
  "46963139115120693.2455720497981756": "4.696313911512069e+16",
  "4920231599720.23520745E100": "4.920231599720235e+112",
  "5226863436350.9780217672465416949215438": "5226863436350.979",
  "6636535317576163.81866852031686978449602": "6636535317576163.0",
  "-11770519997721542104672": "-1.1770519997721543e+22",
  "658042.31672219476756314771186876e29": "6.580423167221947e+34",
  "-67264508976103139494365983.22222469": "-6.7264508976103135e+25",
  "868484924153909304.5149490888999046983e26": "8.684849241539094e+43",
  "4572484957858437161595E+79": "4.572484957858437e+100",
  "-8082310780825424187246000.7268613222755058783": "-8.082310780825424e+24",
  "3011518606996810356201e22": "3.0115186069968107e+43",
};

Deno.test("the numbers in the schema of a tool, as Codex 0.99.0 stores them", async () => {
  const offered = tools("A").replace('{"a":1}', `[${Object.keys(NUMBERS).join(",")}]`);
  const found = await actual(bytesOf(`${meta("", offered)}\n`), { profile: "0.99.0" });
  assertEquals(
    "row" in found && found.row.dynamic_tools?.tools[0]?.input_schema,
    `[${Object.values(NUMBERS).join(",")}]`,
  );
});
