/**
 * The items that are due, in little memory: of many only the first are kept as they are, the others squeezed until their batch
 * begins. As an object an item takes half a kilobyte; beside its neighbours, which are much like it, a tenth of that.
 *
 * @module
 */
import { compareCodePoints, sortBy } from "./order.ts";
import { pack, unpack } from "./pool/packed.ts";
import { bytesToRead } from "./pool/share.ts";
import type { Item } from "./source.ts";

/** An item that is due. */
export interface DueItem<I extends Item> {
  /** The item. */
  readonly item: I;
  /** Whether the ledger may hold a snapshot from which its extraction can go on. */
  readonly continues: boolean;
}

/** How many items are squeezed together. */
const PART = 100;

/** How many parts are kept as they are: what they take is not worth the trouble. */
const PLAIN_PARTS = 60;

const NOTHING = [-1, []] as const;

/** Some items in a row: as they are, or squeezed, or not needed any more. */
type Part<I extends Item> = DueItem<I>[] | Uint8Array | undefined;

/** Items that are due, in ascending order of watermark once they are sorted. */
export class DueItems<I extends Item> implements Iterable<DueItem<I>> {
  #parts: Part<I>[] = [];
  /** How many bytes there are to read before each part. */
  #starts: number[] = [];
  #length = 0;
  #bytes = 0;
  #highest = "";
  #isSorted = true;
  /** The first part that may have to be squeezed. */
  #plain = PLAIN_PARTS;
  #zlib: typeof import("node:zlib") | undefined;
  /** The part that was taken apart last, and its number. */
  #open: readonly [number: number, items: readonly DueItem<I>[]] = NOTHING;

  readonly #arePlain: boolean;

  /** @param arePlain Whether they are plain data, of which a copy is as good. Else they are never squeezed. Default: false. */
  constructor(arePlain = false) {
    this.#arePlain = arePlain;
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** About how many bytes there are to read of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an item. */
  push(due: DueItem<I>): void {
    const { watermark } = due.item;
    this.#isSorted &&= this.#length === 0 || compareCodePoints(this.#highest, watermark) < 0;
    this.#highest = watermark;
    this.#length++;
    const last = this.#parts.at(-1);
    if (Array.isArray(last) && last.length < PART) last.push(due);
    else {
      this.#parts.push([due]);
      this.#starts.push(this.#bytes);
    }
    this.#bytes += bytesToRead(due.item);
  }

  /** Whether so many were added that {@linkcode DueItems.squeeze} is worth it. */
  get isFull(): boolean {
    return this.#arePlain && this.#parts.length > this.#plain + 1;
  }

  /** Squeezes what was added, if there are many. */
  async squeeze(): Promise<void> {
    if (!this.isFull) return;
    const { deflateRawSync } = this.#zlib ??= await import("node:zlib");
    for (; this.isFull; this.#plain++) {
      const packed = pack(this.#parts[this.#plain]);
      // What JSON would change stays as it is, and so does what is long. The copy is as long as what it holds, which the answer
      // of the library is not.
      if ("json" in packed && !packed.long) {
        this.#parts[this.#plain] = new Uint8Array(deflateRawSync(packed.json, { level: 1 }));
      }
    }
  }

  /** Sorts them by watermark. Items that were added in order are sorted already. */
  sort(): this {
    if (this.#isSorted) return this;
    const all = sortBy([...this], ({ item }) => item.watermark);
    this.#parts = [];
    this.#starts = [];
    this.#length = this.#bytes = 0;
    this.#isSorted = true;
    this.#plain = PLAIN_PARTS;
    this.#open = NOTHING;
    for (const due of all) this.push(due);
    return this;
  }

  /** About how many bytes there are to read before a place: within a part as if all in it were alike. */
  bytesBefore(place: number): number {
    const number = Math.floor(place / PART), first = number * PART;
    const start = this.#starts[number] ?? this.#bytes, end = this.#starts[number + 1] ?? this.#bytes;
    const count = Math.min(PART, this.#length - first);
    return count > 0 ? start + (end - start) * (place - first) / count : start;
  }

  /**
   * Some of them.
   *
   * @param from The place of the first one.
   * @param to The place after the last one; there may be fewer.
   */
  slice(from: number, to: number): DueItem<I>[] {
    const found: DueItem<I>[] = [];
    for (let at = from; at < Math.min(to, this.#length);) {
      const number = Math.floor(at / PART), first = number * PART;
      found.push(...this.#part(number).slice(at - first, to - first));
      at = first + PART;
    }
    return found;
  }

  /** Forgets those before a place: nobody asks for them again. */
  release(before: number): void {
    this.#parts.fill(undefined, 0, Math.floor(before / PART));
  }

  *[Symbol.iterator](): Generator<DueItem<I>> {
    for (const number of this.#parts.keys()) yield* this.#part(number);
  }

  #part(number: number): readonly DueItem<I>[] {
    const part = this.#parts[number];
    if (!(part instanceof Uint8Array) || !this.#zlib) return Array.isArray(part) ? part : [];
    if (this.#open[0] !== number) {
      // A copy: unpacking gives the buffer back, and that of the library may hold more.
      const json = new Uint8Array(this.#zlib.inflateRawSync(part));
      this.#open = [number, unpack<DueItem<I>[]>({ json })];
    }
    return this.#open[1];
  }
}
