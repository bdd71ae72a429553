/**
 * A hash of bytes, as `plugins/extractor_codex/scanner/hash.ts` computes it.
 */
import { HASH } from "./memory";

/** Leaves the hash of some bytes, of four at a time. */
export function hash(start: usize, end: usize): void {
  const last = start + ((end - start) & ~3);
  let one: u32 = 0x01234567, other: u32 = 0x76543210;
  for (let at = start; at < last; at += 4) {
    const word = load<u32>(at);
    one = (one ^ word) * 0x01000193;
    one ^= one >> 15;
    other = (other + word) * 0x5bd1e995;
    other ^= other >> 13;
  }
  store<u32>(HASH, one);
  store<u32>(HASH, other, 4);
}
