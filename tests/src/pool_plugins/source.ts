/** A source for worker threads: the bytes of an item are its location. */
import type { Item, Source } from "../../../src/source.ts";

export default function source(options?: { readonly throws?: boolean }): Pick<Source, "open"> {
  return {
    open(item: Item) {
      // Nobody catches this: it is an error of the thread, not of the item.
      if (options?.throws) {
        queueMicrotask(() => {
          throw new Error("a bug on a thread");
        });
      }
      const bytes = new TextEncoder().encode(item.location);
      return {
        read(into, offset) {
          const part = bytes.subarray(offset, offset + into.length);
          into.set(part);
          return part.length || null;
        },
        close: () => {},
      };
    },
  };
}
