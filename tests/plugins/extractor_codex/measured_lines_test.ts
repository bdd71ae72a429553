/**
 * Lines that are gone through before they are held: what is cut out of them, or refused without being held, changes nothing that
 * the reference says.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { ExtractionError } from "../../../src/errors.ts";
import { RolloutExtractor } from "../../../plugins/extractor_codex/extraction.ts";
import { DEPTH_LIMIT } from "../../../plugins/extractor_codex/json.ts";
import { MOST_VALUES } from "../../../plugins/extractor_codex/line_size.ts";
import { type ProfileName, PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { bytesOf, comparable, CountingReader, itemOf } from "./actual.ts";
import { type Expected, reference } from "./reference.ts";
import { answer, line, META, SEVEN_TOKENS } from "./written_lines.ts";

/** How an extraction goes. */
interface How {
  readonly profile?: ProfileName;
  readonly strict?: boolean;
  readonly measuredBytes?: number;
  readonly piece?: number;
}

async function actual(
  bytes: Uint8Array<ArrayBuffer>,
  { profile: name = "default", strict = false, measuredBytes, piece = Infinity }: How = {},
): Promise<Expected> {
  const rules = { profile: PROFILES[name], defaultProvider: "openai", strict, maxLineBytes: 64 << 20 };
  const extractor = new RolloutExtractor(measuredBytes === undefined ? rules : { ...rules, measuredBytes });
  const open = () => new CountingReader(bytes, () => piece);
  try {
    const { row, records, malformed, unknown } = await extractor.extract(itemOf(bytes), {
      open,
      signal: new AbortController().signal,
    });
    return { row, records, malformed, unknown };
  } catch (error) {
    if (error instanceof ExtractionError) return { failure: error.kind };
    throw error;
  }
}

/** Texts as they stand in JSON, or should not. */
const texts = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom("x", "é", "日", "a b ", "\\n", "\\\\"), fc.integer({ min: 1, max: 900 })),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom("\\ud83d", "\\ude00", "\\u0041", '\\"', "😀"), fc.constant(1)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('"', "\0", "\u0001", "\\q", "\t", "{", '",'), fc.constant(1)) },
  ),
  { maxLength: 6 },
).map((parts) => parts.map(([unit, count]) => unit.repeat(count)).join(""));

const payloadTypes = fc.constantFrom(
  ...["unheard_of", "user_message", "agent_message", "token_count", "thread_goal_updated", "item_completed", "message"],
  ...["thread_settings_applied", "user_\\u006dessage", "function_call_output"],
);

/** Some of the first members of a payload, in any order; the last one is another type. */
const payloads = (count: number) =>
  fc.shuffledSubarray([...Array(count).keys()], { minLength: 2 }).chain((order) =>
    fc.tuple(payloadTypes, payloadTypes, texts, texts, texts).map(([type, again, one, other, third]) =>
      order.map((at) =>
        [
          `"type":"${type}"`,
          `"message":"${one}"`,
          `"images":["${other}"]`,
          `"output":"${third}"`,
          `"nested":{"type":"user_message","payload":{"type":"x"},"list":[1,"${one}"]}`,
          `"turn_id":"${other}"`,
          `"role":"user","content":[{"type":"input_text","text":"${one}"}]`,
          `"item":{"type":"UserMessage","id":"1","content":[{"type":"text","text":"${other}"}]},"thread_id":"t"`,
          `"type":"${again}"`,
        ][at]
      ).join(",")
    )
  );

const types = fc.constantFrom(
  ...[
    "event_msg",
    "event_msg",
    "unheard_of",
    "response_item",
    "compacted",
    "turn_context",
    "session_meta",
    "world_state",
  ],
);

const TIMESTAMP = '"timestamp":"2026-01-27T12:35:00.000Z"';

/** A line in the order in which the CLI writes its members. */
const usualLines = fc.tuple(types, payloads(8)).map(([type, payload]) =>
  `{${TIMESTAMP},"type":"${type}","payload":{${payload}}}`
);

/** A line in another order, of which nothing is known before it is parsed. Members may come twice. */
const otherLines = fc.tuple(
  fc.oneof(payloads(9).map((payload) => `{${payload}}`), texts.map((text) => `["user_message","${text}",null,[],[]]`)),
  types,
  types,
  fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 }),
).map(([payload, type, again, order]) => {
  const members = [TIMESTAMP, `"type":"${type}"`, `"payload":${payload}`, `"type":"${again}"`];
  return `{"first":0,${order.map((at) => members[at]).join(",")}}`;
});

const longLines = fc.oneof(usualLines, otherLines);

