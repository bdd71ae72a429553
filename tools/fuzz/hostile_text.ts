/**
 * Harm to the lines of a rollout that text can hold: what a parser of JSON has to survive.
 *
 * @module
 */
import type { Random } from "../oracle/random.ts";

/** Harms a line, and says how. */
type Harm = (line: string, random: Random) => readonly [line: string, what: string];

/** Names that every object of JavaScript has something under. */
const INHERITED = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
];

/** Numbers that a double, or 64 bits, or a decimal library cannot hold, and some that are none. */
const NUMBERS = [
  ...["1e400", "-1e400", "1E+99999", "1e-99999", "-0", "-0.0", "0e0", "1.", ".5", "+1", "0x10", "1_000", "Infinity"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616"],
  ...["9".repeat(400), `0.${"0".repeat(400)}1`, `1${"0".repeat(5000)}`, "0".repeat(50)],
];

/** What a terminal, a browser, a shell, a path or SQL would act on. */
const CHARGED = [
  ...["\\u001b[2J\\u001b[31m", "\\u009b31m", "\\u001b]8;;http://x\\u0007", "\\u202e\\u2066", "\\u0000", "\\r\\n"],
  ...[
    "<script>alert(1)</script>",
    "'); DROP TABLE threads; --",
    "$(touch x)",
    "../../../../etc/passwd",
    "%00",
    "{{7*7}}",
  ],
];

/** Halves of surrogate pairs, alone or in the wrong order. */
const HALVES = ["\\ud800", "\\udfff", "\\udc00\\ud800", "\\ud83d", "\\uD83D\\u0041", "\\ud83d\\ude00\\ude00"];

/** Lengths around those at which buffers are filled: of a read, and of what a line may grow to. */
const LENGTHS = [65_536, 262_144, 262_144, 524_288, 1_048_576, 2_500_000];

const HARMS: Readonly<Record<string, Harm>> = {
  depth: (line, random) => {
    const levels = random.chance(0.02) ? 200_000 : random.pick([126, 127, 128, 129, 1000, 5000]);
    const [open, close] = random.pick([["[", "]"], ['{"a":', "}"], ['[{"payload":', "}]"]]);
    const inner = open.endsWith(":") ? "0" : "";
    const deep = open.repeat(levels) + inner + (random.chance(0.7) ? close.repeat(levels) : "");
    return [random.chance(0.3) ? deep : replaceValue(line, deep, random), `${levels} levels deep`];
  },
  number: (line, random) => {
    const number = random.pick(NUMBERS);
    return [replaceValue(line, number, random), `the number ${shown(number)}`];
  },
  "repeated key": (line, random) => {
    const key = random.pick(["type", "payload", "timestamp", "id", "cwd", "message", "source"]);
    const value = random.pick(["null", "0", '"event_msg"', "{}", '""']);
    const again = `"${key}":${value}`;
    return [random.chance(0.5) ? line.replace("{", `{${again},`) : line.replace(/\}$/, `,${again}}`), `another ${key}`];
  },
  "inherited key": (line, random) => {
    const key = JSON.stringify(random.pick(INHERITED));
    const value = random.pick(["null", "1", '{"polluted":true}', '{"toString":1}', '"x"']);
    if (random.chance(0.3)) return [line.replace(/"[a-z_]+":/, `${key}:`), `a key is ${key}`];
    if (random.chance(0.3)) return [line.replace(/"type":"[^"]*"/g, `"type":${key}`), `every type is ${key}`];
    return [line.replaceAll("{", (brace) => random.chance(0.5) ? `{${key}:${value},` : brace), `${key} in objects`];
  },
  surrogate: (line, random) => {
    const half = random.pick(HALVES);
    return [insideString(line, half, random), `${half} in a text`];
  },
  charge: (line, random) => {
    const charge = random.pick(CHARGED);
    return [insideString(line, charge, random), `${charge} in a text`];
  },
  spaces: (line, random) => {
    const space = random.pick([" ", "\t", "  ", "\u00a0", "\u2028", "\u000b", "\r"]);
    return [line.replace(/[{}[\],:]/g, (mark) => random.chance(0.3) ? `${space}${mark}${space}` : mark), "spaces"];
  },
  anew: (line) => {
    const anew = line.replace(/("(?:[^"\\]|\\.)*")|[,:]/g, (mark, text: string | undefined) => text ?? `${mark} `);
    return [anew, "a space behind each comma and colon"];
  },
  kinds: (line, random) => {
    const kinds = Array.from({ length: 1 + random.below(200) }, () => {
      const kind = JSON.stringify(random.pick([`kind ${random.below(1e9)}`, "\u202e\u001b[31m", "k".repeat(300)]));
      return random.chance(0.5)
        ? `{"timestamp":"2026-01-02T03:04:05Z","type":${kind},"payload":{}}`
        : `{"timestamp":"2026-01-02T03:04:05Z","type":"event_msg","payload":{"type":${kind}}}`;
    });
    return [[line, ...kinds].join("\n"), `${kinds.length} lines of unknown kinds`];
  },
};

/** Long lines cost time: they are rare. */
const LONG_CHANCE = 0.006;

/**
 * Harms one line.
 *
 * @param lines The lines of a rollout; one of them is replaced.
 * @param random Decides which, and how.
 * @returns What was done.
 */
export function harmLine(lines: string[], random: Random): string {
  const at = random.below(Math.max(1, lines.length));
  const line = lines[at] ?? "{}";
  const [name, harm] = random.pick(Object.entries(HARMS));
  const [harmed, what] = random.chance(LONG_CHANCE) ? long(line, random) : harm(line, random);
  lines[at] = harmed;
  return `line ${at}: ${name}, ${what}`;
}

/** Makes a line about as long as a buffer. */
function long(line: string, random: Random): readonly [string, string] {
  const length = random.pick(LENGTHS) - 3 + random.below(7);
  const filler = random.pick(["x", "\\u0041", "é", " ", "\\\\"]);
  const padding = filler.repeat(Math.max(1, Math.floor((length - line.length) / filler.length)));
  return [insideString(line, padding, random), `about ${length} long, of ${filler}`];
}

/** Replaces some value of a line, or, where there is none, the line. */
function replaceValue(line: string, value: string, random: Random): string {
  const places = [...line.matchAll(/:("[^"\\]*"|-?\d+|true|false|null)/g)];
  if (places.length === 0) return value;
  const { index, 0: text } = random.pick(places);
  return `${line.slice(0, index + 1)}${value}${line.slice(index + text.length)}`;
}

/** Puts something into some text of a line, values and keys alike. */
function insideString(line: string, text: string, random: Random): string {
  const places = [...line.matchAll(/"[^"\\]*"/g)];
  if (places.length === 0) return `${line}${text}`;
  const { index } = random.pick(places);
  return `${line.slice(0, index + 1)}${text}${line.slice(index + 1)}`;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 20)}… of ${text.length} characters` : text;
}
