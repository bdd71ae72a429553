/**
 * Reading a file in order, without a copy.
 *
 * @module
 */
import type { ItemReader } from "../../src/source.ts";

/**
 * Opens a file for reading.
 *
 * @param path The absolute path of the file.
 * @returns A reader that answers at once.
 * @throws The error of the operating system, if the file cannot be opened.
 */
export function openFile(path: string): ItemReader {
  const file = Deno.openSync(path, { read: true });
  let position = 0;
  return {
    read(into, offset) {
      if (offset !== position) position = file.seekSync(offset, Deno.SeekMode.Start);
      const size = file.readSync(into);
      if (size !== null) position += size;
      return size;
    },
    close: () => file.close(),
  };
}
