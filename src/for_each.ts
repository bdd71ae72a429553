/**
 * Going through what comes one by one, whether it has to be waited for or not.
 *
 * @module
 */

/**
 * Takes every value of a listing.
 *
 * @param listing The values.
 * @param take Takes one.
 */
export async function forEach<T>(listing: Iterable<T> | AsyncIterable<T>, take: (value: T) => void): Promise<void> {
  // Awaiting every value of a synchronous listing would cost more than the listing itself.
  if (Symbol.iterator in listing) {
    for (const value of listing) take(value);
  } else {
    for await (const value of listing) take(value);
  }
}
