/**
 * Which files may be databases, by what is seen of them from outside.
 *
 * @module
 */

/** The least a database has. SQLite takes a shorter file for an empty one, and would overwrite it. */
const LEAST_BYTES = 512;

/**
 * Says why something that is there is no database.
 *
 * @param info What is seen of it.
 * @returns Why, and what to do, for a person to read; `undefined` if it may be one.
 */
export function whyNoDatabase(
  { isDirectory, isFile, size }: Pick<Deno.FileInfo, "isDirectory" | "isFile" | "size">,
): string | undefined {
  if (isDirectory) return "it is a folder. Name a file in it";
  return isFile && size >= LEAST_BYTES ? undefined : "it is not an SQLite database. Name another file";
}
