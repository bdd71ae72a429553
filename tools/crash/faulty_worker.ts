/**
 * The plugins on a worker thread, with points at which the process dies: the threads of a run count them together.
 *
 * @module
 */
import { codexExtractor, type CodexExtractorOptions } from "../../plugins/extractor_codex/mod.ts";
import { openRollout } from "../../plugins/source_rollouts/open.ts";
import type { RolloutItem } from "../../plugins/rollout_item.ts";
import type { Extractor } from "../../src/extractor.ts";
import type { Source } from "../../src/source.ts";
import { FaultPoints, faultyExtractor, faultySource } from "./fault_points.ts";
import { killSelf } from "./faulty_run.ts";

/** How a plugin is made on a worker thread. */
export interface FaultyWorker {
  /** Which plugin. */
  readonly role: "source" | "extractor";
  /** The number of the point at which to die; 0 for never. */
  readonly dieAt: number;
  /** How many points all threads have passed. */
  readonly count: SharedArrayBuffer;
  /** The options of the extractor. */
  readonly options: CodexExtractorOptions;
}

/** Makes a plugin. */
export default function faultyWorker(
  { role, dieAt, count, options }: FaultyWorker,
): Source<RolloutItem> | Extractor<RolloutItem, unknown> {
  const points = new FaultPoints(dieAt, killSelf, count);
  if (role === "extractor") return faultyExtractor(codexExtractor(options), points);
  return faultySource({ id: "", items: () => [], open: openRollout }, points);
}
