/**
 * Opening nothing that would wait for whoever writes into it: a pipe, a socket, a device.
 *
 * @module
 */

/**
 * Whether something is there that is neither a file nor a folder.
 *
 * @param path Its path; links are followed.
 * @throws The error of the operating system, if nothing is there.
 */
export function isSpecialFile(path: string): boolean {
  const { isFile, isDirectory } = Deno.statSync(path);
  return !isFile && !isDirectory;
}
