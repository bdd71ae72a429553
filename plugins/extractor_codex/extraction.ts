/**
 * Extracting one rollout: from its beginning, or from where the last extraction of it ended.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { ExtractContext, Extraction } from "../../src/extractor.ts";
import type { ItemReader } from "../../src/source.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { HISTORY_BYTES, ItemWindow } from "./lines/item_window.ts";
import { LineReader } from "./lines/line_reader.ts";
import type { Profile } from "./profiles.ts";
import { RolloutReader } from "./rollout_reader.ts";
import { rankOf, rowOf } from "./row.ts";
import type { LineScanner } from "./scanner/scanner.ts";
import { giveScanner, takeScanner } from "./scanner/scanners.ts";
import { isWorthSnapshot, matchSnapshot, mayContinue, readSnapshot, type Snapshot, writeSnapshot } from "./snapshot.ts";
import { newState, type RolloutState } from "./state.ts";

/** How rollouts are extracted. */
export interface ExtractionRules {
  /** By which rules. */
  readonly profile: Profile;
  /** The model provider of a rollout that names none. */
  readonly defaultProvider: string;
  /** Whether every line is parsed. */
  readonly strict: boolean;
  /** Longer lines are counted as malformed and passed over, in bytes. */
  readonly maxLineBytes: number;
}

/** Extracts rollouts, one after the other or several at a time. */
export class RolloutExtractor {
  readonly #rules: ExtractionRules;

  /** Makes an extractor by some rules. */
  constructor(rules: ExtractionRules) {
    this.#rules = rules;
  }

  /** Extracts a rollout. */
  async extract(
    item: RolloutItem,
    { open, signal, snapshot }: ExtractContext<RolloutItem>,
  ): Promise<Extraction<CodexThread>> {
    const { profile, strict } = this.#rules;
    const reader = await open();
    const scanner = takeScanner(profile);
    try {
      const one = new OneRollout(item, reader, scanner, signal, this.#rules);
      const known = snapshot === undefined ? undefined : readSnapshot(snapshot);
      // The counts of a snapshot are those of the lines that were parsed for it.
      const usable = known && (known.everyLine || !strict) ? snapshot : undefined;
      let pass: Pass | undefined = { everyLine: strict, settlesEarly: false };
      while (pass) pass = await one.read(usable, pass);
      return one.finish();
    } finally {
      giveScanner(profile, scanner);
    }
  }
}

/** How a rollout is gone through. */
interface Pass {
  /** Whether every line is parsed. */
  readonly everyLine: boolean;
  /** Whether lines of which only the newest counts are read before their memory is needed. */
  readonly settlesEarly: boolean;
}

/** One rollout, gone through once, or again if that was not enough. */
class OneRollout {
  readonly #item: RolloutItem;
  readonly #reader: ItemReader;
  readonly #scanner: LineScanner;
  readonly #signal: AbortSignal;
  readonly #rules: ExtractionRules;
  #bytesRead = 0;
  #state: RolloutState = newState();
  #snapshot: string | undefined;

  constructor(
    item: RolloutItem,
    reader: ItemReader,
    scanner: LineScanner,
    signal: AbortSignal,
    rules: ExtractionRules,
  ) {
    this.#item = item;
    this.#reader = reader;
    this.#scanner = scanner;
    this.#signal = signal;
    this.#rules = rules;
  }

  /** Reads the rollout. Says how it has to be read instead, if that was not enough. */
  async read(text: string | undefined, { everyLine, settlesEarly }: Pass): Promise<Pass | undefined> {
    const known = text === undefined ? undefined : await this.#resume(text);
    const state = this.#state = known?.state ?? newState();
    const { profile, maxLineBytes } = this.#rules;
    const scanner = this.#scanner, { size, contentSize, name, modifiedMs } = this.#item;
    const rollout = new RolloutReader(name, state, {
      profile,
      everyLine,
      settlesEarly,
      head: known?.head,
      needsHead: isWorthSnapshot(size),
    });
    scanner.beginUtf8();
    const window = new ItemWindow(this.#reader, scanner, state.offset, known?.history ?? 0);
    const lines = new LineReader(window, scanner, rollout, { maxLineBytes, signal: this.#signal, size });
    await lines.readLines();
    await rollout.settle(scanner, window);
    if (!rollout.isNotEnough) {
      state.offset = lines.complete;
      const head = isWorthSnapshot(state.offset) ? rollout.head : undefined;
      this.#snapshot = head === undefined ? undefined : writeSnapshot({
        state,
        everyLine: everyLine && (known?.everyLine ?? true),
        head,
        length: contentSize === undefined ? size : window.offset,
        packed: contentSize === undefined ? null : size,
        modifiedMs,
        tail: scanner.hash(await window.bytesAt(state.offset - HISTORY_BYTES, HISTORY_BYTES)),
      });
      await lines.readLastLine();
      await rollout.settle(scanner, window);
      rollout.end(scanner);
    }
    this.#bytesRead += window.bytesRead;
    return rollout.isNotEnough ? { everyLine: rollout.needsEveryLine, settlesEarly: true } : undefined;
  }

  /** What the rollout holds. */
  finish(): Extraction<CodexThread> {
    const { profile, defaultProvider } = this.#rules;
    const { records, malformed, unknown } = this.#state;
    if (records === 0) throw new ExtractionError("empty", "no line of it can be read");
    const row = rowOf(this.#state, this.#item, profile, defaultProvider);
    return {
      key: row.id,
      row,
      rank: profile.ranks ? rankOf(this.#state, row, this.#item, profile) : "",
      records,
      malformed,
      unknown: Object.fromEntries(unknown),
      bytesRead: this.#bytesRead,
      ...(this.#snapshot === undefined ? {} : { snapshot: this.#snapshot }),
    };
  }

  async #resume(text: string): Promise<(Snapshot & { readonly history: number }) | undefined> {
    const snapshot = readSnapshot(text);
    if (!snapshot || !mayContinue(snapshot, this.#item)) return undefined;
    const { bytesRead, history } = await matchSnapshot(this.#reader, this.#scanner, snapshot);
    this.#bytesRead += bytesRead;
    return history === undefined ? undefined : { ...snapshot, history };
  }
}
