/**
 * What a person sees of a run while it goes.
 *
 * @module
 */
import type { BackfillListener } from "../events.ts";
import { duration, size } from "./wording.ts";

/** How many lines a kind of trouble gets before it is only counted. */
const LINES_A_KIND = 5;

/** How often a line of progress is shown, in milliseconds. */
const PROGRESS_EVERY_MS = 1_000;

/** Less time is not worth telling of, in milliseconds. */
const LEAST_LEFT_MS = 1_000;

/**
 * Makes a listener that tells of trouble, and, on a terminal, of progress.
 *
 * @param note Prints one line beside the result.
 * @param show Whether to show progress.
 * @returns The listener, a call that says how much trouble it did not show, and one that tells whether all could be listed.
 */
export function progressListener(
  note: (line: string) => void,
  show: boolean,
): { onEvent: BackfillListener; summarizeTrouble: () => void; sawEverything: () => boolean } {
  const startedAt = performance.now();
  const trouble = { failed: 0, problem: 0, passedOver: 0 };
  const passedOver = new Set<string>();
  let hidden = 0;
  let total = { due: 0, bytes: 0 }, done = { items: 0, bytes: 0 }, shownAt = startedAt;
  const tell = (kind: keyof typeof trouble, line: string): void => {
    if (++trouble[kind] <= LINES_A_KIND) note(line);
  };
  const onEvent: BackfillListener = (event) => {
    switch (event.type) {
      case "claimed":
        if (event.takenFrom) {
          const { name, pid } = event.takenFrom;
          note(`taking over from ${name ?? `process ${pid}`}: it is gone, and this goes on where it was`);
        }
        return;
      case "problem": {
        const { location, reason, hides } = event.problem;
        if (hides !== undefined) hidden++;
        return tell("problem", `${hides === undefined ? "" : "cannot list "}${location}: ${reason}`);
      }
      case "passed_over": {
        const { location, reason } = event.passedOver;
        // A command may list twice.
        if (passedOver.has(location)) return;
        passedOver.add(location);
        return tell("passedOver", `passed over ${location}: ${reason}`);
      }
      case "failed":
        return tell("failed", `failed (${event.failure.kind}): ${event.location}: ${event.failure.reason}`);
      case "worker_failed":
        return note(`no other thread reads rollouts any more: ${event.reason}`);
      case "sink_failed":
        return note(`the metrics sink failed and is not used any more: ${event.reason}`);
      case "planned":
        total = event;
        return;
      case "committed": {
        done = { items: done.items + event.batch.scanned, bytes: done.bytes + event.bytes };
        const now = performance.now();
        if (!show || now - shownAt < PROGRESS_EVERY_MS) return;
        shownAt = now;
        const left = done.bytes > 0 ? (total.bytes / done.bytes - 1) * (now - startedAt) : 0;
        return note(
          `${done.items} of ${total.due} rollouts, ${size(done.bytes)} of ${size(total.bytes)}` +
            (left >= LEAST_LEFT_MS ? `, about ${duration(left)} left` : ""),
        );
      }
      default:
        return;
    }
  };
  const summarizeTrouble = (): void => {
    if (trouble.problem > LINES_A_KIND) note(`… and ${trouble.problem - LINES_A_KIND} more of this kind`);
    if (trouble.passedOver > LINES_A_KIND) note(`… and ${trouble.passedOver - LINES_A_KIND} more were passed over`);
    if (trouble.failed > LINES_A_KIND) {
      note(`… and ${trouble.failed - LINES_A_KIND} more failed: see backfill failures`);
    }
  };
  return { onEvent, summarizeTrouble, sawEverything: () => hidden === 0 };
}
