/**
 * Lines that are longer than a read: they stream through, are measured, are cut, or are passed over, and the row stays what the
 * reference says.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "../../fast_check.ts";
import { codexExtractor, type ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { actual, bytesOf, comparable, CountingReader, extract, itemOf } from "./actual.ts";
import { reference } from "./reference.ts";
import { rolloutLines, spaced } from "./rollouts.ts";
import { answer, line, META, SEVEN_TOKENS, tokens } from "./written_lines.ts";

const message = (text: string, images: readonly string[] = []): string =>
  line("event_msg", { type: "user_message", message: text, images, local_images: [], text_elements: [] });

const item = (text: string, image_url: string): string =>
  line("event_msg", {
    type: "item_completed",
    thread_id: "019c0000-0000-7000-8000-000000000001",
    turn_id: "1",
    item: { type: "UserMessage", id: "1", content: [{ type: "image", image_url }, { type: "text", text }] },
  });

Deno.test("a malformed last line of more than is checked gives no time, although an older line waited with it", async () => {
  const later = tokens(SEVEN_TOKENS).replace(/"timestamp":"[^"]+"/, '"timestamp":"2026-01-27T18:00:00.000Z"');
  const torn = later + answer("x".repeat(9 << 20));
  const bytes = bytesOf([META, message("hi"), tokens(SEVEN_TOKENS), torn].join("\n"));
  assertEquals(comparable(await actual(bytes)), comparable(reference(itemOf(bytes), bytes, "default", 64 << 20)));
});

const sizes = fc.oneof(fc.nat(2000), fc.integer({ min: 30_000, max: 300_000 }), fc.constant(700_000));

const image = fc.tuple(sizes, fc.constantFrom("QUJD", "QU\\\\", 'A"', "\u00e9", "\\u0041", "\n")).map(([size, unit]) =>
  `data:image/png;base64,${unit.repeat(size / unit.length)}`
);

/** A long line, whole or damaged. */
const long = fc.tuple(
  fc.oneof(
    sizes.map((size) => answer("é".repeat(size / 2))),
    sizes.map((size) => answer("x".repeat(size))),
    sizes.map((size) => message("a text ".repeat(size / 7))),
    fc.tuple(image, image).map((images) => message("", images)),
    fc.tuple(image, fc.constantFrom("", "hello")).map(([image, text]) => item(text, image)),
    sizes.map((size) => line("unheard_of", { text: "x".repeat(size) })),
    sizes.map((size) => line("turn_context", { cwd: "/b", model: "m", user_instructions: "y".repeat(size) })),
  ),
  fc.constantFrom<(line: string) => string>(
    (line) => line,
    (line) => line,
    (line) => `${line} `,
    (line) => line.slice(0, -1),
    (line) => line.replace(/}$/, ',"more":1}'),
    (line) => line.replace(/.(.{20})$/, "\u0001$1"),
    (line) => line.replace(/xxxxx$/, '"'),
    (line) => line.replace(/(QUJD){3}/, "\\q"),
  ),
).map(([line, damage]) => damage(line));

const rollouts = fc.tuple(rolloutLines, fc.array(fc.tuple(fc.nat(), long), { maxLength: 4 }), fc.constantFrom("", "\n"))
  .map(([lines, longOnes, end]) => {
    const all = [META, ...lines];
    for (const [at, line] of longOnes) all.splice(1 + at % all.length, 0, line);
    return bytesOf(all.join("\n") + end);
  });

