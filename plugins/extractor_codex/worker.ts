/**
 * The extractor on a worker thread.
 *
 * @module
 */
import type { Extractor } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { codexExtractor, type CodexExtractorOptions } from "./mod.ts";

/** Makes the extractor again, by the same options. */
export default function worker(options: CodexExtractorOptions): Extractor<RolloutItem, CodexThread> {
  return codexExtractor(options);
}
