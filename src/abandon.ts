/**
 * Waiting for plugins no longer than a run can: for as long as it is not cancelled, or for so many milliseconds.
 *
 * @module
 */

/** How long a plugin that was asked to end may take, in milliseconds: it need not heed that at all. */
export const GRACE_MS = 5_000;

/**
 * Waits for a promise until a signal says that nobody needs it any more.
 *
 * @param promise What is waited for. What comes of it afterwards is dropped.
 * @param signal The signal.
 * @param graceMs How long it is waited for after the signal, in milliseconds. Default: not at all.
 * @returns What came of the promise.
 * @throws The signal's reason, if that was first.
 */
export function untilAborted<T>(promise: PromiseLike<T>, signal: AbortSignal, graceMs = 0): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const abandon = (): void => {
      if (graceMs === 0) reject(signal.reason);
      else timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    const done = (): void => {
      signal.removeEventListener("abort", abandon);
      clearTimeout(timer);
    };
    Promise.resolve(promise).finally(done).then(resolve, reject);
    if (signal.aborted) abandon();
    else signal.addEventListener("abort", abandon);
  });
}

/**
 * Waits for a promise for so long.
 *
 * @param promise What is waited for. What comes of it afterwards is dropped.
 * @param ms How long, in milliseconds.
 * @param late What the error says if it took longer.
 * @returns What came of the promise.
 * @throws {Error} If it took longer.
 */
export function within<T>(promise: PromiseLike<T>, ms: number, late: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(late)), ms);
    Promise.resolve(promise).finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
