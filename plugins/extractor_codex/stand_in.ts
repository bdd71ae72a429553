/**
 * What lies compressed beside a rollout that gives no row, as after a crash while Codex decompressed it.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { ExtractContext, Extraction } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";

/** Extracts one rollout. */
export type Extract = (
  item: RolloutItem,
  context: ExtractContext<RolloutItem>,
) => Promise<Extraction<CodexThread>>;

/**
 * Extracts a rollout, or what stands in for it if it gives no row.
 *
 * @param item The rollout.
 * @param context How to read it.
 * @param extract Extracts either.
 * @throws {ExtractionError} About the rollout itself, if neither gives a row.
 */
export async function extractOrStandIn(
  item: RolloutItem,
  context: ExtractContext<RolloutItem>,
  extract: Extract,
): Promise<Extraction<CodexThread>> {
  try {
    return await extract(item, context);
  } catch (error) {
    const { standIn } = item;
    if (!standIn || !(error instanceof ExtractionError)) throw error;
    try {
      // Without a snapshot: it would be of other bytes than the next extraction begins with.
      const { snapshot: _, ...extraction } = await extract(standIn, {
        open: () => context.open(standIn),
        signal: context.signal,
      });
      return extraction;
    } catch (other) {
      if (!(other instanceof ExtractionError)) throw other;
      throw new ExtractionError(error.kind, `${error.message}; and "${standIn.location}": ${other.message}`);
    }
  }
}
