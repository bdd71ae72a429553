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
 * @param size How large it was when it was listed, in bytes. From there on a read that gets less than it has room for was the
 * last one: the file is not asked for its end. Default: it is.
 * @returns A reader that answers at once.
 * @throws The error of the operating system, if the file cannot be opened.
 */
export function openFile(path: string, size = Infinity): ItemReader {
  const file = Deno.openSync(path, { read: true });
  let position = 0, end = -1;
  return {
    read(into, offset) {
      if (offset === end) return null;
      if (offset !== position) position = file.seekSync(offset, Deno.SeekMode.Start);
      const got = file.readSync(into);
      position += got ?? 0;
      if (position >= size && (got ?? 0) < into.length) end = position;
      return got;
    },
    close: () => file.close(),
  };
}
