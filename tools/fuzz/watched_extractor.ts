/**
 * The extractor of Codex's metadata, on the main thread or on worker threads, watched: a file says at any time which rollout a
 * thread is at, so that one that crashes or never ends can be named.
 *
 * @module
 */
import { join } from "@std/path";
import type { CodexThread } from "../../plugins/codex_thread.ts";
import { codexExtractor, type CodexExtractorOptions } from "../../plugins/extractor_codex/mod.ts";
import type { RolloutItem } from "../../plugins/rollout_item.ts";
import type { Extractor } from "../../src/extractor.ts";

/** How a watched extractor is made: plain data, so that it can be made again on a worker thread. */
export interface WatchedOptions {
  /** The options of the extractor. */
  readonly extractor: CodexExtractorOptions;
  /** The folder of the files that say where each thread is. */
  readonly watch: string;
}

/** The exit code of a run that ended because a rollout changed what every object inherits. */
export const POLLUTED = 86;

/** What objects, lists, functions, texts and numbers inherit from. */
const SHARED: readonly object[] = [Object, Array, Function, String, Number, Map].map(({ prototype }) => prototype);

/**
 * Makes the extractor, also on a worker thread.
 *
 * @param options How.
 */
export default function watchedExtractor(options: WatchedOptions): Extractor<RolloutItem, CodexThread> {
  const inner = codexExtractor(options.extractor);
  const position = positionFile(options.watch), pure = inherited();
  return {
    version: inner.version,
    worker: { url: import.meta.url, options },
    async extract(item, context) {
      position(item.watermark);
      try {
        return await inner.extract(item, context);
      } finally {
        if (inherited() !== pure) {
          // No error of this rollout, which would be recorded as one: whatever comes after it is worth nothing.
          console.error(`what every object inherits was changed by ${JSON.stringify(item.watermark)}`);
          Deno.exit(POLLUTED);
        }
        position("");
      }
    },
  };
}

/** A file of this thread's own that says what it is at. */
function positionFile(folder: string): (at: string) => void {
  const file = Deno.openSync(join(folder, crypto.randomUUID()), { createNew: true, write: true });
  return (at) => {
    file.truncateSync();
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(at));
  };
}

function inherited(): string {
  return SHARED.map((object) => Reflect.ownKeys(object).length).join(" ");
}
