/**
 * Harm to the bytes of a rollout: what disks, crashes, editors and other encodings do to a file.
 *
 * @module
 */
import { concat } from "../oracle/bytes.ts";
import type { Random } from "../oracle/random.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Harms bytes, and says how. */
type Harm = (bytes: Bytes, other: Bytes, random: Random) => readonly [bytes: Bytes, what: string];

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Sequences that no UTF-8 holds: strays, cut-off and overlong characters, halves of pairs, beyond the last character. */
const NO_UTF8: readonly (readonly number[])[] = [
  ...[[0xff], [0xfe, 0xff], [0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98]],
  ...[[0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88]],
];

const HARMS: readonly Harm[] = [
  (bytes, _, random) => {
    const flipped = bytes.slice(), count = 1 + random.below(random.pick([1, 8, 64]));
    for (let left = count; left > 0 && flipped.length > 0; left--) {
      const at = random.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    }
    return [flipped, `${count} bits flipped`];
  },
  (bytes, _, random) => {
    const at = random.below(bytes.length + 1);
    return [bytes.slice(0, at), `cut off at ${at}`];
  },
  (bytes, _, random) => {
    const at = random.below(bytes.length + 1);
    return [bytes.slice(at), `begins at ${at}`];
  },
  (bytes, _, random) => {
    const from = random.below(bytes.length + 1), to = from + random.below(bytes.length - from + 1);
    return [concat([bytes.subarray(0, from), bytes.subarray(to)]), `${to - from} bytes from ${from} cut out`];
  },
  (bytes, other, random) => {
    const at = random.below(bytes.length + 1), from = random.below(other.length + 1);
    const piece = other.subarray(from, from + random.below(other.length - from + 1));
    const rest = random.chance(0.5) ? bytes.subarray(at) : new Uint8Array();
    return [concat([bytes.subarray(0, at), piece, rest]), `${piece.length} bytes of another rollout at ${at}`];
  },
  (bytes, _, random) => {
    const at = random.below(bytes.length + 1), count = 1 + random.below(random.pick([4, 600, 6000]));
    // A file system that lost its cache leaves the length of what was written, and nothing in it.
    const rest = random.chance(0.5) ? bytes.subarray(at) : bytes.subarray(Math.min(bytes.length, at + count));
    return [concat([bytes.subarray(0, at), new Uint8Array(count), rest]), `${count} NULs at ${at}`];
  },
  (bytes, _, random) => insert(bytes, BYTE_ORDER_MARK, random.chance(0.6) ? 0 : lineStart(bytes, random)),
  (bytes, _, random) => {
    const end = random.pick(["\r\n", "\r", "\n\r", "\u2028", "\u0085", "\n\n\n", "\0\n", " \n"]);
    return [encode(decode(bytes).replaceAll("\n", end)), `lines end with ${JSON.stringify(end)}`];
  },
  (bytes, _, random) => {
    let harmed = bytes;
    const count = 1 + random.below(4);
    for (let left = count; left > 0; left--) {
      [harmed] = insert(harmed, random.pick(NO_UTF8), random.below(harmed.length + 1));
    }
    return [harmed, `${count} times no UTF-8`];
  },
  (bytes, _, random) => {
    const units = Uint16Array.from(decode(bytes), (character) => character.charCodeAt(0));
    const mark = random.chance(0.5) ? [0xff, 0xfe] : [];
    return [concat([Uint8Array.from(mark), new Uint8Array(units.buffer)]), "UTF-16"];
  },
  (bytes, _, random) => {
    const times = bytes.length > 20_000 ? 2 : 2 + random.below(6);
    return [concat(Array.from({ length: times }, () => bytes)), `${times} times over`];
  },
  (bytes, _, random) => {
    const lines = decode(bytes).split("\n");
    for (let at = lines.length - 1; at > 0; at--) {
      const other = random.below(at + 1);
      [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
    }
    return [encode(lines.join("\n")), "lines shuffled"];
  },
  (_, __, random) => [Uint8Array.from({ length: random.below(3000) }, () => random.below(256)), "noise"],
];

/**
 * Harms a rollout once.
 *
 * @param bytes Its bytes.
 * @param other The bytes of another, to mix in.
 * @param random Decides how.
 * @returns The harmed bytes, and what was done.
 */
export function harmBytes(bytes: Bytes, other: Bytes, random: Random): readonly [bytes: Bytes, what: string] {
  return random.pick(HARMS)(bytes, other, random);
}

function insert(bytes: Bytes, piece: readonly number[], at: number): readonly [Bytes, string] {
  const whole = concat([bytes.subarray(0, at), Uint8Array.from(piece), bytes.subarray(at)]);
  return [whole, `bytes ${piece.join(" ")} at ${at}`];
}

function lineStart(bytes: Bytes, random: Random): number {
  return bytes.indexOf(10, random.below(bytes.length + 1)) + 1;
}

function decode(bytes: Bytes): string {
  return new TextDecoder().decode(bytes);
}

function encode(text: string): Bytes {
  return new TextEncoder().encode(text);
}
