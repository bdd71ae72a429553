/**
 * Reading compressed rollouts.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { ItemReader, MaybePromise } from "../../src/source.ts";

/** Refuses every archive: it is then a recorded failure, and due again with a later version. */
export function openZstd(_compressed: ItemReader): MaybePromise<ItemReader> {
  throw new ExtractionError("unsupported-archive", "compressed rollouts cannot be read yet");
}
