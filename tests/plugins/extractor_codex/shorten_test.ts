/**
 * A line that was made shorter before it is parsed says what the whole line says.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { isObject, type Json, member, parseJson } from "../../../plugins/extractor_codex/json/json.ts";
import { KIND } from "../../../plugins/extractor_codex/scanner/kind.ts";
import { PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { type ReadLine, readLine } from "../../../plugins/extractor_codex/read_line.ts";
import { CUT, CUT_KEYS } from "../../../plugins/extractor_codex/scanner/scanner.ts";
import { WasmScanner } from "../../../plugins/extractor_codex/scanner/wasm_scanner.ts";
import { readTools } from "../../../plugins/extractor_codex/tools.ts";
import { attempt, deep, json, withoutPercents } from "./json_texts.ts";
import { damaged, rolloutBytes } from "./rollouts.ts";

const SIZE = 1 << 18;
const profiles = Object.values(PROFILES);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function scannerOf(profile: typeof profiles[number]): WasmScanner {
  const scanner = WasmScanner.make(profile, SIZE);
  assert(scanner);
  return scanner;
}

const scanners = profiles.map(scannerOf);

/** Puts a line into a scanner, with what may come behind it, and shortens it. */
function shorten(scanner: WasmScanner, line: Uint8Array, cuts: number, behind = 0x0a): string | undefined {
  const { base, bytes } = scanner;
  bytes.fill(behind, base, base + line.length + 100);
  bytes.set(line, base);
  const short = scanner.shorten(base, base + line.length, cuts);
  return short && decoder.decode(short);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const behind = fc.constantFrom(0x0a, 0x22, 0x30, 0x5c);

Deno.test("a line of which it is said that a careless parser is enough reads alike to both", () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.oneof(json, json, deep).map(withoutPercents),
      fc.nat(profiles.length - 1),
      behind,
      (text, at, behind) => {
        const scanner = scanners[at], profile = profiles[at];
        assert(scanner && profile);
        const short = shorten(scanner, encode(text), CUT.nothing, behind);
        if (short === undefined) return;
        plain++;
        assertEquals(short, text);
        assertEquals(attempt(() => JSON.parse(text)), attempt(() => parseJson(text, profile.numbers)));
      },
    ),
    { numRuns: 5000 },
  );
  assert(plain > 500, `${plain}`);
});

/** JSON with long texts, under keys whose texts are left out and under others. */
const longTexts = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("é long ", "\u001b[0m \n", "[1.5, ", "\\ ", '"}, ').map((unit) => unit.repeat(30)),
    fc.constantFrom<unknown>("short", 7, null, true),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.constantFrom(...CUT_KEYS, "cwd", "tex", "texts"), tie("value"), { maxKeys: 5 }),
})).object.map((value) => JSON.stringify(value));

Deno.test("of a line that was made shorter only long texts are missing", () => {
  let shorter = 0;
  /** Both values, with every text emptied that is under a key whose texts no column needs. */
  const emptied = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(emptied);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map((
        [key, one],
      ) => [key, CUT_KEYS.includes(key) && typeof one === "string" ? "" : emptied(one)]),
    );
  };
  fc.assert(
    fc.property(
      fc.oneof(json.map(withoutPercents), longTexts, longTexts),
      fc.nat(profiles.length - 1),
      behind,
      (text, at, behind) => {
        const scanner = scanners[at], profile = profiles[at];
        assert(scanner && profile);
        const short = shorten(scanner, encode(text), CUT.texts, behind);
        if (short === undefined) return;
        if (short !== text) shorter++;
        assertEquals(
          emptied(attempt(() => JSON.parse(short))),
          emptied(attempt(() => parseJson(text, profile.numbers))),
        );
      },
    ),
    { numRuns: 5000 },
  );
  assert(shorter > 1000, `${shorter}`);
});

/** The lines of rollouts, long texts among them. */
const lines = fc.tuple(fc.oneof(rolloutBytes, damaged(rolloutBytes)), fc.boolean()).map(([bytes, isLong]) => {
  const text = decoder.decode(bytes);
  return (isLong ? text.replaceAll("hello", "hello ".repeat(40)) : text).split("\n").filter((line) => line !== "");
});

/** What a line says, apart from its own text. */
function withoutText(read: ReadLine | undefined): unknown {
  return read?.item.kind === "response" ? { ...read, item: { ...read.item, line: "" } } : read;
}

