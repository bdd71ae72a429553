/**
 * Reading one rollout: counts its lines and folds what they say.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { type IsSkippable, skippableLines } from "./classify.ts";
import { applyItem, finishThread, newFold, type ThreadFold } from "./fold.ts";
import type { LineSink } from "./lines.ts";
import { parseFileName } from "./file_name.ts";
import type { Profile } from "./profiles.ts";
import { readLine } from "./read_line.ts";
import { parseTimestamp } from "./time.ts";
import { isBlank } from "../whitespace.ts";

/** Kinds of unknown lines that are told apart; the rest is counted together. */
const UNKNOWN_KINDS = 50;

/** The longest name of an unknown kind that is kept. */
const UNKNOWN_LENGTH = 80;

/** How much of a line is looked at for its timestamp. */
const HEAD_BYTES = 64;

const classifiers = new WeakMap<Profile, IsSkippable>();

/** Takes the lines of one rollout. */
export class RolloutReader implements LineSink {
  /** Lines that were well formed. */
  records = 0;
  /** Lines that were malformed. */
  malformed = 0;
  /** Lines that were parsed, rather than looked at from outside. */
  parsed = 0;
  /** Lines of unknown kinds, by kind. */
  readonly unknown: Map<string, number> = new Map();
  readonly #name: string;
  readonly #profile: Profile;
  readonly #everyLine: boolean;
  readonly #isSkippable: IsSkippable;
  readonly #decoder: TextDecoder;
  readonly #validator: TextDecoder | undefined;
  readonly #fold: ThreadFold = newFold();
  #lastTimestamp = "";
  /** The last line that was not parsed, still in the buffer. */
  #skipped: { readonly bytes: Uint8Array<ArrayBuffer>; readonly start: number; readonly end: number } | undefined;

  /**
   * Starts reading a rollout.
   *
   * @param name The base name of the rollout.
   * @param profile By which rules.
   * @param everyLine Whether to parse every line.
   */
  constructor(name: string, profile: Profile, everyLine: boolean) {
    this.#name = name;
    this.#profile = profile;
    this.#everyLine = everyLine;
    const isSkippable = classifiers.get(profile) ?? skippableLines(profile);
    classifiers.set(profile, isSkippable);
    this.#isSkippable = isSkippable;
    this.#decoder = new TextDecoder("utf-8", { ignoreBOM: !profile.toleratesByteOrderMark });
    this.#validator = profile.wholeFileUtf8 ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }) : undefined;
  }

  /** Takes a line. */
  line(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): void {
    if (start === end) return;
    if (!this.#everyLine && this.#fold.hasMeta && this.#isSkippable(bytes, start, end)) {
      this.records++;
      this.#skipped = { bytes, start, end };
      return;
    }
    this.#skipped = undefined;
    const text = this.#decoder.decode(bytes.subarray(start, end));
    const read = readLine(text, this.#profile);
    if (!read) {
      if (!isBlank(text)) this.malformed++;
      return;
    }
    this.records++;
    this.parsed++;
    this.#lastTimestamp = read.timestamp || this.#lastTimestamp;
    if (read.item.kind === "unknown") this.#countUnknown(read.item.type);
    applyItem(this.#fold, read.item, this.#profile, this.#name);
  }

  /** Counts a line that was too long. */
  tooLong(): void {
    this.malformed++;
  }

  /** Sees every byte before the lines in it. */
  chunk(bytes: Uint8Array<ArrayBuffer>): void {
    this.#validate(() => this.#validator?.decode(bytes, { stream: true }));
  }

  /** The timestamp of a line that was not parsed; only that of the last one is of interest. */
  release(): void {
    if (!this.#skipped) return;
    const { bytes, start, end } = this.#skipped;
    this.#skipped = undefined;
    const head = this.#decoder.decode(bytes.subarray(start, Math.min(end, start + HEAD_BYTES)));
    this.#lastTimestamp = /^\{"timestamp":"([^"\\]+)"/.exec(head)?.[1] ?? this.#lastTimestamp;
  }

  /** Ends the reading. */
  end(): void {
    this.release();
    this.#validate(() => this.#validator?.decode());
  }

  /** The row that the lines give. */
  finish(item: RolloutItem, defaultProvider: string): CodexThread {
    const lastRecordMs = parseTimestamp(this.#lastTimestamp)?.ms ?? null;
    return finishThread(this.#fold, item, { profile: this.#profile, defaultProvider, lastRecordMs });
  }

  /**
   * What decides between several files of one thread: a matching name, a session_meta, a message of the user, the last record,
   * the most records.
   */
  rank(row: CodexThread, item: RolloutItem): string {
    const named = parseFileName(item.name, this.#profile)?.id === row.id;
    const last = Math.max(0, Number(row.last_record_at_ms ?? 0));
    const said = row.first_user_message !== "";
    const parts = [Number(named), Number(this.#fold.hasMeta), Number(said), padded(last), padded(this.records)];
    return parts.join(" ");
  }

  #validate(decode: () => void): void {
    try {
      decode();
    } catch {
      throw new ExtractionError("invalid-utf8", "it is not UTF-8 from end to end, which this version of Codex refuses");
    }
  }

  #countUnknown(type: string): void {
    const version = this.#fold.cliVersion ? `@${this.#fold.cliVersion}` : "";
    const kind = `${type}${version}`.slice(0, UNKNOWN_LENGTH);
    const counted = this.unknown.has(kind) || this.unknown.size < UNKNOWN_KINDS ? kind : "other";
    this.unknown.set(counted, (this.unknown.get(counted) ?? 0) + 1);
  }
}

function padded(value: number): string {
  return String(value).padStart(16, "0");
}
