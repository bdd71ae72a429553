/**
 * A second thread that looks at files, seen from the first one.
 *
 * @module
 */
import { isLoadable } from "../../src/loadable.ts";
import { type LookTask, newTask } from "./look_task.ts";

/** Files in one task, so that both threads can look at those of one large folder. */
const TASK_FILES = 250;

/** A thread that looks at files, once it is started. Whether it could be shows in that nobody claims its tasks. */
export class LookThread implements Disposable {
  #worker: Worker | undefined;

  /** Whether there is anybody to ask. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts it, where that needs no question. */
  start(): void {
    const module = new URL("./look_worker.ts", import.meta.url);
    if (!isLoadable(module)) return;
    this.#worker = new Worker(module, { type: "module" });
    this.#worker.onerror = (event) => event.preventDefault();
  }

  /**
   * Asks it to look at files.
   *
   * @param folder The absolute path of their folder.
   * @param names Their names.
   * @returns The tasks, in the order of the names; none if nobody was asked.
   */
  ask(folder: string, names: readonly string[]): LookTask[] {
    const tasks: LookTask[] = [];
    for (let at = 0; this.#worker && at < names.length; at += TASK_FILES) {
      const task = newTask(folder, names.slice(at, at + TASK_FILES));
      this.#worker.postMessage(task);
      tasks.push(task);
    }
    return tasks;
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