Deno.test("a line that is no message of the user says the same without its long texts", () => {
  let shorter = 0;
  fc.assert(
    fc.property(lines, fc.nat(profiles.length - 1), (lines, at) => {
      const scanner = scanners[at], profile = profiles[at];
      assert(scanner && profile);
      for (const line of lines) {
        const bytes = encode(line), { base } = scanner;
        scanner.bytes.set(bytes, base);
        const kind = scanner.kindOfHead(base, base + bytes.length);
        if (kind !== KIND.other && kind !== KIND.turn && kind !== KIND.tokens) continue;
        const short = shorten(scanner, bytes, CUT.texts);
        if (short === undefined) continue;
        if (short !== line) shorter++;
        assertEquals(withoutText(readLine(short, profile, true)), withoutText(readLine(line, profile)), line);
      }
    }),
    { numRuns: 3000 },
  );
  assert(shorter > 100, `${shorter}`);
});

Deno.test("a session_meta says the same without its base instructions", () => {
  let shorter = 0;
  fc.assert(
    fc.property(lines, fc.nat(profiles.length - 1), (lines, at) => {
      const scanner = scanners[at], profile = profiles[at];
      assert(scanner && profile);
      for (const line of lines) {
        const short = shorten(scanner, encode(line), CUT.instructions);
        if (short === undefined) continue;
        const read = readLine(short, profile, true), expected = readLine(line, profile);
        if (short === line) {
          assertEquals(read, expected);
          continue;
        }
        shorter++;
        if (expected?.item.kind !== "meta") {
          assertEquals(read, expected);
          continue;
        }
        assert(read?.item.kind === "meta", line);
        // Nothing but their being there, in the right form, is asked of them.
        const taken = { line: "", meta: { ...expected.item.meta, base_instructions: null } };
        assertEquals(
          { ...read, item: { ...read.item, ...taken, meta: { ...read.item.meta, base_instructions: null } } },
          { ...expected, item: { ...expected.item, ...taken } },
        );
        assertEquals(readTools(short, profile.numbers), readTools(line, profile.numbers));
      }
    }),
    { numRuns: 1000 },
  );
  assert(shorter > 50, `${shorter}`);
});

Deno.test("what makes a line one for a careful parser, and what does not", () => {
  const scanner = scannerOf(PROFILES.default);
  const long = "x".repeat(200);
  const careful = [
    ...['{"a":1.5}', '{"a":-0}', '{"a":1e3}', '{"a":1234567890123456}', '{"used_percent":12.50,"a":1}'],
    ...['{"used_percent":12.12345}', '{"used_percent":1234.5}', '{"used_percent":-1.5}', '{"percent":12.5}'],
    ...['{"text":"\\ud83d\\ud83d"}', '{"text":"\\ude00\\ud83d"}', '{"text":"\\ud83d\\u0041"}', '{"text":"\\ud83d\\n"}'],
    ...['{"text":"\\ud83d\\\\ude00"}', '{"text":"\\\\ud83d\\ude00"}', '{"text":"\\ud83d', '{"text":"\\ud83d\\ude0"}'],
    ...['{"text":"\\u12"}', '{"text":"\\x"}', '{"text":"\u0001"}', '{"text":"open'],
    `{"text":"${long}\\uD800"}`,
    `${"[".repeat(128)}${"]".repeat(128)}`,
  ];
  for (const line of careful) assertEquals(shorten(scanner, encode(line), CUT.texts), undefined, line);
  const asTheyAre = [
    ...['{"a":123456789012345}', '{"a":-1,"b":[0,10]}', '{"used_percent":12.5}', '{"used_percent":100.0,"a":1}'],
    ...['{"text":"\\ud83d\\ude00"}', '{"text":"\\uDBFF\\uDFFFx\\ud800\\udc00"}', '{"text":"\\ud7ff\\ue000"}'],
    ...['{"text":"\\u001b[0m \\u00e9\\uabcd"}', `{"other":"${long}"}`, `{"text":["${long}"]}`, '{"text":"short"}'],
    `${"[".repeat(127)}${"]".repeat(127)}`,
  ];
  for (const line of asTheyAre) assertEquals(shorten(scanner, encode(line), CUT.texts), line);
  assertEquals(
    shorten(scanner, encode(`{"text":"${long}\\n\\u001b","output":"${long}","cwd":"${long}"}`), CUT.texts),
    `{"text":"","output":"","cwd":"${long}"}`,
  );
  const meta = (before: string) => `{"a":1,${before}"base_instructions":{"text":"${long}"},"text":"${long}"}`;
  assertEquals(shorten(scanner, encode(meta("")), CUT.instructions), meta("").replace(long, ""));
  assertEquals(shorten(scanner, encode(meta('"list":[],')), CUT.instructions), meta('"list":[],'));
});

Deno.test("what does not fit beside a line is left to a careful parser", () => {
  const scanner = scannerOf(PROFILES.default);
  const line = encode(`{"cwd":"${"x".repeat(66_000)}","text":"${"x".repeat(200)}"}`);
  assertEquals(shorten(scanner, line, CUT.texts), undefined);
  const value: Json = JSON.parse(shorten(scanner, line, CUT.nothing) ?? "null");
  assert(isObject(value) && String(member(value, "cwd")).length === 66_000);
});
