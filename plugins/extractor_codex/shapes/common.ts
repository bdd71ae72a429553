/**
 * Shapes that several kinds of lines share.
 *
 * @module
 */
import { map, REFUSED, type Shape, text } from "../shape.ts";
import { parseUuid } from "../uuid.ts";

/** A UUID in any spelling, made lower-case and hyphenated. */
export const uuid: Shape<string> = map(text, (value) => parseUuid(value) ?? REFUSED);

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

/** An absolute path as this or another system's disks know it: Codex 0.169 keeps a Windows path in a profile wherever it runs. */
export const absolutePathAnywhere: Shape<string> = map(
  text,
  (path) => path.startsWith("/") ? normalizePath(path) : normalizeWindowsPath(path) ?? REFUSED,
);

/** Normalises a path with a drive or a share; `undefined` if it has neither. */
function normalizeWindowsPath(path: string): string | undefined {
  const [, drive, onDrive = ""] = /^(?:\\\\\?\\)?([A-Za-z]):[\\/](.*)$/s.exec(path) ?? [];
  if (drive) return `${drive.toUpperCase()}:${windowsParts(onDrive)}`;
  const [, server, share, onShare = ""] = /^\\\\([^\\/?.][^\\/]*)[\\/]([^\\/]+)(.*)$/s.exec(path) ?? [];
  return server && share ? `\\\\${server}\\${share}${windowsParts(onShare)}` : undefined;
}

function windowsParts(path: string): string {
  return normalizePath(path.replaceAll("\\", "/")).replaceAll("/", "\\");
}
