/** An extractor for worker threads: the row says on which thread it was made. */
import type { Extractor } from "../../../src/extractor.ts";
import type { Item } from "../../../src/source.ts";
import { textExtractor } from "../../shelf.ts";

/** What the tests' row is: the text, and whether it was made on a worker thread. */
export interface ThreadedRow {
  readonly text: string;
  readonly onWorker: boolean;
}

/** How the extractor is made again on a thread. */
export interface ThreadedOptions {
  readonly version?: string;
  /** The snapshot that is left of each. */
  readonly snapshot?: string;
  /** How long texts are made. */
  readonly length?: number;
  /** How the texts begin that are made so long. Default: all. */
  readonly only?: string;
}

export default function extractor(options: ThreadedOptions = {}): Extractor<Item, ThreadedRow> {
  const inner = textExtractor(options.version ?? "text/1");
  const onWorker = "WorkerGlobalScope" in globalThis;
  return {
    version: inner.version,
    async extract(item, context) {
      const extraction = await inner.extract(item, context);
      const { only = extraction.row, length = 0, snapshot } = options;
      const { row } = extraction;
      const text = row.startsWith(only) ? row.padEnd(length) : row;
      const read = { bytesRead: text.length, ...(snapshot === undefined ? {} : { snapshot }) };
      return { ...extraction, ...read, row: { text, onWorker } };
    },
  };
}
