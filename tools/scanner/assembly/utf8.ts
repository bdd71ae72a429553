/**
 * Whether bytes are UTF-8.
 */

/**
 * Goes on checking that bytes are UTF-8.
 *
 * @param state What the call before returned; 0 at first.
 * @returns What the next call needs: 0 between two characters; -1 if it is no UTF-8.
 */
export function checkUtf8(start: usize, end: usize, state: i32): i32 {
  // Continuation bytes that are still to come, and the bounds of the next.
  let wanted = state & 0xff, least = (state >> 8) & 0xff, most = (state >> 16) & 0xff;
  let at = start;
  while (at < end) {
    if (wanted == 0) {
      while (at + 16 <= end && !i8x16.bitmask(v128.load(at))) at += 16;
      if (at >= end) break;
    }
    const byte = <i32> load<u8>(at++);
    if (wanted) {
      if (byte < least || byte > most) return -1;
      wanted--;
      least = 0x80;
      most = 0xbf;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return -1;
      wanted = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      least = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
      most = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    }
  }
  return wanted ? wanted | (least << 8) | (most << 16) : 0;
}
