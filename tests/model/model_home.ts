/**
 * A home as the model sees it: files with a thread, a number of whole lines, and perhaps half a line after them.
 *
 * @module
 */
import { FOLDERS } from "./actions.ts";
import type { Action } from "./actions.ts";

/** A file. */
export interface ModelFile {
  /** Its folder. */
  readonly folder: string;
  /** Its base name, without `.zst`. */
  readonly name: string;
  /** Whether it is compressed. */
  readonly compressed: boolean;
  /** The thread that it is about. */
  readonly thread: number;
  /** What tells this text from every other that was written. */
  readonly text: number;
  /** Whole lines; the first names the thread. */
  readonly lines: number;
  /** Whether half a line comes after them. */
  readonly torn: boolean;
  /** When it was last written, in milliseconds since the epoch; no two writes have the same time. */
  readonly modifiedMs: number;
}

/** The path below the home, which the item keeps when it is compressed. */
export function watermarkOf({ folder, name }: ModelFile): string {
  return `${folder}/${name}`;
}

/** The path below the home. */
export function pathOf(file: ModelFile): string {
  return `${watermarkOf(file)}${file.compressed ? ".zst" : ""}`;
}

/** The id of a thread. */
export function threadId(thread: number): string {
  return `019c0000-0000-7000-8000-${String(thread).padStart(12, "0")}`;
}

/** The files of a home. Every change gives a new list, in the order in which actions name files. */
export class ModelHome {
  /** The files that there are. */
  files: readonly ModelFile[] = [];
  /** The files that were deleted. */
  deleted: readonly ModelFile[] = [];
  #texts = 0;
  #clock = Date.UTC(2026, 1, 1);

  /** Does one thing. Does nothing where there is no such file, or another in its place. */
  apply(action: Action): void {
    if (action.do === "create") {
      const { thread, folder, named, lines } = action;
      const name = named ? `rollout-2026-01-27T12-34-56-${threadId(thread)}.jsonl` : `rollout-${this.#texts}.jsonl`;
      this.#put({
        folder: FOLDERS[folder] ?? "",
        name,
        compressed: false,
        torn: false,
        thread,
        lines,
        ...this.#write(),
      });
      return;
    }
    if (!("file" in action)) return;
    const from = action.do === "restore" ? this.deleted : this.files;
    const file = from[action.file % Math.max(1, from.length)];
    if (!file) return;
    switch (action.do) {
      case "append":
        // Who writes on goes on in the middle of a line.
        return this.#replace(file, {
          ...this.#rewritten(file),
          lines: file.lines + action.lines + (file.torn ? 1 : 0),
          torn: false,
        });
      case "tear":
        return this.#replace(file, { ...this.#rewritten(file), torn: true });
      case "truncate": {
        const lines = Math.min(file.lines, action.lines);
        return this.#replace(file, { ...this.#rewritten(file), lines, torn: action.torn });
      }
      case "rewrite": {
        const { thread, lines } = action;
        return this.#replace(file, { ...file, compressed: false, torn: false, thread, lines, ...this.#write() });
      }
      case "touch":
        return this.#replace(file, { ...file, modifiedMs: this.#write().modifiedMs });
      case "compress":
        return this.#replace(file, { ...file, compressed: true });
      case "uncompress":
        return this.#replace(file, { ...file, compressed: false });
      case "rename":
        return this.#replace(file, { ...file, folder: FOLDERS[action.folder] ?? "" });
      case "archive":
        return this.#replace(file, { ...file, folder: "archived_sessions" });
      case "unarchive":
        return this.#replace(file, { ...file, folder: "sessions/2026/01/27" });
      case "duplicate":
        return this.#put({ ...file, folder: FOLDERS[action.folder] ?? "" });
      case "restore":
        return this.#put(file);
      case "delete":
        this.files = this.files.filter((one) => one !== file);
        this.deleted = [...this.deleted, file];
    }
  }

  /** The same text, written again at another time and not compressed. */
  #rewritten(file: ModelFile): ModelFile {
    return { ...file, compressed: false, modifiedMs: this.#write().modifiedMs };
  }

  #write(): Pick<ModelFile, "text" | "modifiedMs"> {
    this.#clock += 1_234;
    return { text: this.#texts++, modifiedMs: this.#clock };
  }

  #put(file: ModelFile): void {
    if (this.#isFree(file)) this.files = [...this.files, file];
  }

  #replace(file: ModelFile, by: ModelFile): void {
    if (watermarkOf(by) !== watermarkOf(file) && !this.#isFree(by)) return;
    this.files = this.files.map((one) => one === file ? by : one);
  }

  #isFree(file: ModelFile): boolean {
    return !this.files.some((one) => watermarkOf(one) === watermarkOf(file));
  }
}
