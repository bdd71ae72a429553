/**
 * Stands in for `@std/path` where JSR cannot be reached: the functions this project uses, over `node:path`.
 *
 * @module
 */
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The separator between the parts of a path on this system. */
export const SEPARATOR: string = path.sep;

/** The last part of a path, without `suffix` if it ends in it. */
export function basename(of: string, suffix?: string): string {
  return path.basename(of, suffix);
}

/** A path without its last part. */
export function dirname(of: string): string {
  return path.dirname(of);
}

/** The extension of a path, with its dot. */
export function extname(of: string): string {
  return path.extname(of);
}

/** Whether a path is absolute. */
export function isAbsolute(of: string): boolean {
  return path.isAbsolute(of);
}

/** Joins the parts of a path and normalizes it. */
export function join(...parts: string[]): string {
  return path.join(...parts);
}

/** A path without `.` and `..` where they can be resolved. */
export function normalize(of: string): string {
  return path.normalize(of);
}

/** The path that leads from one path to another. */
export function relative(from: string, to: string): string {
  return path.relative(from, to);
}

/** An absolute path, from the parts right to left and the working directory. */
export function resolve(...parts: string[]): string {
  return path.resolve(...parts);
}

/** The path that a `file:` URL names. */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}

/** The `file:` URL of an absolute path. */
export function toFileUrl(of: string): URL {
  return pathToFileURL(of);
}
