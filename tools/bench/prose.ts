/**
 * Text that compresses, escapes and splits like what people, models and terminals write, cut from one long piece so that it costs
 * little to make.
 *
 * @module
 */
import type { Random } from "../oracle/random.ts";

const WORDS = [
  ..."the a of to in is that it for on with as this be are from or by an not but what all were when we there can".split(
    " ",
  ),
  ..."function const return import export await async string number boolean undefined null true false".split(" "),
  ..."error: warning: test passed failed src/main.rs lib/index.ts node_modules target/debug README.md".split(" "),
  ...'größer naïve 日本語 ✓ → “quoted” "plain" \\n C:\\Users {} [] () => ; && | 0x7f 42 3.14'.split(" "),
];

/** How much text is kept to cut from, in UTF-16 units. */
const LENGTH = 1 << 20;

/** Bytes that base64 takes apart. */
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Cuts texts of any length. */
export class Prose {
  readonly #random: Random;
  readonly #text: string;
  readonly #base64: string;

  /** @param random Decides on the words, and where texts are cut. */
  constructor(random: Random) {
    this.#random = random;
    const parts: string[] = [];
    for (let length = 0; length < LENGTH;) {
      const word = random.pick(WORDS), end = random.chance(0.08) ? "\n" : " ";
      parts.push(word, end);
      length += word.length + 1;
    }
    this.#text = parts.join("");
    this.#base64 = Array.from({ length: 1 << 16 }, () => BASE64[random.below(64)]).join("");
  }

  /** A text of a length. */
  text(length: number): string {
    return cut(this.#text, length, this.#random);
  }

  /** What an encrypted text looks like. */
  base64(length: number): string {
    return cut(this.#base64, length, this.#random);
  }

  /** A text whose length is log-normal: mostly near `median`, now and then many times that. */
  logNormal(median: number, sigma: number, most: number): string {
    return this.text(Math.min(most, Math.ceil(median * Math.exp(sigma * normal(this.#random)))));
  }
}

/** A normally distributed number, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function cut(from: string, length: number, random: Random): string {
  let text = "";
  while (text.length < length) {
    const start = random.below(from.length);
    text += from.slice(start, start + length - text.length);
  }
  // A cut may have parted a pair of surrogates, which UTF-8 cannot hold.
  return text.toWellFormed();
}
