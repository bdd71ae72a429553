/**
 * The thread that looks at files ahead of the one that lists them.
 *
 * @module
 */
import { claim, doTask, type LookTask } from "./look_task.ts";

/** The side of a worker's global that messages come in by. */
interface Port {
  onmessage: ((event: MessageEvent<LookTask>) => void) | null;
  close(): void;
}

/** Whoever asks for nothing for so long forgot to end the listing, and the process could not end, in milliseconds. */
const IDLE_MS = 5_000;

// The library of worker types cannot be named in a published package.
const port = self as unknown as Port;
let idle = setTimeout(() => port.close(), IDLE_MS);
port.onmessage = ({ data }) => {
  clearTimeout(idle);
  if (claim(data)) doTask(data);
  idle = setTimeout(() => port.close(), IDLE_MS);
};
