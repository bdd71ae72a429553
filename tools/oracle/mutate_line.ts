/**
 * Changes to one line of a rollout, made on its text: so a line can come out that no JSON writer would write.
 *
 * @module
 */
import { likelyMembers, likelyValues, matters, oddValues } from "./likely_values.ts";
import type { Random } from "./random.ts";

/** A stretch of text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of an object: where its key and its value are. */
interface Member {
  readonly name: string;
  readonly key: Span;
  readonly value: Span;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\]:,]/g;

/** How often a mutation aims at a member that matters. */
const AIMED = 0.85;

/** How often a new value is one that the member may well hold. */
const LIKELY = 0.7;

/**
 * Changes a line.
 *
 * @param line The line, which should be JSON.
 * @param random Decides how.
 * @returns The changed line and what was done, or `undefined` if it has no members.
 */
export function mutateLine(line: string, random: Random): { line: string; what: string } | undefined {
  const all = members(line);
  const aimed = all.filter(({ name }) => matters(name));
  if (all.length === 0) return undefined;
  const { name, key, value } = random.pick(aimed.length > 0 && random.chance(AIMED) ? aimed : all);
  const odd = random.pick(random.chance(LIKELY) ? likelyValues(name) : oddValues);
  const replace = ({ start, end }: Span, text: string): string => line.slice(0, start) + text + line.slice(end);
  const shown = odd.length > 60 ? `${odd.slice(0, 60)}…` : odd;
  switch (random.below(8)) {
    case 0:
      return { line: replace({ start: key.start, end: value.end }, '"x":0'), what: `without ${name}` };
    case 1:
      return { line: replace(key, JSON.stringify(`${name}x`)), what: `${name} named otherwise` };
    case 2:
      return {
        line: replace(value, `${line.slice(value.start, value.end)},"${name}":${odd}`),
        what: `${name} twice, then ${shown}`,
      };
    case 3: {
      const further = random.chance(LIKELY) ? random.pick(likelyMembers) : "unheard_of";
      const value = random.pick(likelyValues(further));
      return { line: replace(key, `"${further}":${value},"${name}"`), what: `a further ${further} = ${value}` };
    }
    default:
      return { line: replace(value, odd), what: `${name} = ${shown}` };
  }
}

/** Every member of every object of a line. */
function members(line: string): Member[] {
  const tokens = [...line.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  return tokens.flatMap(({ text, start, end }, index): Member[] => {
    const first = tokens[index + 2];
    if (!text.startsWith('"') || tokens[index + 1]?.text !== ":" || first === undefined) return [];
    let depth = 0;
    for (let at = index + 2; at < tokens.length; at++) {
      const token = tokens[at];
      if (token === undefined) break;
      if (token.text === "{" || token.text === "[") depth++;
      if (token.text === "}" || token.text === "]") depth--;
      if (depth === 0) {
        return [{ name: text.slice(1, -1), key: { start, end }, value: { start: first.start, end: token.end } }];
      }
    }
    return [];
  });
}
