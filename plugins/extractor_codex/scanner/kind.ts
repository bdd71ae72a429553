/**
 * The kinds of lines that are told apart without parsing.
 *
 * @module
 */

/** The kinds, as the numbers that the WebAssembly knows them by. */
export const KIND = {
  /** Only parsing can tell. */
  parse: 0,
  /** No column needs it. */
  other: 1,
  /** How many tokens were used. */
  tokens: 2,
  /** What a turn was run with. */
  turn: 3,
  /** What a user said. */
  message: 4,
  /** A goal. */
  goal: 5,
  /** Longer than is read. */
  tooLong: 6,
  /** Of a type that is not known: it counts by that, where the profile counts such lines. */
  unknown: 7,
  /** That a request was answered. 8 and 9 are kinds that only the WebAssembly knows. */
  request: 10,
} as const;

/** One of {@linkcode KIND}. */
export type Kind = (typeof KIND)[keyof typeof KIND];