Deno.test("rollouts with long lines", async () => {
  const pieces = fc.constantFrom(300_000, 65_536, 4097, Infinity);
  const profiles = fc.constantFrom<ProfileName>("default", "0.99.0", "0.169.0");
  const limits = fc.constantFrom(64 << 20, 400_000, 20_000, 300);
  await fc.assert(
    fc.asyncProperty(rollouts, pieces, profiles, limits, async (bytes, size, profile, maxLineBytes) => {
      const expected = reference(itemOf(bytes), bytes, profile, maxLineBytes);
      const options = { profile, maxLineBytes, piece: () => size };
      assertEquals(comparable(await actual(bytes, options)), comparable(expected));
      assertEquals(await actual(bytes, { ...options, strict: true }), expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("a line that no column needs is read once, however long it is", async () => {
  const bytes = bytesOf([META, answer("x".repeat(12 << 20)), message("hello"), ""].join("\n"));
  const { row, counted, bytesRead, records } = await extract(bytes);
  assertEquals([row.title, records], ["hello", 3]);
  assertEquals([counted, bytesRead], [bytes.length, bytes.length]);
});

Deno.test("a line of an unknown type is counted by it and read once, however long it is", async () => {
  const long = { text: "TEXT" };
  for (const shape of [(line: string) => line, spaced]) {
    const lines = [
      line("of_tomorrow", long),
      line("event_msg", { type: "unheard_of", ...long }),
      line("of_tomorrow", {}),
    ];
    const text = [META, ...lines.map(shape), message("hello"), ""].join("\n").replaceAll("TEXT", "x".repeat(12 << 20));
    const bytes = bytesOf(text);
    const { row, counted, records, malformed, unknown } = await extract(bytes);
    assertEquals([row.title, records, malformed, counted], ["hello", 5, 0, bytes.length]);
    assertEquals(unknown, { "of_tomorrow@0.99.0": 2, "event_msg/unheard_of@0.99.0": 1 });
  }
});

Deno.test("lines that were cut off, or end in NULs, are malformed, and what is behind them is blank", async () => {
  const end = line("event_msg", { type: "user_message", message: "x".repeat(1 << 20) });
  for (const cut of [end.slice(0, -1), `${end.slice(0, -2)}]`, `${end}\0`, `${end.slice(0, 1 << 19)}é`]) {
    for (const last of ["", "\n", " \t\r\n"]) {
      const { row, records, malformed } = await extract(bytesOf(`${META}\n${message("hello")}\n${cut}${last}`));
      assertEquals([row.title, records, malformed], ["hello", 2, 1]);
    }
  }
  const { row, malformed } = await extract(bytesOf(`${META}\n${message("hello")} \t\r\n`));
  assertEquals([row.title, malformed], ["hello", 0]);
});

Deno.test("the last line is read once more to be sure of its time, but for one of more than 8 MiB", async () => {
  for (const shape of [(line: string) => line, spaced]) {
    for (const size of [5 << 20, 9 << 20]) {
      const last = shape(answer("yes")).replace("12:35:00.000Z", "12:59:59.999999Z").replace("yes", "x".repeat(size));
      const bytes = bytesOf([META, last, ""].join("\n"));
      const { row, counted } = await extract(bytes);
      assertEquals(Number(row.last_record_at_ms), Date.UTC(2026, 0, 27, 12, 59, 59, 999));
      assertEquals(counted - bytes.length, size < 8 << 20 ? last.length : 0);
    }
  }
});

Deno.test("what a long line says counts, however late it says what it is", async () => {
  const text = "long text ".repeat(60_000).trim(), time = '"timestamp":"2026-01-27T12:35:00.000Z"';
  const user = `{"type":"user_message","message":"${text}"}`;
  const part = `[{"type":"image","image_url":"${"QUJD".repeat(10_000)}"},["text","${text}",[]]]`;
  const key = "k".repeat(300), image = `"image_url":"${"QUJD".repeat(10_000)}"`;
  const cases: Record<string, string> = {
    "a second type": `{${time},"type":"response_item","payload":${user},"type":"event_msg"}`,
    "a second payload":
      `{${time},"type":"event_msg","payload":{"type":"agent_message","message":"${text}"},"payload":${user},"z":0}`,
    "a turn":
      `{${time},"type":"response_item","payload":{"type":"x","cwd":"/${text}","approval_policy":"never","sandbox_policy":{"type":"read-only"},"model":"${text}","summary":"auto"},"type":"turn_context"}`,
    "a time of many digits": `{"type":"unheard_of","payload":{"t":"${text}"},"timestamp":"2027-01-27T12:35:00.${
      "1".repeat(300)
    }Z"}`,
    "a text in a list behind an image": line("event_msg", {
      type: "item_completed",
      thread_id: "019c0000-0000-7000-8000-000000000001",
      turn_id: "t",
      item: { type: "UserMessage", id: "1", content: 0 },
    }).replace('"content":0', `"content":${part}`),
    "keys that begin alike behind an image":
      `{${time},"type":"event_msg","payload":{"type":"user_message",${image},"${key}a":99999999999999999999999999,"${key}b":1,"message":"hello"}}`,
  };
  for (const profile of ["default", "0.99.0", "0.169.0"] as const) {
    for (const [name, one] of Object.entries(cases)) {
      for (const end of ["", "\n"]) {
        const bytes = bytesOf(`${META}\n${one}${end}`), expected = reference(itemOf(bytes), bytes, profile);
        for (const piece of [700, 40_000, Infinity]) {
          assertEquals(
            comparable(await actual(bytes, { profile, piece: () => piece })),
            comparable(expected),
            `${profile}: ${name}`,
          );
          assertEquals(
            await actual(bytes, { profile, piece: () => piece, strict: true }),
            expected,
            `${profile}, strict: ${name}`,
          );
        }
      }
    }
  }
});

Deno.test("a message that is mostly images is read once, and has its text", async () => {
  const images = Array.from({ length: 3 }, () => `data:image/png;base64,${"QUJD".repeat(3 << 20)}`);
  // Where nothing comes behind it, the guard of the snapshot is read from the item.
  const bytes = bytesOf([META, message("what is this?", images), answer("x".repeat(2000)), ""].join("\n"));
  const { row, counted, malformed } = await extract(bytes);
  assertEquals([row.title, malformed, counted], ["what is this?", 0, bytes.length]);
});

Deno.test("a long line that a column needs is measured first, and read whole then", async () => {
  const text = "word ".repeat(1 << 20);
  const bytes = bytesOf([META, message(text), answer("yes"), ""].join("\n"));
  const { row, counted } = await extract(bytes);
  assertEquals(row.title, text.trim());
  assert(counted < 2 * bytes.length + 300_000);
});

Deno.test("a line over the limit is counted and passed over, whatever it is", async () => {
  for (const one of [answer("x".repeat(2_000_000)), message("x".repeat(2_000_000)), "x".repeat(2_000_000)]) {
    const bytes = bytesOf([META, one, message("hello"), ""].join("\n"));
    const { row, malformed, records } = await extract(bytes, { maxLineBytes: 1_000_000 });
    assertEquals([row.title, malformed, records], ["hello", 1, 2]);
    const last = await extract(bytesOf([META, message("hello"), one].join("\n")), { maxLineBytes: 1_000_000 });
    assertEquals([last.row.title, last.malformed, last.records], ["hello", 1, 2]);
  }
});

Deno.test("what a version of Codex reads is not too long for its profile", async () => {
  const bytes = bytesOf([META, message("hello", ["QUJD".repeat(17 << 20)]), ""].join("\n"));
  for (const profile of ["0.99.0", "0.169.0"] as const) {
    const { row, malformed } = await extract(bytes, { profile });
    assertEquals([row.title, malformed], ["hello", 0]);
  }
  assertEquals((await extract(bytes)).malformed, 1);
});

Deno.test("the limit is exact", async () => {
  const one = answer("x".repeat(600_000));
  const bytes = bytesOf([META, one, ""].join("\n"));
  assertEquals((await extract(bytes, { maxLineBytes: one.length })).malformed, 0);
  assertEquals((await extract(bytes, { maxLineBytes: one.length - 1 })).malformed, 1);
});

Deno.test("hundreds of lines of which only the newest counts, the newest of them unreadable", async () => {
  const turn = (model: string | null) => line("turn_context", { cwd: "/b", approval_policy: "never", model });
  const lines = [
    META,
    tokens(SEVEN_TOKENS),
    turn("m"),
    ...Array.from({ length: 40 }, () => answer("x".repeat(30_000))),
  ];
  for (let count = 0; count < 300; count++) lines.push(tokens(null), turn(null), answer("x".repeat(5000)));
  const bytes = bytesOf(lines.join("\n"));
  const expected = reference(itemOf(bytes), bytes, "default");
  assert("row" in expected && expected.row.tokens_used === 7 && expected.row.model === "m");
  assertEquals(await actual(bytes), expected);
});

/** So many images that they are cut while the line is read. */
const PICTURE = `data:image/png;base64,${"QUJD".repeat(200_000)}`;

Deno.test("a message is malformed if one of its images is, also where the image is cut", async () => {
  for (const odd of ["\u0001", "\\q", '"', "\\u12"]) {
    const broken = message("title", [PICTURE]).replace(/(QUJD){60000}/, `$&${odd}`);
    const bytes = bytesOf([META, broken, answer("end"), ""].join("\n"));
    const { row, malformed } = await extract(bytes);
    assertEquals([row.title, malformed], ["", 1], odd);
  }
});

Deno.test("the time of the last line that can be read, before a cut one that cannot", async () => {
  const later = answer("first").replace("12:35:00", "12:36:00");
  for (const size of [500, 1000, 100_000]) {
    const fields = { images: ["x".repeat(size)], message: `@${"a text ".repeat(9000)}` };
    const broken = line("event_msg", { type: "user_message", ...fields }).replace("@", "\\q");
    const bytes = bytesOf([META, answer("x".repeat(3000)), later, broken, ""].join("\n"));
    const { row, malformed } = await extract(bytes, { piece: () => 50_000 + size });
    assertEquals([row.last_record_at_ms, malformed], [Date.parse("2026-01-27T12:36:00.000Z"), 1]);
  }
});

Deno.test("a long line that no column needs and that is cut off is malformed", async () => {
  const bytes = bytesOf([META, answer("x".repeat(900_000)).slice(0, -1), answer("end"), ""].join("\n"));
  const { malformed, records } = await extract(bytes);
  assertEquals([malformed, records], [1, 2]);
});

Deno.test("a thread that is a guardian's for a while is read as the reference reads it", async () => {
  const from = (source: unknown) =>
    META.replace('"cwd"', `"history_mode":"paginated","source":${JSON.stringify(source)},"cwd"`);
  const guardian = from({ subagent: { other: "guardian" } });
  const lines = [from("cli"), message("Guardian review"), guardian, message("more"), from("cli"), ""];
  const bytes = bytesOf(lines.join("\n"));
  const expected = reference(itemOf(bytes), bytes, "default");
  assert("row" in expected);
  assertEquals(expected.row.title, "Guardian review");
  assertEquals(await actual(bytes), expected);
});

Deno.test("a signal is heeded while lines are read that take long", async () => {
  const one = bytesOf(`{${'"a":[1,2],'.repeat(800)}\n`);
  // More than any machine reads until the next turn.
  const size = 8 * 2 ** 30;
  const reader = {
    read: (into: Uint8Array, offset: number): number => {
      if (offset >= size) return 0;
      for (let at = 0; at < into.length; at++) into[at] = one[(offset + at) % one.length] ?? 0;
      return into.length;
    },
    close: () => {},
  };
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")));
  const item = { ...itemOf(new Uint8Array()), size };
  const endless = codexExtractor().extract(item, { open: () => reader, signal: controller.signal });
  await assertRejects(async () => await endless, Error, "enough");
});

Deno.test("an item that can only be read on is not begun anew for every line that is parsed", async () => {
  const lines = [
    META,
    // In another order than the CLI's.
    ...Array.from({ length: 6 }, () => line("unheard_of", { text: "x".repeat(5 << 20) }).replace("{", '{"n":1,')),
    "",
  ];
  const bytes = bytesOf(lines.join("\n")), item = itemOf(bytes);
  const rewinds: Record<string, number> = {};
  for (const isSequential of [true, false]) {
    let position = 0, count = 0;
    const reader = {
      isSequential,
      read: (into: Uint8Array, offset: number): number => {
        if (offset < position) count++;
        const part = bytes.subarray(offset, offset + into.length);
        into.set(part);
        position = offset + part.length;
        return part.length;
      },
      close: () => {},
    };
    const signal = new AbortController().signal;
    const { records } = await codexExtractor().extract(item, { open: () => reader, signal });
    assertEquals(records, 7);
    rewinds[`${isSequential}`] = count;
  }
  // Elsewhere a line is measured before so much memory is spent on it.
  assertEquals(rewinds, { true: 0, false: 6 });
});

/** A fork: its own session_meta, that of its parent, and what it copied. */
const forked = (copied: readonly string[]): string[] => [
  META.replace('"cwd"', '"forked_from_id":"019b0000-0000-7000-8000-000000000001","cwd"'),
  META.replace("019c0000-0000-7000-8000-000000000001", "019b0000-0000-7000-8000-000000000001"),
  ...copied,
];

Deno.test("images are cut out of what a fork copied, too, while it is read", async () => {
  const image = `data:image/png;base64,${"QUJD".repeat(6 << 18)}`;
  const content = [{ type: "input_image", image_url: image }];
  const own = message("own").replace("12:35:00", "12:36:00");
  const lines = forked([
    message("copied", [image, image]),
    line("response_item", { type: "message", role: "user", content }),
    message("", [image]),
    own,
    tokens(SEVEN_TOKENS).replace("12:35:00", "12:36:01"),
    "",
  ]);
  const bytes = bytesOf(lines.join("\n"));
  for (const strict of [false, true]) {
    const { row, counted } = await extract(bytes, { strict });
    assertEquals([row.title, row.tokens_used], ["own", 7]);
    // What is measured before it is held is read twice.
    assertEquals(counted, bytes.length, `strict: ${strict}`);
  }
});

Deno.test("nothing is cut out of the tools that were offered, however long their line is", async () => {
  const image_url = `data:image/png;base64,${"QUJD".repeat(1 << 19)}`;
  const tool = { name: "look", description: "", inputSchema: { examples: [{ image_url }] } };
  const meta = META.replace('"cwd"', `"dynamic_tools":${JSON.stringify([tool])},"cwd"`);
  const bytes = bytesOf([meta, message("hello"), ""].join("\n"));
  for (const options of [{}, { strict: true }, { profile: "0.99.0" }] as const) {
    const { row } = await extract(bytes, options);
    assertEquals(row.dynamic_tools?.tools[0]?.input_schema, JSON.stringify(tool.inputSchema));
  }
});

Deno.test("of a fork without a copy nothing is parsed but what another thread's columns need", async () => {
  const broken = answer("bad").replace("bad", "\u0001");
  const meta = META.replace('"cwd"', '"history_base":{"thread_id":"019b0000-0000-7000-8000-000000000001"},"cwd"');
  const bytes = bytesOf([meta, message("hi"), broken, tokens(SEVEN_TOKENS), ""].join("\n"));
  const { row, malformed } = await extract(bytes);
  assertEquals([row.title, row.tokens_used, malformed], ["hi", 7, 0]);
});

Deno.test("an item that can only be read on is not begun anew for a long last line", async () => {
  const text = "x".repeat(700_000);
  const bytes = bytesOf([META, message("hi"), answer(text).replace("12:35:00", "12:36:00"), ""].join("\n"));
  const reader = Object.assign(new CountingReader(bytes), { isSequential: true });
  const signal = new AbortController().signal;
  const { row } = await codexExtractor().extract(itemOf(bytes), { open: () => reader, signal });
  assertEquals([row.last_record_at_ms, reader.count], [Date.parse("2026-01-27T12:36:00.000Z"), bytes.length]);
});

Deno.test("a last line that is not long is parsed wherever its bytes are, also where an item can only be read on", async () => {
  const broken = answer(`\\q${"x".repeat(3000)}`).replace("12:35:00", "12:59:00");
  const meta = META.length + message("hi").length;
  for (const before of [0, 600, 2000, 4000]) {
    const filler = answer("").replace('"text":""', `"text":"${"y".repeat((256 << 10) - meta - 600 - before)}"`);
    const bytes = bytesOf([META, message("hi"), filler, broken.replace("\\\\q", "\\q"), ""].join("\n"));
    const reader = Object.assign(new CountingReader(bytes), { isSequential: true });
    const signal = new AbortController().signal;
    const { row } = await codexExtractor().extract(itemOf(bytes), { open: () => reader, signal });
    assertEquals(row.last_record_at_ms, Date.parse("2026-01-27T12:35:00.000Z"), `${before}`);
  }
});

Deno.test("codexExtractor() refuses a length of lines that it cannot count", () => {
  for (const maxLineBytes of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
    assertThrows(() => codexExtractor({ maxLineBytes }), RangeError, `not ${maxLineBytes}`);
  }
  codexExtractor({ maxLineBytes: 2 ** 31 - 1 });
});
