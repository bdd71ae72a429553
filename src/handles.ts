/**
 * Whether the process may open what threads need: Deno ends the process where a thread gets no handle.
 *
 * @module
 */

/** What a thread opens when it is started, and a few for whoever opens something meanwhile. */
const THREAD_HANDLES = 6, OTHER_HANDLES = 14;

/**
 * Whether there are handles for more threads.
 *
 * @param file A file that may be read. It is opened for a moment, and not read.
 * @param threads How many threads.
 */
export function hasHandles(file: URL | string, threads: number): boolean {
  const open: Deno.FsFile[] = [];
  try {
    while (open.length < OTHER_HANDLES + threads * THREAD_HANDLES) open.push(Deno.openSync(file));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of open) file.close();
  }
}
