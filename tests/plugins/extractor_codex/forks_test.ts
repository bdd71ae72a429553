/**
 * Forks and sub-agents, as the real CLIs wrote them: what is copied of the parent is not the thread's own.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import { actual, bytesOf, comparable, extract, itemOf } from "./actual.ts";
import { extraction } from "./extract_text.ts";
import { FORK_ID, later, lines, said, singleRequest, what } from "./fork_lines.ts";
import { reference } from "./reference.ts";

Deno.test("a fork of Codex 0.99 has its own prompt and its own tokens", async () => {
  assertEquals(await what(lines("0.99-fork")), said("the fork goes on", 3780 - 2160));
  assertEquals(await what(lines("0.99-fork"), { profile: "0.99.0" }), [
    "first question",
    "first question",
    "first question",
    3780,
  ]);
});

Deno.test("a fork of a version before and of versions between", async () => {
  assertEquals(await what(lines("0.90-fork")), said("said to a fork of 0.90.0", 1440 - 420));
  assertEquals(await what(lines("0.115-sub-agent")), said("helper: say hi", 2160 - 940));
  assertEquals(await what(lines("0.135-fork")), said("said to a fork of 0.135.0", 940 - 320));
});

Deno.test("a legacy fork of Codex 0.169 has its own prompt and its own tokens", async () => {
  assertEquals(await what(lines("0.169-legacy-fork")), said("a fork of it", 1140 - 420));
  assertEquals(await what(lines("0.169-legacy-fork"), { profile: "0.169.0" }), said("in legacy mode", 1140));
});

Deno.test("a paginated fork, whose file has no copy, does not count what its parent used", async () => {
  assertEquals(await what(lines("0.169-paginated-fork")), said("a fork of it", 720));
  assertEquals(await what(lines("0.169-paginated-fork"), { profile: "0.169.0" }), said("a fork of it", 1140));
});

Deno.test("nor where its first total is the parent's, repeated as its first request failed, or as it was compacted first", async () => {
  const limited = lines("0.169-limited-fork"), compacted = lines("0.169-compacted-fork");
  for (const strict of [false, true]) {
    assertEquals(await what(limited, { strict }), said("limited", 1420));
    assertEquals(await what(limited.slice(0, 8), { strict }), said("limited", 0));
    assertEquals(await what(compacted, { strict }), said("after compact", 1320 + 820));
    assertEquals(await what(compacted.slice(0, 15), { strict }), said("", 1320));
  }
});

Deno.test("nor where its parent made a single request, all of which the repeated total says", async () => {
  const single = singleRequest();
  for (const strict of [false, true]) {
    assertEquals(await what(single.slice(0, 8), { strict }), said("limited", 0));
    assertEquals(await what(single, { strict }), said("limited", 1420));
  }
});

Deno.test("the totals of a paginated fork of before 0.154 are its own, whether its requests were recorded or not", async () => {
  for (const name of ["0.150-limited-fork", "0.153-limited-fork"]) {
    assertEquals(await what(lines(name)), said("limited", 1320));
  }
});

Deno.test("a paginated fork that was reverted counts what its parent used, which its newest file does not tell", async () => {
  const [meta = "", ...rest] = lines("0.169-paginated-fork");
  const { id, history_base } = JSON.parse(meta).payload;
  const reverted = meta.replace(
    `"history_base":{"thread_id":"${history_base.thread_id}"`,
    `"history_base":{"thread_id":"${id}"`,
  );
  assertNotEquals(reverted, meta);
  assertEquals(await what([reverted, ...rest]), said("a fork of it", 1140));
});

Deno.test("a paginated fork has used no more than its last total, however odd the one before is", async () => {
  const [meta = ""] = lines("0.169-paginated-fork");
  const count = (total: bigint, last: bigint) => {
    const usage = (total_tokens: bigint) =>
      `{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":${total_tokens}}`;
    const info = `{"total_token_usage":${usage(total)},"last_token_usage":${usage(last)},"model_context_window":9}`;
    return `{"timestamp":"2026-11-25T15:21:18.000Z","type":"event_msg","payload":{"type":"token_count","info":${info}}}`;
  };
  const most = 2n ** 63n - 1n;
  assertEquals(await what([meta, count(10n, 5000n), count(6000n, 990n)]), said("", 6000 - 10));
  assertEquals((await what([meta, count(0n, most), count(most, 1n)])).at(-1), most);
});

Deno.test("a sub-agent that was given its parent's history has its own prompt", async () => {
  assertEquals(await what(lines("0.169-sub-agent")), said("helper: say hi", 620));
});

Deno.test("a fork without a prompt of its own is known by its parent's, and has used nothing", async () => {
  for (const [name, copied] of [["0.99-fork", 33], ["0.169-legacy-fork", 19]] as const) {
    const first = name === "0.99-fork" ? "first question" : "in legacy mode";
    assertEquals(await what(lines(name).slice(0, copied)), said(first, 0));
  }
  assertEquals(await what(lines("0.169-attached-fork")), said("", 0));
});

Deno.test("a total that does not say what the last request used costs a paginated fork no more than that", async () => {
  for (const last_token_usage of [undefined, null]) {
    const fork = lines("0.169-paginated-fork").map((line) => {
      const { payload, ...more } = JSON.parse(line);
      const told = payload.info ? { ...payload, info: { ...payload.info, last_token_usage } } : payload;
      return JSON.stringify({ ...more, payload: told });
    });
    assertEquals((await what(fork)).slice(0, 3), Array(3).fill("a fork of it"));
  }
});

Deno.test("a prompt at the end of a file is not known to be the fork's own before something follows", async () => {
  const fork = lines("0.99-fork");
  assertEquals(await what(fork.slice(0, 35)), said("first question", 0));
  assertEquals(await what(fork.slice(0, 36)), said("the fork goes on", 0));
});

for (
  const [name, prompt, tokens] of [
    ["0.115-sub-agent", "helper: say hi", 2160 - 940],
    ["0.135-fork", "said to a fork of 0.135.0", 940 - 320],
    ["0.169-legacy-fork", "a fork of it", 1140 - 420],
  ] as const
) {
  Deno.test(`where turns have ids they say where a copy ends, and no pause of half a second does: ${name}`, async () => {
    const fork = lines(name);
    for (let from = 2; from < fork.length; from++) {
      assertEquals([from, await what(later(fork, from, 500))], [from, said(prompt, tokens)]);
    }
  });
}

Deno.test("where a session_meta says from which ordinal a history is the sub-agent's own, no pause has a say", async () => {
  const fork = lines("0.169-sub-agent"), own = fork.findIndex((line) => JSON.parse(line).ordinal === 12);
  const { timestamp } = JSON.parse(fork[own - 1] ?? ""), payload = { type: "user_message", message: "to the parent" };
  const copied = JSON.stringify({ timestamp, ordinal: 11, type: "event_msg", payload });
  assertEquals(await what(later(fork.toSpliced(own, 0, copied), own, 1500)), said("helper: say hi", 620));
});

Deno.test("a session_meta of another thread whose time cannot be read begins no copy", async () => {
  const [own = "", parent = "", ...rest] = lines("0.99-fork");
  const odd = parent.replace(/(?<=^{"timestamp":")[^"]*/, "odd");
  assertEquals(await what([own, odd, ...rest]), said("first question", 3780));
});

