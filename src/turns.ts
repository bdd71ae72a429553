/**
 * Giving others their turn while something works that never has to wait: timers, signals, what comes from other threads.
 *
 * @module
 */

/** How long work goes on until others have their turn, in milliseconds. */
const WORK_MS = 25;

/**
 * Lets others have their turn. A timer would wait for two milliseconds. An immediate, or a message to oneself, alone may come
 * first a hundred times before anything from outside does; one after the other do not.
 */
export class Turns implements Disposable {
  #channel: MessageChannel | undefined;
  #resolve: (() => void) | undefined;
  #isOpen = true;
  #last = performance.now();

  /** Whether work has gone on for so long that it is the turn of others. */
  get isOver(): boolean {
    return performance.now() - this.#last >= WORK_MS;
  }

  /** Waits for the next turn; not while somebody else does. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => {
      if (!this.#isOpen) return resolve();
      this.#resolve = resolve;
      this.#ports().port2.postMessage(null);
    });
    this.#last = performance.now();
  }

  #ports(): MessageChannel {
    if (!this.#channel) {
      this.#channel = new MessageChannel();
      this.#channel.port1.onmessage = () => this.#resolve?.();
    }
    return this.#channel;
  }

  /** Waits no more, and lets the process end. */
  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.#resolve?.();
    this.#channel?.port1.close();
    this.#channel?.port2.close();
  }
}
