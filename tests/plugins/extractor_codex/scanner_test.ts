/**
 * The scanner in WebAssembly does what the one in TypeScript does, whatever the bytes are.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { KIND } from "../../../plugins/extractor_codex/scanner/kind.ts";
import { PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { ENTRY, type LineScanner } from "../../../plugins/extractor_codex/scanner/scanner.ts";
import { PlainScanner } from "../../../plugins/extractor_codex/scanner/plain_scanner.ts";
import { WasmScanner } from "../../../plugins/extractor_codex/scanner/wasm_scanner.ts";
import { damaged, rolloutBytes, spaced } from "./rollouts.ts";

const SIZE = 1 << 16;

const pairs = Object.values(PROFILES).map((profile) => {
  const wasm = WasmScanner.make(profile, SIZE);
  assert(wasm);
  return [wasm, new PlainScanner(profile, SIZE)] as const;
});

/** Stretches that a line may begin or end with, right and nearly right. */
const pieces = fc.constantFrom(
  ...[
    '{"timestamp":"',
    '{"timestamp": "',
    "2026-01-27T12:34:56.120Z",
    '"',
    '","',
    ',"ordinal":',
    "123456789012345",
    "12",
  ],
  ...[',"type":"', '"type":"', "event_msg", "response_item", "turn_context", "session_meta", "compacted", "odd", "é"],
  ...[
    ',"payload":{',
    "token_count",
    "user_message",
    "item_completed",
    "agent_message",
    "thread_goal_updated",
    "warning",
  ],
  ...[
    ',"info":null',
    ',"info":{',
    ',"info":nul',
    '"item":{"type":"',
    "UserMessage",
    "Plan",
    "UserMessages",
    '"}',
    "}",
    "}}",
    ',"ordinal":',
    "\r",
    "\n",
    "\\",
    "{",
  ],
  ...["x".repeat(48), "x".repeat(47), " ".repeat(200), "\u007f", "\0", "error", "a", "_"],
);

/** What begins like a line of the CLI and goes on somehow. */
const nearly = fc.tuple(
  fc.constantFrom('{"timestamp":"2026-01-27T12:34:56Z",', '{"timestamp":"t",', '{"timestamp":"",', ""),
  fc.constantFrom('"ordinal":7,', "", '"ordinal":,'),
  fc.constantFrom('"type":"event_msg","payload":{"type":"', '"type":"response_item","payload":{"', '"type":"', ""),
  fc.array(pieces, { maxLength: 8 }),
  fc.constantFrom("}}", '"}}', '"},"ordinal":9}', "}", '},"ordinal":}', '},"ordinal":1234567890123456}', "}}\r"),
  fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
).map(([start, ordinal, type, rest, end, spaces]) => {
  const line = start + ordinal + type + rest.join("") + end;
  let mark = 0;
  // Behind most commas and colons no space, or one; or two, or some other.
  return line.replace(
    /[,:]/g,
    (text) => text + (["", "", " ", " ", "  ", "\t"][spaces[mark++ % spaces.length] ?? 0] ?? ""),
  );
});

const hostile = fc.oneof(
  fc.array(fc.oneof(nearly, nearly, pieces), { maxLength: 30 }).map((lines) =>
    new TextEncoder().encode(lines.join("\n"))
  ),
  damaged(rolloutBytes),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
).filter((bytes) => bytes.length < SIZE);

/** What a scanner finds, with addresses counted from its base. */
function found(
  scanner: LineScanner,
  size: number,
  options: { limit: number; longest: number; all: boolean },
): unknown[] {
  const { base } = scanner;
  const all: unknown[] = [];
  for (let start = base, more = true; more;) {
    const count = scanner.scan({ start, search: start, end: base + size, ...options });
    const from = (address: number | undefined) => address ? address - base : "none";
    for (let at = 0; at < count * ENTRY; at += ENTRY) {
      const [kind, start, end, passed] = scanner.entries.subarray(at, at + ENTRY);
      all.push([kind, from(start), from(end), from(passed)]);
    }
    all.push([scanner.passed, from(scanner.lastPassed), from(scanner.next)]);
    start = scanner.next;
    more = count === options.limit;
  }
  return all;
}

/** Bytes, surrounded by what was there before. */
function fill(scanner: LineScanner, bytes: Uint8Array, before: number): void {
  scanner.bytes.fill(before, scanner.base, scanner.limit);
  scanner.bytes.set(bytes, scanner.base);
}

