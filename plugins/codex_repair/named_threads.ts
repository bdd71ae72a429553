/**
 * The threads that a rollout is named for, whatever it says.
 *
 * @module
 */
import type { RolloutItem } from "../rollout_item.ts";

const IDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Whether a rollout is named for a thread. */
export function isNamed({ name }: RolloutItem, id: string): boolean {
  return name.toLowerCase().includes(id);
}

/** The ids in the name of a rollout, in lower case. */
export function idsIn({ name }: RolloutItem): readonly string[] {
  return name.toLowerCase().match(IDS) ?? [];
}
