/**
 * Codex's metadata: one row a rollout, by the columns of Codex's own `threads` table.
 *
 * @module
 */
import type { Extractor } from "../../src/extractor.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { EMPTY_DISK, THIS_DISK } from "./disk.ts";
import { RolloutExtractor } from "./extraction.ts";
import { type ProfileName, PROFILES } from "./profiles.ts";
import { type Extract, extractOrStandIn } from "./stand_in.ts";

export type { CodexThread, RolloutItem };
export type { ProfileName };

/** The version of this extractor's rules: it changes whenever the same bytes would give another row. */
const RULES = 1;

/** The longest line that is read, in bytes, unless told otherwise. */
export const DEFAULT_MAX_LINE_BYTES = 64 << 20;

/** The same where rows are to be those of a version of Codex, which knows no limit: what V8 makes a text of. */
const COMPAT_MAX_LINE_BYTES = 500 << 20;

/** The longest line that an extractor can be told to read: the scanner counts in 32 bits with a sign. */
const MOST_LINE_BYTES = 2 ** 31 - 1;

/** What {@linkcode codexExtractor} is given. */
export interface CodexExtractorOptions {
  /** Do exactly what this version of Codex does, its losses included. Default: both dialects, and nothing lost. */
  readonly profile?: ProfileName;
  /** The model provider of rollouts that name none. Default: `openai`. */
  readonly defaultProvider?: string;
  /**
   * Longer lines are counted as malformed and passed over, in bytes, less than 2 GiB. Default: 64 MiB, with a profile of Codex
   * 500 MiB.
   */
  readonly maxLineBytes?: number;
  /**
   * Parse every line. Without it, a line that no column needs is only looked at where it begins and ends. Default: false.
   */
  readonly strict?: boolean;
  /**
   * Whether folders on this machine's disk play a part in `cwd` and `sandbox_policy`, as they do where Codex 0.169.0 runs. Default:
   * as in the profile.
   */
  readonly disk?: boolean;
  /**
   * Whether the prompts and the tokens that a fork copied of its parent are kept apart from its own, which Codex does not.
   * Default: what the profile does, which is yes without one.
   */
  readonly separateForks?: boolean;
}

/**
 * An extractor of the metadata of Codex's rollouts.
 *
 * Every byte is read and every line is split and looked at; what a column depends on is parsed. A malformed line is counted
 * and passed over.
 *
 * @param options By which rules.
 * @returns The extractor.
 * @throws {RangeError} If there is no such profile, or lines cannot be that long.
 *
 * @example
 * ```ts
 * import { codexExtractor } from "@rollout/backfill/extractor-codex";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "019c0000-0000-7000-8000-000000000001";
 * const line = JSON.stringify({
 *   timestamp: "2026-01-27T12:34:56Z",
 *   type: "event_msg",
 *   payload: { type: "user_message", message: "hello" },
 * });
 * const bytes = new TextEncoder().encode(line);
 * const name = `rollout-2026-01-27T12-34-56-${id}.jsonl`;
 * const { row } = await codexExtractor().extract(
 *   { name, watermark: name, location: name, fingerprint: "1", size: bytes.length, modifiedMs: 0, archived: false },
 *   {
 *     open: () => ({ read: (into, at) => at > 0 ? null : (into.set(bytes), bytes.length), close: () => {} }),
 *     signal: new AbortController().signal,
 *   },
 * );
 * assertEquals([row.id, row.title], [id, "hello"]);
 * ```
 */
export function codexExtractor(options: CodexExtractorOptions = {}): Extractor<RolloutItem, CodexThread> {
  const { profile: name = "default", defaultProvider = "openai", strict = false } = options;
  const longest = name === "default" ? DEFAULT_MAX_LINE_BYTES : COMPAT_MAX_LINE_BYTES;
  const { maxLineBytes = longest } = options;
  if (!Object.hasOwn(PROFILES, name)) {
    throw new RangeError(`There is no profile "${name}": there are ${Object.keys(PROFILES).join(", ")}`);
  }
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1 || maxLineBytes > MOST_LINE_BYTES) {
    throw new RangeError(`maxLineBytes must be an integer from 1 to ${MOST_LINE_BYTES}, not ${maxLineBytes}`);
  }
  const usual = PROFILES[name];
  const { disk = usual.disk === THIS_DISK, separateForks: separatesCopies = usual.separatesCopies } = options;
  const differing = [
    disk === (usual.disk === THIS_DISK) ? "" : disk ? " disk" : " no-disk",
    separatesCopies === usual.separatesCopies ? "" : separatesCopies ? " forks" : " no-forks",
  ].join("");
  const profile = differing === "" ? usual : { ...usual, disk: disk ? THIS_DISK : EMPTY_DISK, separatesCopies };
  const extractor = new RolloutExtractor({ profile, defaultProvider, strict, maxLineBytes });
  const limits = maxLineBytes === longest ? "" : ` max-line=${maxLineBytes}`;
  const one: Extract = (item, context) => extractor.extract(item, context);
  return {
    version: `codex/${RULES} ${name} provider=${defaultProvider}${limits}${differing}`,
    worker: { url: new URL("./worker.ts", import.meta.url).href, options },
    extract: (item, context) => profile.readsStandIns ? extractOrStandIn(item, context, one) : one(item, context),
  };
}
