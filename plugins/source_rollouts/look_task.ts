/**
 * Files that are looked at by whichever of two threads comes to them first.
 *
 * @module
 */
import { type Look, look } from "./look.ts";

/** Some files of one folder, in memory that both threads see. */
export interface LookTask {
  /** The absolute path of the folder. */
  readonly folder: string;
  /** The names of the files. */
  readonly names: readonly string[];
  /** Who has it: one of the numbers below. */
  readonly state: Int32Array<SharedArrayBuffer>;
  /** Size and time of one file after the other; NaN where there was an error. */
  readonly looks: Float64Array<SharedArrayBuffer>;
}

const OPEN = 0, CLAIMED = 1, DONE = 2;

/** How long a thread waits for the other one before it looks itself, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Makes a task that no thread has. */
export function newTask(folder: string, names: readonly string[]): LookTask {
  const { BYTES_PER_ELEMENT } = Float64Array, count = 2 * names.length;
  const memory = new SharedArrayBuffer(BYTES_PER_ELEMENT * (1 + count));
  return {
    folder,
    names,
    state: new Int32Array(memory, 0, 1),
    looks: new Float64Array(memory, BYTES_PER_ELEMENT, count),
  };
}

/** Takes a task. Says whether the other thread had not taken it before. */
export function claim({ state }: LookTask): boolean {
  return Atomics.compareExchange(state, 0, OPEN, CLAIMED) === OPEN;
}

/** Does a task, which was claimed. */
export function doTask({ folder, names, state, looks }: LookTask): void {
  for (const [at, name] of names.entries()) {
    try {
      const { size, modifiedMs } = look(`${folder}/${name}`);
      looks.set([size, modifiedMs], 2 * at);
    } catch {
      looks.fill(NaN, 2 * at, 2 * at + 2);
    }
  }
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}

/** Waits for the thread that claimed a task. Says whether it did it in time. */
export function waitFor({ state }: LookTask, patienceMs: number = PATIENCE_MS): boolean {
  return Atomics.load(state, 0) === DONE || Atomics.wait(state, 0, CLAIMED, patienceMs) !== "timed-out";
}

/** What was seen of a file of a task that is done; `undefined` if there was an error. */
export function lookOf({ looks }: LookTask, at: number): Look | undefined {
  const size = looks[2 * at] ?? NaN, modifiedMs = looks[2 * at + 1] ?? NaN;
  return Number.isNaN(size) ? undefined : { size, modifiedMs };
}
