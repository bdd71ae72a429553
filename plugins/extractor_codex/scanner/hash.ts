/**
 * A short hash of bytes, which tells whether they are still the same.
 *
 * @module
 */

/** The hash of some bytes, of four at a time, as the scanner in WebAssembly computes it. */
export function hash(bytes: Uint8Array<ArrayBuffer>): string {
  const words = new Int32Array(bytes.slice(0, bytes.length & ~3).buffer);
  let one = 0x01234567, other = 0x76543210;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    one ^= one >>> 15;
    other = Math.imul(other + word, 0x5bd1e995);
    other ^= other >>> 13;
  }
  return hexOf(one, other);
}

/** A hash as text. */
export function hexOf(one: number, other: number): string {
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
