/**
 * The smallest plugins that a test of the engine needs: a shelf of texts as a source, and an extractor that keeps the text.
 */
import { ExtractionError } from "../src/errors.ts";
import type { Extractor } from "../src/extractor.ts";
import type { Item, ItemReader, Source, SourceProblem } from "../src/source.ts";

/** A source of texts that a test can change between runs. Counts what is opened. */
export class Shelf implements Source {
  readonly id = "shelf";
  readonly texts = new Map<string, string>();
  readonly problems: SourceProblem[] = [];
  readonly opened: string[] = [];
  closed = 0;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    for (const [watermark, text] of Object.entries(texts)) this.texts.set(watermark, text);
  }

  *items({ onProblem }: { onProblem: (problem: SourceProblem) => void }): Generator<Item> {
    for (const problem of this.problems) onProblem(problem);
    for (const [watermark, text] of this.texts) {
      yield { watermark, fingerprint: text, location: `/shelf/${watermark}`, size: text.length };
    }
  }

  open(item: Item): ItemReader {
    this.opened.push(item.watermark);
    const bytes = new TextEncoder().encode(this.texts.get(item.watermark));
    return {
      read(into, offset) {
        const part = bytes.subarray(offset, offset + into.length);
        into.set(part);
        return part.length || null;
      },
      close: () => void this.closed++,
    };
  }
}

/** Keeps an item's text as its row. One that starts with `bad` gives none, one that starts with `bug` throws a plain error. */
export function textExtractor(version = "text/1"): Extractor<Item, string> {
  return {
    version,
    async extract(item, { open }) {
      const bytes = new Uint8Array(1000);
      const size = await (await open()).read(bytes, 0) ?? 0;
      const row = new TextDecoder().decode(bytes.subarray(0, size));
      if (row.startsWith("bad")) throw new ExtractionError("bad-text", `it says "${row}"`);
      if (row.startsWith("bug")) throw new TypeError("cannot read properties of undefined");
      return {
        key: item.watermark,
        row,
        rank: "",
        records: 1,
        malformed: row.split("?").length - 1,
        unknown: row.includes("!") ? { "shout": 1 } : {},
        bytesRead: size,
      };
    },
  };
}

/** A shelf of `count` texts, in an order that is not theirs. */
export function shelfOf(count: number): Shelf {
  const names = Array.from({ length: count }, (_, at) => String((at * 7) % count).padStart(4, "0"));
  return new Shelf(Object.fromEntries(names.map((name) => [`item-${name}`, `text ${name}`])));
}
