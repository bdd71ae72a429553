/**
 * Opening a rollout, on whichever thread.
 *
 * @module
 */
import type { ItemReader, MaybePromise } from "../../src/source.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { isCompressed } from "../compression.ts";
import { openFile } from "./reader.ts";
import { openZstd } from "./zstd.ts";

/**
 * Opens a rollout, compressed or not.
 *
 * @param item A rollout on this machine's disk.
 * @returns A reader of its lines.
 */
export function openRollout(item: RolloutItem): MaybePromise<ItemReader> {
  return isCompressed(item.location) ? openZstd(item.location) : openFile(item.location, item.size);
}
