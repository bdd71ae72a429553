/**
 * Where JSON.parse is trusted with a line it gives what the strict parser gives.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import {
  type Json,
  type OrderedJson,
  parseJson,
  parseOrdered,
  RawNumber,
} from "../../../plugins/extractor_codex/json.ts";
import { PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { parseTimestamp } from "../../../plugins/extractor_codex/time.ts";
import { parseUuid } from "../../../plugins/extractor_codex/uuid.ts";

/** A value as plain data, with numbers that keep their text as that text. */
function plain(value: Json | OrderedJson): unknown {
  if (value instanceof RawNumber) return { raw: value.text };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, one]) => [key, plain(one)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function attempt(parse: () => Json | OrderedJson): unknown {
  try {
    return plain(parse());
  } catch (error) {
    assert(error instanceof SyntaxError);
    return "refused";
  }
}

const spaces = fc.constantFrom("", "", "", " ", "\t", "\n");

const numbers = fc.oneof(
  fc.constantFrom("0", "-0", "-0.0", "1.0", "1e3", "1E-5", "-12", "01", "1.", ".5", "+1", "1e999", "-", "12.5", "00.5"),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

// V8 15.0 at times takes a key of one character that is written as an escape for a backslash; no key of a rollout is one.
const texts = fc.constantFrom(
  ...[
    '""',
    '"a"',
    '"used_percent"',
    '"\\u0041b"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\\\"',
    '"\\"b"',
    '"1.5, -0"',
    '"a',
  ],
  ...['": 1.5"', '"[1.5"', '"\u0001"', '"\\x"', `"${"[{".repeat(99)}"`],
);

const json = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, numbers, texts, fc.constantFrom("true", "null", "nul"), tie("list"), tie("object")),
  list: fc.tuple(fc.array(tie("value"), { maxLength: 4 }), spaces).map(([all, space]) =>
    `[${space}${all.join(`,${space}`)}]`
  ),
  object: fc.tuple(fc.array(fc.tuple(texts, spaces, tie("value")), { maxLength: 4 }), spaces).map(([all, space]) =>
    `{${space}${all.map(([key, space, value]) => `${key}${space}:${space}${value}`).join(`${space},`)}}`
  ),
})).object;

/** Nested so deep that it may be refused. */
const deep = fc.tuple(json, fc.integer({ min: 120, max: 132 }), fc.boolean()).map(([inner, depth, isList]) =>
  isList ? "[".repeat(depth) + inner + "]".repeat(depth) : '{"a":'.repeat(depth) + inner + "}".repeat(depth)
);

Deno.test("both ways of parsing a line give the same", () => {
  fc.assert(
    fc.property(fc.oneof(json, json, deep), fc.constantFrom(...Object.values(PROFILES)), (text, { numbers }) => {
      // Of these it is only kept that they are numbers.
      const exact = text.replaceAll(/(?<="used_percent":)\d{1,3}\.(?:0|\d{0,3}[1-9])(?=[,}])/g, "7");
      assertEquals(attempt(() => parseJson(exact, numbers)), attempt(() => parseOrdered(exact, numbers)));
      const refused = (parse: typeof parseJson | typeof parseOrdered) =>
        attempt(() => parse(text, numbers)) === "refused";
      assertEquals(refused(parseJson), refused(parseOrdered));
    }),
    { numRuns: 5000 },
  );
});

Deno.test("nesting of 127 levels is read, of 128 refused, also beside many braces", () => {
  const nested = (levels: number): string =>
    `{"x":"${"{".repeat(200)}","a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const { numbers } = PROFILES.default;
  assertEquals(attempt(() => parseJson(nested(128), numbers)), "refused");
  assert(attempt(() => parseJson(nested(127), numbers)) !== "refused");
});

Deno.test("a time is read as the calendar has it", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      assertEquals(parseTimestamp(date.toISOString()), { ms: date.getTime(), leap: false });
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a UUID is lower-case and hyphenated however it is spelled", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const spellings = [uuid, uuid.toUpperCase(), uuid.replaceAll("-", ""), `{${uuid}}`, `urn:uuid:${uuid}`];
      for (const spelling of spellings) assertEquals(parseUuid(spelling), uuid);
    }),
  );
});
