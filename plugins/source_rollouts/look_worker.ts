/**
 * The thread that looks at files ahead of the one that lists them.
 *
 * @module
 */
import { claim, doTask, type LookTask } from "./look_task.ts";

/** The side of a worker's global that messages come in by. */
interface Port {
  onmessage: ((event: MessageEvent<LookTask>) => void) | null;
}

// The library of worker types cannot be named in a published package.
const port = self as unknown as Port;
port.onmessage = ({ data }) => {
  if (claim(data)) doTask(data);
};
