/**
 * The source of rollouts on a worker thread: opens what the main thread listed.
 *
 * @module
 */
import type { Source } from "../../src/source.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { openRollout } from "./open.ts";

/** Makes the part of the source that a worker needs. */
export default function worker(): Pick<Source<RolloutItem>, "open"> {
  return { open: openRollout };
}
