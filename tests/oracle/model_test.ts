/**
 * The stand-in for the model API.
 */
import { assertEquals, assertMatch } from "@std/assert";
import type { Json } from "../../tools/oracle/app_server.ts";
import { startModelApi } from "../../tools/oracle/model_api.ts";
import { events, reply } from "../../tools/oracle/model_script.ts";

const AGENT = "0190aaaa-bbbb-7ccc-8ddd-000000000001";

function prompt(text: string): Json {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

function output(text: string): Json {
  return { type: "function_call_output", call_id: "call_1", output: text };
}

function said(input: readonly Json[], tools: readonly Json[] = []): Json | undefined {
  return reply({ input, tools }, 9).at(-1);
}

Deno.test("a prompt is answered", () => {
  assertEquals(said([prompt("hello")])?.type, "message");
});

Deno.test("a command is run once, then the prompt is answered", () => {
  const first = said([prompt("please run a command")]);
  assertEquals([first?.type, first?.name], ["function_call", "exec_command"]);
  assertEquals(said([prompt("please run a command"), output("ok")])?.type, "message");
  assertEquals(said([prompt("please run a command"), output("ok"), prompt("thanks")])?.type, "message");
});

Deno.test("a sub-agent is spawned and waited for, by the names that the request has for it", () => {
  const old = [{ type: "function", name: "spawn_agent" }, { type: "function", name: "wait" }];
  const now = [{ type: "namespace", name: "agents", tools: [{ name: "spawn_agent" }, { name: "wait_agent" }] }];
  const spawned = [prompt("delegate it"), output(`{"agent_id":"${AGENT}"}`)];
  assertEquals(said(spawned.slice(0, 1), old)?.namespace, undefined);
  assertEquals(said(spawned.slice(0, 1), now)?.namespace, "agents");
  assertEquals([said(spawned, old)?.name, said(spawned, old)?.arguments], ["wait", `{"ids":["${AGENT}"]}`]);
  assertEquals([said(spawned, now)?.name, said(spawned, now)?.arguments], ["wait_agent", `{"targets":["${AGENT}"]}`]);
  assertEquals(said([...spawned, output("done")], now)?.type, "message");
});

Deno.test("the events end with the usage", () => {
  const text = events(reply({ input: [prompt("hello")] }, 3), 3, 2);
  const datas = text.split("\n").filter((line) => line.startsWith("data: ")).map((line) => JSON.parse(line.slice(6)));
  assertEquals(datas.map(({ type }) => type), [
    "response.created",
    "response.output_item.done",
    "response.output_item.done",
    "response.completed",
  ]);
  assertEquals(datas.at(-1).response.usage.total_tokens, 220);
});

Deno.test("the server answers on loopback, and knows one path", async () => {
  await using api = startModelApi();
  assertMatch(api.url, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  const answer = await fetch(`${api.url}/responses`, {
    method: "POST",
    body: JSON.stringify({ input: [prompt("x")] }),
  });
  assertEquals(answer.headers.get("content-type"), "text/event-stream");
  assertMatch(await answer.text(), /Answer to 1 items/);
  const other = await fetch(`${api.url}/models`);
  await other.body?.cancel();
  assertEquals(other.status, 404);
});