Deno.test("a total before the first session_meta is not the parent's, whether every line is parsed, and however it grew", async () => {
  const [meta = "", , , , , , , , , answer = "", , total = "", ...rest] = lines("0.169-paginated-fork");
  const filler = answer.replace(/(?<="text":")/, "x".repeat(270_000));
  const parts = [filler, answer, total, meta, ...rest];
  const bytes = bytesOf(parts.map((line) => `${line}\n`).join(""));
  const expected = comparable(reference(itemOf(bytes), bytes, "default"));
  assertEquals(comparable(await actual(bytes)), expected);
  for (let cut = 1; cut < parts.length; cut++) {
    const { snapshot = "" } = await extract(bytesOf(parts.slice(0, cut).map((line) => `${line}\n`).join("")));
    assertNotEquals(snapshot, "");
    assertEquals([cut, comparable(await actual(bytes, { snapshot }))], [cut, expected]);
  }
});

Deno.test("a line that no column needs has no say in where a copy begins, whatever its time", async () => {
  const fork = lines("0.99-fork"), time = "2030-01-01T00:00:00.000Z";
  for (const payload of [{ type: "reasoning", summary: [] }, { type: "token_count", info: null, rate_limits: null }]) {
    const type = payload.type === "reasoning" ? "response_item" : "event_msg";
    const between = JSON.stringify({ timestamp: time, type, payload });
    const bytes = bytesOf(fork.toSpliced(1, 0, between).map((line) => `${line}\n`).join(""));
    assertEquals(comparable(await actual(bytes)), comparable(reference(itemOf(bytes), bytes, "default")));
  }
});

Deno.test("a session_meta of another thread further on begins no copy", async () => {
  const fork = lines("0.99-fork");
  const [own = "", parent = "", ...rest] = fork;
  assertEquals(await what([own, ...rest.slice(0, 8), parent, ...rest.slice(8)]), said("first question", 3780));
});

Deno.test("what a copied line says counts, also where it turns out late to be a prompt", async () => {
  const fork = lines("0.99-fork").slice(0, 33);
  const text = "a long question ".repeat(20).trim();
  const time = String(JSON.parse(fork[1] ?? "").timestamp);
  const answer = `"type":"message","role":"assistant","content":[{"type":"output_text","text":"${"x".repeat(200)}"}]`;
  const late = `{"timestamp":"${time}","type":"response_item","payload":{${answer}},"type":"event_msg","payload":` +
    `{"type":"user_message","message":"${text}","images":[],"local_images":[],"text_elements":[]}}`;
  assertEquals(await what(fork.toSpliced(2, 0, late)), said(text, 0));
});

Deno.test("a fork is read alike in whatever pieces it comes", async () => {
  for (
    const name of [
      "0.90-fork",
      "0.99-fork",
      "0.115-sub-agent",
      "0.169-legacy-fork",
      "0.169-compacted-fork",
      "0.169-limited-fork",
      "0.169-paginated-fork",
      "0.169-sub-agent",
    ]
  ) {
    const all = lines(name);
    // Long lines that no column needs bring the file to a size from which snapshots are kept.
    const filler = JSON.stringify({
      timestamp: JSON.parse(all[2] ?? "{}").timestamp,
      type: "response_item",
      payload: { type: "reasoning", summary: [], filler: "x".repeat(270_000) },
    });
    const full = all.toSpliced(2, 0, filler);
    const whole = (await extraction(codexExtractor(), `${full.join("\n")}\n`, FORK_ID)).row;
    for (let cut = 3; cut < full.length; cut++) {
      const first = await extraction(codexExtractor(), `${full.slice(0, cut).join("\n")}\n`, FORK_ID);
      const { snapshot = "" } = first;
      assertNotEquals(snapshot, "");
      const grown = await extraction(codexExtractor(), `${full.join("\n")}\n`, FORK_ID, {}, { snapshot });
      assertEquals([cut, grown.row], [cut, whole]);
    }
  }
});
