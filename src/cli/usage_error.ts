/**
 * A command line that cannot be understood.
 *
 * @module
 */

/** A wrong argument: one line for the person who typed it, exit code 2. */
export class UsageError extends Error {
  /** The name of the class. */
  override readonly name = "UsageError";
}
