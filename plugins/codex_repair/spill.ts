/**
 * What was read of a history, on disk until it is asked for: memory has no room for all of it.
 *
 * @module
 */
import { dirname } from "@std/path";
import { reasonOf, StoreError } from "../../src/errors.ts";
import type { Extraction } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import { makeScratch } from "../scratch.ts";

/** A file that only this process reads, and that is gone when it ends. */
export class Spill implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();
  /** One for all: V8 takes no account of what lies outside of its heap, and would let it grow. */
  readonly #buffer = new Uint8Array(64 << 10);
  #end = 0;

  /**
   * Makes the file. Needs permission to read and write the folder for temporary files.
   *
   * @param make Makes it. Default: as the system has it.
   * @throws {StoreError} If it cannot be made.
   */
  constructor(make: (options: Deno.MakeTempOptions) => string = Deno.makeTempFileSync) {
    const what = "a file for what is read";
    this.#path = makeScratch(what, undefined, make);
    try {
      this.#file = Deno.openSync(this.#path, { read: true, write: true });
      // Open, it needs no name, and then nothing is left of it even if this process is killed.
      if (Deno.build.os !== "windows") Deno.removeSync(this.#path);
    } catch (cause) {
      Deno.removeSync(this.#path);
      throw new StoreError(`Cannot use ${what} in "${dirname(this.#path)}": ${reasonOf(cause)}`, { cause });
    }
  }

  /**
   * Puts there what a rollout holds.
   *
   * @param held What it holds.
   * @returns Gives it back, as often as it is called.
   * @throws {StoreError} If it cannot be written, as where the disk is full.
   */
  put(held: Extraction<CodexThread>): () => Extraction<CodexThread> {
    const text = textOf(held);
    return text === undefined ? () => held : this.#write(text);
  }

  /** Apart, for a function holds all that any other made beside it does. */
  #write(text: string): () => Extraction<CodexThread> {
    const start = this.#end;
    try {
      this.#file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < text.length;) {
        const { read, written } = this.#encoder.encodeInto(piece(text, at, this.#buffer.length), this.#buffer);
        for (let from = 0; from < written;) from += this.#file.writeSync(this.#buffer.subarray(from, written));
        at += read;
        this.#end += written;
      }
    } catch (cause) {
      throw new StoreError(
        `Cannot put what is read into "${dirname(this.#path)}", the folder for temporary files: ${
          reasonOf(cause)
        }. Make ` +
          `room there, or set ${Deno.build.os === "windows" ? "TMP" : "TMPDIR"} to a folder that has some`,
        { cause },
      );
    }
    const length = this.#end - start;
    return () => this.#get(start, length);
  }

  #get(start: number, length: number): Extraction<CodexThread> {
    const bytes = length > this.#buffer.length ? new Uint8Array(length) : this.#buffer.subarray(0, length);
    this.#file.seekSync(start, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const count = this.#file.readSync(bytes.subarray(at));
      if (count === null) {
        throw new StoreError("What was read and put into a temporary file is no longer there. Try again");
      }
      at += count;
    }
    return heldIn(new TextDecoder().decode(bytes));
  }

  /** Closes and removes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
    if (Deno.build.os === "windows") Deno.removeSync(this.#path);
  }
}

/** Some characters of a text, and no half of one. */
function piece(text: string, start: number, length: number): string {
  const isHalf = (text.codePointAt(start + length - 1) ?? 0) > 0xffff;
  return text.slice(start, start + length - (isHalf ? 1 : 0));
}

/**
 * What a rollout holds as JSON, where title and preview are left out if they are the first message, which may be long; `undefined`
 * where JSON has no place for a number beyond 2^53, or V8 none for a text so long.
 */
function textOf(held: Extraction<CodexThread>): string | undefined {
  const { title, preview, ...row } = held.row, { first_user_message: message } = row;
  const own = { ...(title === message ? {} : { title }), ...(preview === message ? {} : { preview }) };
  try {
    return JSON.stringify({ ...held, row: { ...row, ...own } });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function heldIn(text: string): Extraction<CodexThread> {
  const { row, ...facts }: Extraction<CodexThread> = JSON.parse(text);
  const { first_user_message: message, title = message, preview = message } = row;
  return { ...facts, row: { ...row, title, preview } };
}
