/**
 * Reading one rollout: counts its lines and folds what they say.
 *
 * A line is parsed only if a column may depend on it. Of lines of which only the newest counts (how many tokens were used, what
 * a turn was run with), the others are not; nor is a message once the thread has its title. What that gives is what parsing
 * every line would give, except for the count of malformed lines.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import { DeferredLines, type ReadDeferred } from "./deferred.ts";
import { applyLine, awaitsTools, takesMessages, type ThreadFold } from "./fold.ts";
import { expectsCopy } from "./copy.ts";
import { KIND } from "./scanner/kind.ts";
import { LineParser } from "./line_parser.ts";
import type { LineSink, StreamedLine } from "./lines/line_sink.ts";
import type { ItemWindow } from "./lines/item_window.ts";
import type { Profile } from "./profiles.ts";
import type { LineItem, ReadLine } from "./read_line.ts";
import { CUT, ENTRY, ENTRY_LIMIT, type LineScanner } from "./scanner/scanner.ts";
import { HEAD_BYTES, HeadHash } from "./snapshot.ts";
import type { RolloutState } from "./state.ts";
import { countUnknown, unknownType } from "./unknown_lines.ts";

/** The longest line that is parsed only to be sure of its timestamp, and the longest where it takes a new beginning to go back to it. */
const CHECKED_BYTES = 8 << 20, CHECKED_LATE_BYTES = 256 << 10;

/** A timestamp is in so many bytes of a line. */
const TIMESTAMP_BYTES = 64;

/** How a {@linkcode RolloutReader} reads. */
export interface RolloutReaderOptions {
  /** By which rules. */
  readonly profile: Profile;
  /** Whether to parse every line. */
  readonly everyLine: boolean;
  /** Whether lines of which only the newest counts do not wait longer than their memory lasts. */
  readonly settlesEarly: boolean;
  /** The hash of the first bytes, if they were read before. */
  readonly head: string | undefined;
  /** Whether that is needed. */
  readonly needsHead: boolean;
}

/** Takes the lines of one rollout. */
export class RolloutReader implements LineSink {
  /** What is known so far. */
  readonly state: RolloutState;
  readonly #name: string;
  readonly #profile: Profile;
  readonly #everyLine: boolean;
  readonly #settlesEarly: boolean;
  readonly #parser: LineParser;
  readonly #tokens = new DeferredLines();
  readonly #turns = new DeferredLines();
  /** The offset of the last line, if it was not parsed; else -1. */
  #unparsed = -1;
  /** How long that line is, and what it begins with, if it streamed through. */
  #unparsedBytes = 0;
  #unparsedHead: Uint8Array<ArrayBuffer> | undefined;
  /** The last line that waited and was read. */
  #lastRead: { readonly offset: number; readonly line: ReadLine | undefined } | undefined;
  #isWrong = false;
  readonly #needsHead: boolean;
  readonly #head: HeadHash;

  /**
   * Starts reading a rollout.
   *
   * @param name The base name of the rollout.
   * @param state What is known; changed in place.
   * @param options How.
   */
  constructor(name: string, state: RolloutState, options: RolloutReaderOptions) {
    const { profile, everyLine, settlesEarly, head, needsHead } = options;
    this.#name = name;
    this.state = state;
    this.#profile = profile;
    this.#everyLine = everyLine;
    this.#settlesEarly = settlesEarly;
    this.#head = new HeadHash(head);
    this.#needsHead = needsHead && head === undefined;
    this.#parser = LineParser.of(profile);
  }

  /** Whether what the rollout says cannot be told from what was read. */
  get isNotEnough(): boolean {
    return !this.#everyLine && (this.#isWrong || this.#tokens.lost || this.#turns.lost);
  }

  /** Whether then only parsing every line can tell. */
  get needsEveryLine(): boolean {
    return this.#isWrong;
  }

  /** Whether every line is to be parsed: before it is known which tools were offered, and whose the lines are, any may matter. */
  get all(): boolean {
    return this.#everyLine || awaitsTools(this.#fold, this.#profile) || this.#fold.copying;
  }

