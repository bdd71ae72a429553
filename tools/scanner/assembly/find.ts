/**
 * Where the next line break is.
 */

/** Where the first line break is; `end` if there is none. */
export function find(from: usize, end: usize): usize {
  let at = from;
  while (at + 128 <= end) {
    const least = i8x16.min_u(leastOf(at), leastOf(at + 64));
    // Hardly another byte of JSON is as small.
    if (v128.any_true(i8x16.eq(i8x16.min_u(least, i8x16.splat(10)), least))) {
      const first = lineBreaks(at), second = lineBreaks(at + 64);
      // Without a branch: which half it is in cannot be foreseen.
      if (first | second) return at + <usize> select<u64>(ctz(first), ctz(second) + 64, first != 0);
    }
    at += 128;
  }
  while (at < end) {
    const found = lineBreaks(at);
    if (found) return min(end, at + <usize> ctz(found));
    at += 64;
  }
  return end;
}

/** Of each four bytes that are 16 apart the least. */
function leastOf(at: usize): v128 {
  return i8x16.min_u(
    i8x16.min_u(v128.load(at), v128.load(at, 16)),
    i8x16.min_u(v128.load(at, 32), v128.load(at, 48)),
  );
}

/** Which of 64 bytes are line breaks, the first in the lowest bit. */
function lineBreaks(at: usize): u64 {
  const wanted = i8x16.splat(10);
  return <u64> i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted)) << 16) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 32), wanted)) << 32) |
    (<u64> i8x16.bitmask(i8x16.eq(v128.load(at, 48), wanted)) << 48);
}
