/**
 * Doing only what nobody has to be asked for: Deno would ask on a terminal.
 *
 * @module
 */
import { dirname } from "@std/path";

/**
 * Whether a permission is granted already.
 *
 * @param name Reading or writing.
 * @param path The file or folder.
 */
export function isGranted(name: "read" | "write", path: string): boolean {
  // Deno keeps for ever what it was asked about: where a folder is allowed, it is not asked about every file.
  return isWhole({ name }) || isWhole({ name, path: dirname(path) }) ||
    Deno.permissions.querySync({ name, path }).state === "granted";
}

/** Whether all of something is allowed, with nothing in it denied. */
function isWhole(descriptor: Deno.PermissionDescriptor): boolean {
  const { state, partial } = Deno.permissions.querySync(descriptor);
  return state === "granted" && !partial;
}
