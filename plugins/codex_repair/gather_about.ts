/**
 * Reading of a home what is about a thread, and the whole of it only where no name tells.
 *
 * @module
 */
import type { RolloutItem } from "../rollout_item.ts";
import { isSameFile } from "../is_there.ts";
import type { RepairPlugins } from "./contract.ts";
import { gather, type Gathered, type GatherOptions, type ReadRollout } from "./gather.ts";
import { idsIn, isNamed } from "./named_threads.ts";

/** What reads a home. */
type Reading = Pick<RepairPlugins, "source" | "extractor" | "mergesEveryFile">;

/**
 * Reads the rollouts that are named for a thread and those whose names name none; only if none of them is about it, all.
 *
 * @param id The thread.
 * @param path Another rollout that may be about it: the one that its row names.
 * @param plugins What lists and what reads them.
 * @param options How.
 * @returns What they hold, those of other threads among them.
 * @throws {SourceError} If the home cannot be listed.
 */
export async function gatherAbout(
  id: string,
  path: string | undefined,
  plugins: Reading,
  options: GatherOptions,
): Promise<Gathered> {
  const mayBeAbout = (item: RolloutItem) =>
    isNamed(item, id) || idsIn(item).length === 0 || isSameFile(item.location, path);
  const { source } = plugins;
  const some = await gather(
    withItems(plugins, async function* (options) {
      for await (const item of source.items(options)) if (mayBeAbout(item)) yield item;
    }),
    options,
  );
  return isAbout(some, id) ? some : await gather(plugins, options);
}

/** Reads more of a home of which {@linkcode gatherAbout} read a part: of one thread after the other, and each rollout once. */
export class FurtherThreads {
  readonly #plugins: Reading;
  readonly #options: GatherOptions;
  #gathered: Pick<Gathered, "read" | "failed">;
  #unread: readonly RolloutItem[] | undefined;

  /**
   * @param gathered What was read, all whose names name no thread among it.
   * @param plugins What lists and what reads rollouts.
   * @param options How.
   */
  constructor(gathered: Gathered, plugins: Reading, options: GatherOptions) {
    this.#gathered = gathered;
    this.#plugins = plugins;
    this.#options = options;
  }

  /**
   * Reads those of a thread, found as by {@linkcode gatherAbout}.
   *
   * @param id The thread.
   */
  async of(id: string): Promise<readonly ReadRollout[]> {
    await this.#read((item) => isNamed(item, id));
    if (!isAbout(this.#gathered, id)) await this.#read(() => true);
    return this.#gathered.read.filter(({ key }) => key === id);
  }

  async #read(takes: (item: RolloutItem) => boolean): Promise<void> {
    this.#unread ??= await this.#list();
    const { taken = [], left = [] } = Object.groupBy(this.#unread, (item) => takes(item) ? "taken" : "left");
    if (taken.length === 0) return;
    this.#unread = left;
    const { read, failed } = await gather(withItems(this.#plugins, () => taken), this.#options);
    this.#gathered = { read: [...this.#gathered.read, ...read], failed: [...this.#gathered.failed, ...failed] };
  }

  /** Lists what was not read. What cannot be listed was told when the others were. */
  async #list(): Promise<RolloutItem[]> {
    const { read, failed } = this.#gathered, known = new Set([...read, ...failed].map(({ item }) => item.watermark));
    const { signal = new AbortController().signal } = this.#options, items: RolloutItem[] = [];
    for await (const item of this.#plugins.source.items({ signal, onProblem: () => {} })) {
      if (!known.has(item.watermark)) items.push(item);
    }
    return items;
  }
}

/** The same plugins, with a part of the rollouts. */
function withItems({ source, extractor, mergesEveryFile }: Reading, items: Reading["source"]["items"]): Reading {
  const { id, worker } = source;
  return {
    extractor,
    mergesEveryFile,
    source: { id, items, open: (item) => source.open(item), ...(worker ? { worker } : {}) },
  };
}

function isAbout({ read, failed }: Pick<Gathered, "read" | "failed">, id: string): boolean {
  return read.some(({ key }) => key === id) || failed.some(({ item }) => isNamed(item, id));
}
