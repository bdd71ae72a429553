/**
 * What was read of a history, on disk until it is asked for: memory has no room for all of it.
 *
 * @module
 */
import { reasonOf, StoreError } from "../../src/errors.ts";
import type { Extraction } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import { makeScratch } from "../scratch.ts";

/** A file that only this process reads, and that is gone when it ends. */
export class Spill implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  /** One for all: V8 counts what lies outside of its heap as nothing, and would let it grow. */
  #buffer = new Uint8Array(64 << 10);
  #end = 0;

  /**
   * Makes the file. Needs permission to read and write the folder for temporary files.
   *
   * @throws {StoreError} If it cannot be made.
   */
  constructor() {
    this.#path = makeScratch("a file for what is read", undefined, Deno.makeTempFileSync);
    this.#file = Deno.openSync(this.#path, { read: true, write: true });
    // Open, it needs no name, and then nothing is left of it even if this process is killed.
    if (Deno.build.os !== "windows") Deno.removeSync(this.#path);
  }

  /**
   * Puts there what a rollout holds.
   *
   * @param held What it holds.
   * @returns Gives it back, as often as it is called.
   * @throws {StoreError} If it cannot be written, as where the disk is full.
   */
  put(held: Extraction<CodexThread>): () => Extraction<CodexThread> {
    // JSON cannot hold those. They are rare: a number of more than 9,007,199,254,740,991.
    if (Object.values(held.row).some((value) => typeof value === "bigint")) return () => held;
    return this.#write(JSON.stringify(held));
  }

  /** Apart, for a function holds all that any other made beside it does. */
  #write(text: string): () => Extraction<CodexThread> {
    const start = this.#end;
    this.#makeRoom(text.length * 3);
    const { written: length } = this.#encoder.encodeInto(text, this.#buffer);
    try {
      this.#file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < length;) at += this.#file.writeSync(this.#buffer.subarray(at, length));
    } catch (error) {
      throw new StoreError(`Cannot put what is read into "${this.#path}": ${reasonOf(error)}. Make room there`, {
        cause: error,
      });
    }
    this.#end += length;
    return () => this.#get(start, length);
  }

  #get(start: number, length: number): Extraction<CodexThread> {
    this.#makeRoom(length);
    this.#file.seekSync(start, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const count = this.#file.readSync(this.#buffer.subarray(at, length));
      if (count === null) throw new StoreError(`Cannot read "${this.#path}": somebody cut it off. Try again`);
      at += count;
    }
    return JSON.parse(this.#decoder.decode(this.#buffer.subarray(0, length)));
  }

  #makeRoom(bytes: number): void {
    if (this.#buffer.length < bytes) this.#buffer = new Uint8Array(bytes);
  }

  /** Closes and removes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
    if (Deno.build.os === "windows") Deno.removeSync(this.#path);
  }
}
