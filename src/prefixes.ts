/**
 * Looking up whether a text begins with one of many prefixes.
 *
 * @module
 */

/** Prefixes, in order, none of which begins with another. */
export class Prefixes {
  readonly #sorted: string[] = [];

  /** Takes prefixes, in any order. There may be as many as there are texts. */
  constructor(prefixes: readonly string[]) {
    for (const prefix of prefixes.toSorted()) {
      const last = this.#sorted.at(-1);
      if (last === undefined || !prefix.startsWith(last)) this.#sorted.push(prefix);
    }
  }

  /** Whether a text begins with one: it could only be the last of those that are not after it in order. */
  begins(text: string): boolean {
    let from = 0, to = this.#sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#sorted[middle] ?? "") <= text) from = middle + 1;
      else to = middle;
    }
    const prefix = this.#sorted[from - 1];
    return prefix !== undefined && text.startsWith(prefix);
  }
}
