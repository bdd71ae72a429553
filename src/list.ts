/**
 * Listing a source to its end, in the order of watermarks.
 *
 * @module
 */
import { sortByWatermark } from "./order.ts";
import type { Item, ListOptions, Source } from "./source.ts";

/**
 * Lists every item of a source.
 *
 * @param source The source.
 * @param options The cancellation signal, and where to report what cannot be listed.
 * @param onItem Is told of every item as soon as it is listed.
 * @returns The items in ascending order of watermark; of several with one watermark the first that was listed.
 * @throws {SourceError} If the source cannot be listed.
 */
export async function listItems<I extends Item>(
  source: Source<I>,
  options: ListOptions,
  onItem: (item: I) => void = () => {},
): Promise<I[]> {
  const items: I[] = [];
  const listing = source.items(options);
  // Awaiting every item of a synchronous listing would cost more than the listing itself.
  if (Symbol.iterator in listing) {
    for (const item of listing) {
      items.push(item);
      onItem(item);
    }
  } else {
    for await (const item of listing) {
      items.push(item);
      onItem(item);
    }
  }
  sortByWatermark(items);
  return items.filter((item, at) => {
    const before = items[at - 1];
    if (before?.watermark !== item.watermark) return true;
    options.onProblem({
      location: item.location,
      reason: `it has the same watermark as "${before.location}", which is taken instead`,
    });
    return false;
  });
}
