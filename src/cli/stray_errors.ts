/**
 * Errors that a metrics module throws where nothing of ours can catch them: in a timer, in a promise that it forgot.
 *
 * @module
 */
import { reasonOf } from "../errors.ts";

/**
 * Keeps such errors from ending the run, until disposed. The first is told.
 *
 * @param note Prints one line beside the result.
 */
export function tolerateStrayErrors(note: (line: string) => void): Disposable {
  let told = false;
  const tell = (event: Event, error: unknown): void => {
    event.preventDefault();
    if (!told) note(`something, most likely the metrics sink, failed where nothing waits for it: ${reasonOf(error)}`);
    told = true;
  };
  const onError = (event: ErrorEvent): void => tell(event, event.error);
  const onRejection = (event: PromiseRejectionEvent): void => tell(event, event.reason);
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return {
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
    },
  };
}
