/** An extractor for worker threads: the row says how much the heap took before, then leaves 400,000 objects as garbage. */
import type { Extractor } from "../../../src/extractor.ts";
import type { Item } from "../../../src/source.ts";

export default function extractor(): Extractor<Item, number> {
  return {
    version: "litter/1",
    extract(item) {
      const { heapTotal } = Deno.memoryUsage(), litter = new Set<unknown>();
      for (let at = 0; at < 400_000; at++) litter.add({ at });
      litter.clear();
      const { watermark: key } = item;
      return Promise.resolve({ key, row: heapTotal, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: 0 });
    },
  };
}
