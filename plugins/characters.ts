/**
 * Where texts may be cut: half of a character is none, and many a parser of JSON refuses it.
 *
 * @module
 */

/** The place between two characters that is at a place in a text, or right before it. */
export function betweenCharacters(text: string, at: number): number {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}
