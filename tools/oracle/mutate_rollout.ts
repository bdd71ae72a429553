/**
 * Changes to a rollout: to its lines, and to its bytes.
 *
 * @module
 */
import { concat } from "./bytes.ts";
import { mutateLine } from "./mutate_line.ts";
import type { Random } from "./random.ts";

/** A changed rollout. */
export interface Mutated {
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was done, in order. */
  readonly what: readonly string[];
}

/** Lines that are none, or nothing that a rollout should have. */
const ODD_LINES: readonly string[] = [
  ...[
    "",
    "   ",
    "\t\r",
    "\u00a0",
    "\u2028",
    "null",
    "[]",
    "{}",
    "0",
    '"text"',
    "{",
    "not JSON",
    "\0\0\0\0",
    "\ufeff",
    "{}{}",
  ],
  '{"timestamp":"2026-01-01T00:00:00Z","type":"event_msg","payload":{"type":"unheard_of"}}',
  '{"timestamp":"2026-01-01T00:00:00Z","type":"unheard_of","payload":{}}',
  '{"timestamp":"2026-01-01T00:00:00Z","type":"compacted","payload":{"message":"","replacement_history":null}}',
  '{"timestamp":"2026-01-01T00:00:00Z","type":"event_msg","payload":{"type":"user_message","message":"a prompt more","images":[],"local_images":[],"text_elements":[]}}',
  '{"timestamp":"2026-01-01T00:00:00Z","type":"event_msg","payload":{"type":"thread_name_updated","thread_id":"0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001","thread_name":"x"}}',
];

/** The kinds of lines that columns come from. */
const TELLING =
  /session_meta|turn_context|user_message|UserMessage|token_count|thread_settings_applied|thread_goal_updated/;

/** Byte sequences that are not UTF-8, or look odd. */
const ODD_BYTES: readonly (readonly number[])[] = [
  [0xff],
  [0xc3],
  [0xe2, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc0, 0x80],
  [0],
  [0x0d],
  [0x0a],
  [0xef, 0xbb, 0xbf],
];

/**
 * Changes a rollout once or a few times.
 *
 * @param lines Its lines.
 * @param others Lines of other rollouts, to mix in.
 * @param random Decides how.
 * @returns The changed rollout.
 */
export function mutateRollout(lines: readonly string[], others: readonly string[], random: Random): Mutated {
  const changed = [...lines];
  const what: string[] = [];
  for (let count = 1 + random.below(3); count > 0; count--) what.push(mutateLines(changed, others, random));
  const end = random.pick(["\n", "\n", "\n", "\r\n", "\n\n"]);
  const bytes = new TextEncoder().encode(changed.join(end) + (random.chance(0.9) ? end : ""));
  if (!random.chance(0.12)) return { bytes, what };
  const [odd, how] = mutateBytes(bytes, random);
  return { bytes: odd, what: [...what, how] };
}

function mutateLines(lines: string[], others: readonly string[], random: Random): string {
  const at = pickLine(lines, random);
  const line = lines[at] ?? ""; // all may have been dropped
  switch (random.below(20)) {
    case 0:
      lines.splice(at, 1);
      return `line ${at} dropped`;
    case 1:
      lines.splice(random.below(lines.length + 1), 0, line);
      return `line ${at} repeated`;
    case 2: {
      lines.splice(at, 1);
      lines.splice(random.below(lines.length + 1), 0, line);
      return `line ${at} moved`;
    }
    case 3:
      lines[at] = line.slice(0, random.below(line.length + 1));
      return `line ${at} cut`;
    case 4: {
      const odd = random.pick(ODD_LINES);
      lines.splice(at, 0, odd);
      return `line ${JSON.stringify(odd)} before line ${at}`;
    }
    case 5:
    case 6: {
      lines.splice(at, 0, random.pick(others));
      return `another rollout's line before line ${at}`;
    }
    default: {
      const mutated = mutateLine(line, random);
      if (mutated !== undefined) lines[at] = mutated.line;
      return `line ${at}: ${mutated?.what ?? "nothing"}`;
    }
  }
}

function pickLine(lines: readonly string[], random: Random): number {
  const telling = lines.flatMap((line, at) => TELLING.test(line) ? [at] : []);
  return telling.length > 0 && random.chance(0.7) ? random.pick(telling) : random.below(lines.length);
}

function mutateBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): [Uint8Array<ArrayBuffer>, string] {
  const at = random.below(bytes.length);
  const around = (middle: readonly number[], skip: number): Uint8Array<ArrayBuffer> =>
    concat([bytes.subarray(0, at), Uint8Array.from(middle), bytes.subarray(at + skip)]);
  switch (random.below(3)) {
    case 0: {
      const flipped = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return [around([flipped], 1), `byte ${at} is ${flipped}`];
    }
    case 1: {
      const odd = random.pick(ODD_BYTES);
      return [around(odd, 0), `bytes ${odd.join(" ")} at ${at}`];
    }
    default: {
      const count = 1 + random.below(300);
      return [around([], count), `${count} bytes from ${at} cut out`];
    }
  }
}
