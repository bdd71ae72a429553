/** A source for worker threads that counts across threads what is opened, and has items that wait for others. */
import type { Item, Source } from "../../../src/source.ts";

/** The longest wait for another thread, in milliseconds. Nothing waits for so long unless it waits in vain. */
const PATIENCE_MS = 20_000;

/** How long nothing must happen for it to be taken that nothing will, in milliseconds. */
const SETTLED_MS = 250;

/** What all threads see: how many plain items were opened, and whether a `signal` was. */
export class Counters {
  readonly #counts: Int32Array;

  constructor(readonly shared: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.#counts = new Int32Array(shared);
  }

  get opened(): number {
    return Atomics.load(this.#counts, 0);
  }

  open(location: string): string {
    const [what, amount] = location.split(" ");
    switch (what) {
      case "wait":
        return this.#until(() => this.opened >= Number(amount)) ? "in time" : "in vain";
      case "wait-for-signal":
        return this.#until(() => Atomics.load(this.#counts, 1) > 0) ? "in time" : "in vain";
      case "signal":
        Atomics.store(this.#counts, 1, 1);
        return String(this.opened);
      case "pause":
        pause(Number(amount));
        return String(Atomics.add(this.#counts, 0, 1));
      case "settle":
        return String(this.settled());
      default:
        Atomics.add(this.#counts, 0, 1);
        return location;
    }
  }

  /** Waits until nothing more is opened, and says how much was. */
  settled(): number {
    let before = -1;
    while (before !== this.opened) {
      before = this.opened;
      pause(SETTLED_MS);
    }
    return before;
  }

  #until(holds: () => boolean): boolean {
    for (const until = Date.now() + PATIENCE_MS; !holds();) {
      if (Date.now() > until) return false;
      pause(5);
    }
    return true;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export default function source({ shared }: { readonly shared: SharedArrayBuffer }): Pick<Source, "open"> {
  const counters = new Counters(shared);
  return {
    open(item: Item) {
      const bytes = new TextEncoder().encode(counters.open(item.location));
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
