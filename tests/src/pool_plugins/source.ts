/** A source for worker threads: the bytes of an item are its location. */
import type { Item, Source } from "../../../src/source.ts";

/** How a thread goes wrong. */
export interface WrongOptions {
  /** Whether it throws what nobody catches. */
  readonly throws?: boolean;
  /** Whether it ends itself, and how, or posts what means nothing. */
  readonly ends?: "close" | "exit" | "post";
}

export default function source(options?: WrongOptions): Pick<Source, "open"> {
  return {
    open(item: Item) {
      // Nobody catches this: it is an error of the thread, not of the item.
      if (options?.throws) {
        queueMicrotask(() => {
          throw new Error("a bug on a thread");
        });
      }
      const thread = self as unknown as { close(): void; postMessage(message: unknown): void };
      if (options?.ends === "close") thread.close();
      if (options?.ends === "exit") Deno.exit();
      if (options?.ends === "post") thread.postMessage(null);
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
