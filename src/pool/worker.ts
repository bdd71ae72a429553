/**
 * A worker thread: loads a source and an extractor of its own, and extracts what it is told to.
 *
 * @module
 */
import { reasonOf } from "../errors.ts";
import { extractTasks } from "../extract_tasks.ts";
import type { Extractor } from "../extractor.ts";
import { SHARE_LENGTH } from "../length.ts";
import type { Item, Source, WorkerModule } from "../source.ts";
import type { Outcome } from "../store.ts";
import { pack, transferred, unpack } from "./packed.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { WorkerHeap } from "./worker_heap.ts";

/** The side of a worker's global that messages pass through. */
interface Port {
  onmessage: ((event: MessageEvent<ToWorker<Item>>) => void) | null;
  postMessage(message: FromWorker<unknown>, transfer: Transferable[]): void;
  close(): void;
}

/** The plugins, once they are loaded. */
interface Plugins {
  readonly source: Pick<Source, "open">;
  readonly extractor: Extractor;
}

// The library of worker types cannot be named in a published package.
const port = self as unknown as Port;
const cancelled = new AbortController(), heap = new WorkerHeap();
let plugins: Promise<Plugins> | undefined;
/** Not 0 once no other item is to be begun. */
let stop = new Int32Array(new SharedArrayBuffer(4));
/** One item at a time, whatever is asked for meanwhile: a thread that reads two files at once reads neither faster. */
let last: Promise<void> = Promise.resolve();

port.onmessage = ({ data }) => {
  switch (data.type) {
    case "load":
      stop = new Int32Array(data.stop);
      plugins = load(data.source, data.extractor, data.version);
      plugins.catch(giveUp);
      return;
    case "extract":
      last = last.then(async () => {
        if (!plugins) throw new Error("it was told to extract before the plugins were loaded");
        const { source, extractor } = await plugins;
        const made = await extractTasks(source, extractor, unpack(data.tasks), {
          signal: cancelled.signal,
          length: SHARE_LENGTH,
          goesOn: () => Atomics.load(stop, 0) === 0,
        });
        const outcomes = pack<readonly Outcome<unknown>[]>(made.outcomes),
          count = made.outcomes.length,
          { length } = made;
        port.postMessage({ type: "extracted", outcomes, count, length }, transferred(outcomes));
      });
      // Once what was made is held no longer.
      last = last.then(() => heap.look());
      last.catch(giveUp);
      return;
    case "cancel":
      cancelled.abort();
      return;
  }
};

// A thread that ended without a word would be waited for.
port.close = Deno.exit = () => {
  const error = new Error("a plugin ended its thread");
  giveUp(error);
  throw error;
};

function giveUp(error: unknown): void {
  port.postMessage({ type: "broken", reason: reasonOf(error) }, []);
}

async function load(source: WorkerModule, extractor: WorkerModule, version: string): Promise<Plugins> {
  const [opener, reader] = await Promise.all([make(source), make(extractor)]);
  if (!opens(opener)) throw new TypeError(`"${source.url}" makes no source: it has no method open`);
  if (!extracts(reader)) throw new TypeError(`"${extractor.url}" makes no extractor: it has no method extract`);
  if (reader.version !== version) {
    throw new TypeError(`"${extractor.url}" makes an extractor of version "${reader.version}", not "${version}"`);
  }
  return { source: opener, extractor: reader };
}

async function make({ url, options }: WorkerModule): Promise<unknown> {
  const module: unknown = await import(url);
  if (typeof module === "object" && module !== null && "default" in module && typeof module.default === "function") {
    return module.default(options);
  }
  throw new TypeError(`"${url}" has no function as its default export`);
}

function opens(value: unknown): value is Pick<Source, "open"> {
  return typeof value === "object" && value !== null && "open" in value && typeof value.open === "function";
}

function extracts(value: unknown): value is Extractor {
  return typeof value === "object" && value !== null && "extract" in value && typeof value.extract === "function" &&
    "version" in value && typeof value.version === "string";
}
