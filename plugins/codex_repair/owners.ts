/**
 * Which thread each file is of.
 *
 * @module
 */
import { withoutCompression } from "../compression.ts";
import type { StateRow } from "./contract.ts";
import type { Gathered } from "./gather.ts";

/** Which thread each file is of, by its path. */
export type Owners = ReadonlyMap<string, string>;

/** Tells of every file that was read which thread it is of. */
export function ownersOf({ read }: Pick<Gathered, "read">): Owners {
  return new Map(read.map(({ item, key }) => [withoutCompression(item.location), key]));
}

/** Whether the file that a row names is that of another thread. */
export function isOfAnother({ id, rollout_path }: Pick<StateRow, "id" | "rollout_path">, owners: Owners): boolean {
  const owner = owners.get(withoutCompression(rollout_path));
  // Where a rollout does not say well whose it is, Codex goes by its name.
  return owner !== undefined && owner !== id && !rollout_path.toLowerCase().includes(id.toLowerCase());
}
