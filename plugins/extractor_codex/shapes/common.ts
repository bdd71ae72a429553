/**
 * Shapes that several kinds of lines share.
 *
 * @module
 */
import { isObject, member } from "../json/json.ts";
import { map, REFUSED, type Shape, text } from "./shape.ts";
import { parseUuid } from "../uuid.ts";

/** A UUID in any spelling, made lower-case and hyphenated. */
export const uuid: Shape<string> = map(text, (value) => parseUuid(value) ?? REFUSED);

/**
 * Lets an object call the role of an agent by its older name, `agent_type`. By both names, be it by null, it is there twice, and the
 * object is refused.
 */
export function oneRole<T>(shape: Shape<T>): Shape<T> {
  return (value) => {
    if (!isObject(value) || !Object.hasOwn(value, "agent_type")) return shape(value);
    if (Object.hasOwn(value, "agent_role")) return REFUSED;
    return shape({ ...value, agent_role: member(value, "agent_type") ?? null });
  };
}

/** An absolute path as the disks of an operating system know it, without `.`, `..` and repeated separators. */
export function absolutePathOn(os: typeof Deno.build.os): Shape<string> {
  if (os === "windows") return map(text, (path) => normalizeWindowsPath(path) ?? REFUSED);
  return map(text, (path) => path.startsWith("/") ? normalizePath(path) : REFUSED);
}

/** An absolute path as this system's disks know it. */
export const absolutePath: Shape<string> = absolutePathOn(Deno.build.os);

/** Where a path leads from a folder of Windows, whatever system this is; `undefined` if it is no such folder. */
export function windowsPathFrom(folder: string, path: string): string | undefined {
  if (folder.startsWith("/")) return undefined;
  return normalizeWindowsPath(path) ?? normalizeWindowsPath(`${folder}\\${path}`);
}

/** Removes `.`, `..` and repeated slashes from an absolute path without looking at a disk. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  // Step by step, for a path may be tens of millions of slashes.
  for (let start = 0, end; start < path.length; start = end + 1) {
    end = path.indexOf("/", start);
    if (end < 0) end = path.length;
    const part = path.slice(start, end);
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

/** Normalises a path with a drive or a share, and leaves that of a device, or of what is no host; `undefined` if it has none of them. */
function normalizeWindowsPath(path: string): string | undefined {
  const [, drive, onDrive = ""] = /^(?:\\\\[?.]\\)?([A-Za-z]):[\\/](.*)$/s.exec(path) ?? [];
  if (drive) return `${drive.toUpperCase()}:${windowsParts(onDrive) || "\\"}`;
  const [, server, share = "", onShare = ""] = /^\\\\(?:[?.]\\UNC\\)?([^\\/]+)[\\/]([^\\/]+)(.*)$/s.exec(path) ?? [];
  if (server === undefined) return /^\\\\[?.]\\/.test(path) ? path : undefined;
  if (!HOST.test(server)) return path;
  const host = server.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return `\\\\${host}\\${share.replace(UNSEEN, "")}${windowsParts(onShare)}`;
}

// deno-lint-ignore no-control-regex -- these are what a host cannot hold
const HOST = /^(?![.?])[^#?\0-\x1f]+$/;

/** What an address on the web loses as well. */
const UNSEEN = /[\t\n\r]/g;

/** What comes behind a drive or a share; a separator at its end stays. */
function windowsParts(original: string): string {
  const path = original.replace(UNSEEN, "");
  const parts = normalizePath(path.replaceAll("\\", "/")).replaceAll("/", "\\");
  const inner = parts === "\\" ? "" : parts;
  return /[\\/]$/.test(path) ? `${inner}\\` : inner;
}
