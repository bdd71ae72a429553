/**
 * Where JSON.parse is trusted with a line it gives what the strict parser gives.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { parseJson, parseOrdered } from "../../../plugins/extractor_codex/json/json.ts";
import { PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { parseTimestamp } from "../../../plugins/extractor_codex/time.ts";
import { parseUuid } from "../../../plugins/extractor_codex/uuid.ts";
import { attempt, deep, json, withoutPercents } from "./json_texts.ts";

Deno.test("both ways of parsing a line give the same", () => {
  fc.assert(
    fc.property(fc.oneof(json, json, deep), fc.constantFrom(...Object.values(PROFILES)), (text, { numbers }) => {
      const exact = withoutPercents(text);
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
