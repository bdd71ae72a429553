/**
 * Shapes that several kinds of lines share.
 *
 * @module
 */
import { map, REFUSED, type Shape, text } from "../shape.ts";
import { parseUuid } from "../uuid.ts";

/** A UUID in any spelling, made lower-case and hyphenated. */
export const uuid: Shape<string> = map(text, (value) => parseUuid(value) ?? REFUSED);

/** An absolute path, left as it is written. */
export const absoluteAsWritten: Shape<string> = map(text, (path) => path.startsWith("/") ? path : REFUSED);

/** An absolute path, as the disks of Linux and macOS know it, without `.`, `..` and repeated slashes. */
export const absolutePath: Shape<string> = map(text, (path) => path.startsWith("/") ? normalizePath(path) : REFUSED);

/** Removes `.`, `..` and repeated slashes from an absolute path without looking at a disk. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
