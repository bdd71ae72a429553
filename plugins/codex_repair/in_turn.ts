/**
 * Going through what there is much of without keeping others waiting.
 *
 * @module
 */

/** How many are visited before others have their turn. */
const AT_ONCE = 500;

/**
 * Visits one after the other, and lets others have their turn: signals, and whoever watches over the memory.
 *
 * @param things What to visit; asked for one by one.
 * @param visit Is given each.
 */
export async function inTurn<T>(things: Iterable<T>, visit: (thing: T) => void): Promise<void> {
  let count = 0;
  for (const thing of things) {
    visit(thing);
    if (++count % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}