const damages = fc.constantFrom<(line: string) => string>(
  (line) => line,
  (line) => line,
  (line) => line.slice(0, -1),
  (line) => line.slice(0, line.length >> 1),
  (line) => `${line}}`,
  (line) => `\ufeff${line}`,
  (line) => `x${line}`,
  (line) => `  \t${line} `,
  (line) => `[${line}]`,
  (line) => `\0${line}`,
  (line) => " ".repeat(line.length),
  (line) => line.replace('"payload"', '"pay\\u006coad"'),
  (line) => line.replace('"payload":{', `"payload":{"deep":${"[".repeat(140)}${"]".repeat(140)},`),
);

const rollouts = fc.tuple(
  fc.array(fc.tuple(longLines, damages), { minLength: 1, maxLength: 5 }),
  fc.constantFrom("", "\n"),
  fc.boolean(),
).map(([lines, end, hasAnswers]) => {
  const all = lines.flatMap(([line, damage]) => hasAnswers ? [damage(line), answer("short")] : [damage(line)]);
  return bytesOf([META, ...all].join("\n") + end);
});

Deno.test("long lines of every kind, whole or damaged, are read like the reference reads them", async () => {
  const profiles = fc.constantFrom<ProfileName>("default", "0.99.0", "0.169.0");
  const pieces = fc.constantFrom(100, 513, 2000, Infinity);
  await fc.assert(
    fc.asyncProperty(rollouts, profiles, pieces, async (bytes, profile, piece) => {
      const expected = reference(itemOf(bytes), bytes, profile);
      const how = { profile, piece, measuredBytes: 600 };
      assertEquals(comparable(await actual(bytes, how)), comparable(expected));
      assertEquals(await actual(bytes, { ...how, strict: true }), expected);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("what a column needs is held, however it is spelled, and so is what makes a line malformed", async () => {
  const text = "a long text ".repeat(200), x = "x".repeat(2_000);
  // Not in the order of the CLI, which would say of some that no column needs them.
  const raw = (members: string) => `{${members},"timestamp":"2026-01-27T12:35:00.000Z"}`;
  const event = (payload: string) => raw(`"type":"event_msg","payload":${payload}`);
  const cases: Record<string, string> = {
    "a folder and a model": line("turn_context", { cwd: `/${x}`, approval_policy: "never", model: x, summary: "auto" }),
    "an escaped type": event(`{"type":"user_\\u006dessage","message":"${text}"}`),
    "an escaped key": event(`{"type":"agent_message","typ\\u0065":"user_message","message":"${text}"}`),
    "an escaped key of the line, again": raw(
      `"type":"event_msg","payload":{"type":"agent_message","message":"x"},"payl\\u006fad":{"type":"user_message","message":"${text}"}`,
    ),
    "an escaped key of the line": raw(`"type":"event_msg","payl\\u006fad":{"type":"user_message","message":"${text}"}`),
    "a type that comes again": event(`{"type":"agent_message","message":"${text}","type":"user_message"}`),
    "a type that is a number": event(`{"type":"agent_message","message":"${text}","type":20}`),
    "a payload that comes again": raw(
      `"type":"event_msg","payload":{"type":"agent_message","message":"x"},"payload":{"type":"user_message","message":"${text}"}`,
    ),
    "a payload that is a list": raw(
      `"type":"event_msg","payload":{"type":"agent_message","message":"x"},"payload":["user_message","${text}",null,[],[]]`,
    ),
    "a type behind the payload": raw(
      `"type":"unheard_of","payload":{"type":"user_message","message":"${text}"},"type":"event_msg"`,
    ),
    "a type inside of something": event(
      `{"nested":{"type":"agent_message"},"type":"user_message","list":[{"type":"x"}],"message":"${text}"}`,
    ),
    "a goal": line("event_msg", {
      type: "thread_goal_updated",
      threadId: "t",
      goal: { objective: text, status: "active" },
    }),
    "halves of a character": event(`{"type":"unheard_of","message":"${x}\\ud83d${x}\\ude00"}`),
    "a half of a character": event(`{"type":"agent_message","message":"${x}\\ud83d${x}"}`),
    "a tab": event(`{"type":"unheard_of","message":"${x}\t${x}"}`),
    "an escape that is none": event(`{"type":"unheard_of","message":"${x}\\q${x}"}`),
    "an escape that is cut off": event(`{"type":"unheard_of","message":"${x}\\u12${x}"}`),
    "an image": line("event_msg", { type: "user_message", message: text, images: [x] }),
  };
  const folder = META.replace(
    '"cwd":"/work/a"',
    `"cwd":"/${x}","model_provider":"${x}","base_instructions":{"text":"${x}"}`,
  );
  const files = [
    ...Object.entries(cases).map(([name, one]) => [name, [META, one]] as const),
    [
      "a session_meta",
      [folder, line("event_msg", { type: "user_message", message: "hello" })],
    ] as const,
  ];
  for (const profile of ["default", "0.99.0", "0.169.0"] as const) {
    for (const [name, lines] of files) {
      for (const end of ["\n", ""]) {
        const bytes = bytesOf(lines.join("\n") + end), expected = reference(itemOf(bytes), bytes, profile);
        for (const piece of [600, Infinity]) {
          for (const strict of [false, true]) {
            const found = await actual(bytes, { profile, piece, strict, measuredBytes: 600 });
            assertEquals(
              strict ? found : comparable(found),
              strict ? expected : comparable(expected),
              `${profile}: ${name}`,
            );
          }
        }
      }
    }
  }
});

/** Watches how large the memory of a scanner becomes. */
class HeldBytes implements Disposable {
  /** The largest that a memory became. */
  most = 0;
  readonly #grow = WebAssembly.Memory.prototype.grow;

  constructor() {
    const grow = this.#grow, note = (bytes: number) => this.most = Math.max(this.most, bytes);
    WebAssembly.Memory.prototype.grow = function (pages) {
      const before = grow.call(this, pages);
      note(this.buffer.byteLength);
      return before;
    };
  }

  [Symbol.dispose](): void {
    WebAssembly.Memory.prototype.grow = this.#grow;
  }
}

const SIZE = 24 << 20;
const LONG = "some text ".repeat(SIZE / 10);
const event = (type: string) => line("event_msg", { type, output: LONG });

Deno.test("of a line that no column needs little is held, whatever its kind is and whatever is wrong with it", async () => {
  const cases: Record<string, string> = {
    "an unknown line": line("unheard_of", { text: LONG }),
    "an unknown event": event("unheard_of"),
    "an event that is cut off": event("agent_message").slice(0, -1),
    "members in another order": JSON.stringify({
      payload: { output: LONG, type: "function_call_output" },
      type: "response_item",
    }),
    "no JSON": "x".repeat(SIZE),
    "what a disk left": event("unheard_of").slice(0, 100) + "\0".repeat(SIZE),
    "one in the other": '{"a":'.repeat(SIZE / 5),
    "many values": line("unheard_of", { list: Array(MOST_VALUES + 1).fill("0123456789") }),
    "images of a message": line("event_msg", { type: "user_message", message: "hello", images: [LONG] })
      .replace('"type":"event_msg",', "").replace(/}$/, ',"type":"event_msg"}'),
  };
  for (const [name, one] of Object.entries(cases)) {
    for (const end of ["\n", ""]) {
      const bytes = bytesOf(`${META}\n${one}${end}`);
      const held = new HeldBytes();
      const found = await actual(bytes);
      held[Symbol.dispose]();
      assert(held.most < 6 << 20, `${name}: ${held.most} bytes were held`);
      assertEquals(comparable(found), comparable(reference(itemOf(bytes), bytes, "default")), name);
    }
  }
});

Deno.test("of a message all of the text is held, as it is stored", async () => {
  using held = new HeldBytes();
  const found = await actual(bytesOf(`${META}\n${line("event_msg", { type: "user_message", message: LONG })}\n`));
  assert("row" in found && found.row.title === LONG.trim() && held.most > SIZE);
});

Deno.test("a line is refused without being held only if it is malformed", async () => {
  const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const cases: [string, number][] = [
    [line("unheard_of", { text: "x".repeat(2_000), list: 0 }).replace("0}", `${deep(DEPTH_LIMIT - 3)}}`), 0],
    [line("unheard_of", { text: "x".repeat(2_000), list: 0 }).replace("0}", `${deep(DEPTH_LIMIT - 2)}}`), 1],
    [`\t ${event("unheard_of").slice(0, 3_000)}"}}`, 0],
    [line("event_msg", { type: "token_count", info: SEVEN_TOKENS, rate_limits: null, text: "x".repeat(3_000) }), 0],
    ["\t".repeat(3_000), 0],
    ["\u00a0".repeat(3_000), 0],
    ["\0".repeat(3_000), 1],
  ];
  for (const [one, malformed] of cases) {
    const bytes = bytesOf(`${META}\n${one}\n`);
    const found = await actual(bytes, { measuredBytes: 600, piece: 700 });
    assertEquals("malformed" in found && found.malformed, malformed, one.slice(0, 80));
  }
});
