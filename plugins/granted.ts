/**
 * Doing only what nobody has to be asked for: Deno would ask on a terminal.
 *
 * @module
 */

/**
 * Whether a permission is granted already.
 *
 * @param name Reading or writing.
 * @param path The file or folder.
 */
export function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}