Deno.test("both find the same lines of the same kinds", () => {
  const limits = fc.record({
    limit: fc.constantFrom(1, 2, 1024),
    longest: fc.constantFrom(10, 300, 1e6),
    all: fc.boolean(),
  });
  fc.assert(
    fc.property(hostile, limits, fc.constantFrom(0x7d, 0x0a, 0x22, 0), (bytes, options, before) => {
      for (const [wasm, plain] of pairs) {
        for (const scanner of [wasm, plain]) fill(scanner, bytes, before);
        assertEquals(found(wasm, bytes.length, options), found(plain, bytes.length, options));
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a line break is found wherever it is, and no other byte is taken for one", () => {
  const [[wasm] = []] = pairs;
  assert(wasm);
  const { base, bytes } = wasm;
  for (let at = 0; at < 300; at++) {
    for (const small of [0, 9, 11, 0x8a]) {
      for (const before of [1, 16, 64, 128]) {
        // Line breaks all around: what is behind the end counts for nothing.
        bytes.fill(10, base, base + 600);
        bytes.fill(0x78, base + 1, base + at + 1);
        if (before <= at) bytes[base + 1 + at - before] = small;
        for (const from of [1, 2, 17]) {
          const expected = Math.max(at + 1, from);
          assertEquals(wasm.find(base + from, base + 400) - base, expected);
          assertEquals(wasm.find(base + from, base + expected) - base, expected);
          assertEquals(wasm.find(base + from, base + expected + 1) - base, expected);
        }
      }
    }
  }
});

Deno.test("both judge every beginning and every end alike", () => {
  fc.assert(
    fc.property(nearly, fc.constantFrom(0x7d, 0x22, 0), (line, before) => {
      const bytes = new TextEncoder().encode(line);
      for (const [wasm, plain] of pairs) {
        for (const scanner of [wasm, plain]) fill(scanner, bytes, before);
        for (let size = 1; size <= bytes.length; size++) {
          const judge = (scanner: LineScanner) => [
            scanner.kindOfHead(scanner.base, scanner.base + size),
            scanner.endsWell(scanner.base, scanner.base + size),
            scanner.find(scanner.base, scanner.base + size) - scanner.base,
          ];
          assertEquals(judge(wasm), judge(plain));
        }
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("every word of every profile is found", () => {
  const kinds = new Set<number>();
  for (const [at, { lineTypes, eventTypes }] of Object.values(PROFILES).entries()) {
    const lines = [
      ...[...lineTypes].map((type) => `{"timestamp":"t","type":"${type}","payload":{`),
      ...[...eventTypes].map((type) =>
        `{"timestamp":"t","type":"event_msg","payload":{"type":"${type}","item":{"type":"Plan"`
      ),
    ];
    for (const line of lines) {
      const [wasm, plain] = pairs[at] ?? [];
      assert(wasm && plain);
      const kind = (scanner: LineScanner, line: string) => {
        const bytes = new TextEncoder().encode(line);
        fill(scanner, bytes, 0);
        return scanner.kindOfHead(scanner.base, scanner.base + bytes.length);
      };
      assertEquals(kind(wasm, line), kind(plain, line), line);
      assertEquals(kind(wasm, spaced(line)), kind(wasm, line), line);
      kinds.add(kind(wasm, line));
    }
  }
  assertEquals(kinds, new Set([0, 1, 2, 3, 4, 5, KIND.request]));
});

Deno.test("a count of tokens with nothing in it is one that no column needs", () => {
  const line =
    '{"timestamp":"t","type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":null},"ordinal":7}';
  for (const scanner of pairs.flat()) {
    for (const text of [line, spaced(line), line.replace("null", '{"a":1}')]) {
      const bytes = new TextEncoder().encode(text), { base } = scanner;
      fill(scanner, bytes, 0);
      assertEquals(scanner.kindOfHead(base, base + bytes.length), text.includes('{"a') ? KIND.tokens : KIND.other);
      assert(scanner.endsWell(base, base + bytes.length));
    }
  }
});

Deno.test("both know UTF-8, in pieces of any size", () => {
  const unit = fc.oneof(
    fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xa0,
      0x9f,
      0xed,
      0xef,
      0xf0,
      0x90,
      0x8f,
      0xf4,
      0xf5,
      0xff,
    ),
  );
  const texts = fc.oneof(
    fc.array(unit, { maxLength: 12 }).map((units) => Uint8Array.from(units)),
    fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => new TextEncoder().encode(text)),
    damaged(fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => new TextEncoder().encode(text))),
  );
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 70 }), (bytes, size) => {
      const isUtf8 = (scanner: LineScanner): boolean => {
        const { base } = scanner;
        fill(scanner, bytes, 0x80);
        scanner.beginUtf8();
        for (let at = 0; at < bytes.length; at += size) {
          if (!scanner.checkUtf8(base + at, base + Math.min(at + size, bytes.length))) return false;
        }
        return scanner.endUtf8();
      };
      const [wasm, plain] = pairs[0] ?? [];
      assert(wasm && plain);
      assertEquals(isUtf8(wasm), isUtf8(plain));
    }),
    { numRuns: 5000 },
  );
});

Deno.test("both compute the hash that ledgers hold, of bytes anywhere", () => {
  const [wasm, plain] = pairs[0] ?? [];
  assert(wasm && plain);
  const texts = ["", "the quick brown fox jumps"].map((text) => new TextEncoder().encode(text));
  const known = [...texts, Uint8Array.from({ length: 256 }, (_, at) => 255 - at)];
  assertEquals(known.map((bytes) => plain.hash(bytes)), ["0123456776543210", "10f0bc4728f6d2ae", "5f494444f27caa8d"]);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(70), (some, offset) => {
    const bytes = Uint8Array.from(some), start = wasm.base + offset;
    wasm.bytes.set(bytes, start);
    const there = wasm.hash(wasm.bytes.subarray(start, start + bytes.length));
    assertEquals([there, wasm.hash(bytes)], [plain.hash(bytes), plain.hash(bytes)]);
  }));
});

Deno.test("memory grows and keeps what is there", () => {
  for (const scanner of pairs.flat()) {
    scanner.bytes[scanner.base] = 77;
    scanner.reserve(SIZE * 3);
    assert(scanner.limit - scanner.base >= SIZE * 3);
    assertEquals(scanner.bytes[scanner.base], 77);
  }
});
