/**
 * A home of many small rollouts that a seed decides, and what may happen to it between two runs.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Random } from "../oracle/random.ts";
import { laterLine, messageLine, metaLine, threadId } from "./rollout_lines.ts";

/** What can happen to a home. */
export const CHANGES = ["add", "append", "tear", "rewrite", "touch", "remove", "archive", "copy", "empty"] as const;

/** A home, and the files that it holds. */
export class SeededHome {
  readonly #random: Random;
  readonly #files: string[] = [];
  #threads = 0;
  /** Every file gets a time of its own, years ago, so that the clock decides nothing. */
  #clock = Date.UTC(2026, 0, 28);

  /**
   * Makes the folder and its rollouts.
   *
   * @param path Where.
   * @param count How many rollouts.
   * @param random Decides what they hold.
   */
  constructor(readonly path: string, count: number, random: Random) {
    this.#random = random;
    Deno.mkdirSync(path, { recursive: true });
    while (this.#files.length < count) this.#add();
  }

  /** How many files there are. */
  get size(): number {
    return this.#files.length;
  }

  /** Lets one thing happen, and says what. */
  change(): string {
    const change = this.#random.pick(CHANGES);
    if (change === "add" || this.#files.length < 2) return `add ${this.#add()}`;
    const file = this.#random.pick(this.#files);
    switch (change) {
      case "append":
        this.#write(file, `${this.#read(file)}${laterLine(this.#random, 100)}\n`);
        break;
      case "tear":
        this.#write(file, this.#read(file).slice(0, -this.#random.below(40) - 1));
        break;
      case "rewrite":
        this.#write(file, this.#text(threadId(this.#random.below(this.#threads))));
        break;
      case "touch":
        this.#touch(file);
        break;
      case "empty":
        this.#write(file, "");
        break;
      case "remove":
        Deno.removeSync(join(this.path, file));
        this.#files.splice(this.#files.indexOf(file), 1);
        break;
      case "archive": {
        const folder = file.startsWith("archived") ? "sessions/2026/01/28" : "archived_sessions";
        const to = `${folder}/${file.slice(file.lastIndexOf("/") + 1)}`;
        if (this.#files.includes(to)) break;
        this.#write(to, this.#read(file));
        Deno.removeSync(join(this.path, file));
        this.#files.splice(this.#files.indexOf(file), 1);
        break;
      }
      case "copy":
        this.#write(`sessions/copies/rollout-${this.#files.length}-${this.#random.below(1e9)}.jsonl`, this.#read(file));
        break;
    }
    return `${change} ${file}`;
  }

  #add(): string {
    const random = this.#random;
    const again = this.#threads > 0 && random.chance(0.1);
    const number = again ? random.below(this.#threads) : this.#threads++;
    const folder = random.pick([
      "archived_sessions",
      "sessions/2026/01/27",
      `sessions/2026/02/${random.below(18) + 10}`,
    ]);
    const file = `${folder}/rollout-2026-01-27T12-34-56-${threadId(number)}${
      again ? `_${random.below(1e9)}` : ""
    }.jsonl`;
    // Some give no row: what fails must be as exact as what does not.
    this.#write(
      file,
      random.chance(0.08) ? random.pick(["", "{}\n", "\n\n", "garbage"]) : this.#text(threadId(number)),
    );
    return file;
  }

  #text(id: string): string {
    const random = this.#random;
    const kind = {
      id,
      ...(random.chance(0.2) ? { parent: threadId(random.below(this.#threads)) } : {}),
      ...(random.chance(0.3) ? { tools: 1 + random.below(3) } : {}),
    };
    const lines = [metaLine(kind), messageLine(`question ${random.below(1000)}`)];
    for (let second = 2, last = random.below(8); second < last; second++) lines.push(laterLine(random, second));
    return lines.map((line) => `${line}\n`).join("");
  }

  #read(file: string): string {
    return Deno.readTextFileSync(join(this.path, file));
  }

  #write(file: string, text: string): void {
    const full = join(this.path, file);
    Deno.mkdirSync(dirname(full), { recursive: true });
    Deno.writeTextFileSync(full, text);
    this.#touch(file);
    if (!this.#files.includes(file)) this.#files.push(file);
  }

  #touch(file: string): void {
    const at = new Date(this.#clock += 1 + this.#random.below(100_000));
    Deno.utimeSync(join(this.path, file), at, at);
  }
}
