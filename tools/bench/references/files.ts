/**
 * The files of a home, found by the least that finds them.
 *
 * @module
 */

/** Yields the path of every file below a folder. */
export function* files(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* files(path);
    else yield path;
  }
}