  /** Whether no column needs images: before it is known which tools were offered, what looks like one may be of a tool. */
  get cutsImages(): boolean {
    return !awaitsTools(this.#fold, this.#profile);
  }

  /** How many lines it takes at once: one, while each decides how the next is taken. */
  get limit(): number {
    const decides = this.all || !this.#fold.hasMeta || expectsCopy(this.#fold);
    return !this.#everyLine && decides ? 1 : ENTRY_LIMIT;
  }

  /** The hash of the first bytes, if there were so many. */
  get head(): string | undefined {
    return this.#head.value;
  }

  /** Sees every byte before the lines in it. */
  see(scanner: LineScanner, start: number, end: number, offset: number): void {
    if (this.#needsHead && offset < HEAD_BYTES) this.#head.see(scanner.bytes.subarray(start, end), offset, scanner);
    if (this.#profile.wholeFileUtf8 && !scanner.checkUtf8(start, end)) throw notUtf8();
  }

  /** Takes the lines that a scan found. */
  take(scanner: LineScanner, found: number, origin: number): void {
    const { entries } = scanner;
    for (let at = 0; at < found * ENTRY; at += ENTRY) {
      const kind = entries[at] ?? 0, start = entries[at + 1] ?? 0, end = entries[at + 2] ?? 0, passed = entries[at + 3];
      if (passed) this.#skip(origin + passed);
      this.#line(kind, scanner, start, end, origin);
    }
    this.state.records += scanner.passed;
    if (scanner.lastPassed) this.#skip(origin + scanner.lastPassed);
  }

  /** Whether no column needs a line of a kind. */
  passesOver(kind: number): boolean {
    return kind === KIND.other || kind === KIND.unknown ||
      (kind === KIND.message && !takesMessages(this.#fold, this.#profile)) ||
      (kind === KIND.goal && this.#fold.preview !== "") ||
      (kind === KIND.request && !this.#fold.awaitsRequest);
  }

  /** Counts a line that streamed through. */
  passStreamed(offset: number, bytes: number, { head, isUnknown }: StreamedLine): void {
    this.#pass(offset, bytes, isUnknown ? head : undefined);
    this.#unparsedHead = head;
  }

  /** Counts a line that was too long. */
  tooLong(): void {
    this.state.malformed++;
  }

  /** Keeps what waits, for its memory is needed. */
  release(scanner: LineScanner): void {
    const { bytes } = scanner;
    if (this.#settlesEarly) {
      this.#settleTurns(scanner);
      this.#settleTokens(scanner);
    } else {
      this.#turns.release(bytes);
      this.#tokens.release(bytes);
    }
  }

  /** Reads what waits, and makes sure of the last timestamp. */
  async settle(scanner: LineScanner, window: ItemWindow): Promise<void> {
    this.#settleTurns(scanner);
    this.#settleTokens(scanner);
    if (this.#unparsed < 0) return;
    const offset = this.#unparsed;
    this.#unparsed = -1;
    if (this.#lastRead?.offset === offset) return this.#note(this.#lastRead.line);
    const length = this.#unparsedBytes, streamed = this.#unparsedHead;
    // Of a line that is long only the head is looked at, sooner where going back to it is a new beginning.
    const isHeadEnough = length > (window.isSequential ? CHECKED_LATE_BYTES : CHECKED_BYTES);
    const bytes = isHeadEnough ? undefined : await window.lineAt(offset, CHECKED_BYTES, length);
    if (bytes) return this.#note(this.#read(scanner, bytes, offset));
    const head = this.#parser.decode(streamed ?? await window.bytesAt(offset, TIMESTAMP_BYTES));
    this.state.lastTimestamp = /^\{"timestamp": ?"([^"\\]+)"/.exec(head)?.[1] ?? this.state.lastTimestamp;
  }

  /** Ends the reading. */
  end(scanner: LineScanner): void {
    if (this.#profile.wholeFileUtf8 && !scanner.endUtf8()) throw notUtf8();
  }

  get #fold(): ThreadFold {
    return this.state.fold;
  }

  #pass(offset: number, bytes: number, unknown?: Uint8Array<ArrayBuffer>): void {
    this.state.records++;
    this.#skip(offset, bytes);
    if (unknown) countUnknown(this.state, unknownType(unknown));
  }

  #skip(offset: number, bytes = 0): void {
    this.#unparsed = offset;
    this.#unparsedBytes = bytes;
    this.#unparsedHead = undefined;
  }

  #line(kind: number, scanner: LineScanner, start: number, end: number, origin: number): void {
    switch (kind) {
      case KIND.tooLong:
        return this.tooLong();
      case KIND.tokens:
        if (this.#fold.awaitsTotal) break;
        this.#tokens.add(origin + start, start, end);
        return this.#pass(origin + start, end - start);
      case KIND.turn:
        if (this.#fold.cwd === "") break;
        this.#turns.add(origin + start, start, end);
        return this.#pass(origin + start, end - start);
      case KIND.unknown:
        return this.#pass(origin + start, end - start, scanner.bytes.subarray(start, end));
      default:
        if (this.passesOver(kind)) return this.#pass(origin + start, end - start);
    }
    const line = this.#parse(scanner, scanner.bytes.subarray(start, end));
    if (!line) {
      if (line === undefined) this.state.malformed++;
      return;
    }
    this.state.records++;
    if (line.timestamp !== "") {
      this.state.lastTimestamp = line.timestamp;
      this.#unparsed = -1;
    }
    this.#apply(line, scanner);
  }

  #parse(scanner: LineScanner, bytes: Uint8Array<ArrayBuffer>): ReadLine | undefined | null {
    const isInPassing = this.#fold.hasMeta && this.#fold.copying && !this.#everyLine;
    return isInPassing
      ? this.#parser.parseInPassing(scanner, bytes)
      : this.#parser.parse(scanner, bytes, CUT.instructions);
  }

  #apply(line: ReadLine, scanner: LineScanner): void {
    const { item } = line;
    switch (item.kind) {
      case "tokens":
      case "request":
        this.#settleTokens(scanner);
        break;
      case "meta":
        // What waited comes before what a copy of another thread says, and before the first that says whose the totals are.
        if (!this.#fold.hasMeta || expectsCopy(this.#fold)) this.#settleTokens(scanner);
        this.#settleTurns(scanner);
        break;
      case "turn":
      case "settings":
        this.#settleTurns(scanner);
        break;
      case "unknown":
        countUnknown(this.state, item.type);
    }
    applyLine(this.#fold, line, this.#profile, this.#name);
  }

  /** Every total replaces the one before. */
  #settleTokens(scanner: LineScanner): void {
    this.#settle(this.#tokens, scanner, "tokens", ({ item }) => item.kind === "tokens" && item.total !== null);
  }

  /** A turn that says everything replaces all before. */
  #settleTurns(scanner: LineScanner): void {
    this.#settle(this.#turns, scanner, "turn", ({ item }) => item.kind === "turn" && isWhole(item));
  }

  #settle(
    lines: DeferredLines,
    scanner: LineScanner,
    kind: LineItem["kind"],
    isEnough: (line: ReadLine) => boolean,
  ): void {
    const read: ReadDeferred = (bytes, offset) => {
      const line = this.#read(scanner, bytes, offset);
      if (line && line.item.kind !== kind) this.#isWrong = true;
      return line;
    };
    for (const line of lines.settle(scanner.bytes, read, isEnough)) {
      applyLine(this.#fold, line, this.#profile, this.#name);
    }
  }

  /** Reads a line that was counted as well formed, and that is no message. */
  #read(scanner: LineScanner, bytes: Uint8Array<ArrayBuffer>, offset: number): ReadLine | undefined {
    const line = this.#parser.parse(scanner, bytes, CUT.texts) ?? undefined;
    if (!line) {
      this.state.records--;
      this.state.malformed++;
    }
    if (!this.#lastRead || offset >= this.#lastRead.offset) this.#lastRead = { offset, line };
    return line;
  }

  /** Notes the timestamp of the last line; if that cannot be read, it is another line's. */
  #note(line: ReadLine | undefined): void {
    if (line?.timestamp) this.state.lastTimestamp = line.timestamp;
    else this.#isWrong = true;
  }
}

/** Whether nothing that an earlier turn said is left by this one. */
function isWhole({ turn }: Extract<LineItem, { kind: "turn" }>): boolean {
  return turn.cwd !== null && turn.approval !== null && turn.model !== null &&
    (turn.policy !== null || turn.profile !== null);
}

function notUtf8(): ExtractionError {
  return new ExtractionError("invalid-utf8", "it is not UTF-8 from end to end, which this version of Codex refuses");
}
