/**
 * Reading as much as fits.
 *
 * @module
 */
import type { ItemReader } from "../../../src/source.ts";

/** Fills a buffer as far as an item reaches, and returns how far. */
export async function readFully(
  reader: ItemReader,
  into: Uint8Array<ArrayBuffer>,
  offset: number,
): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const size = await reader.read(into.subarray(filled), offset + filled);
    if (size === null || size === 0) break;
    filled += size;
  }
  return filled;
}
