/**
 * The copy of its parent that the rollout of a fork or of a sub-agent begins with: where it ends, and what of it is not the
 * thread's own.
 *
 * A copy begins where the session_meta of another thread comes at once after the thread's own, before the user said anything.
 * Its lines were written anew, all at once, so it ends before the first line that
 *
 * - has the ordinal from which a sub-agent's own history starts, where the session_meta tells it;
 * - names the thread itself, or a turn that began after the thread did: turns and threads have their time in their ids;
 * - comes long after the one before it; from versions whose turns have no ids, a pause of some milliseconds is long: before a
 *   prompt, or between it and its turn, something has to be started, while in a copy there is nothing between them.
 *
 * What is in doubt is the thread's own. A fork of the newer kind has no copy, but since Codex 0.154 its totals go on from those of
 * its parent: what was used before is then the total of its own first request without that request. Once it was reverted, its
 * newest file goes on from an older one of its own, and does not tell what in that was its parent's.
 *
 * @module
 */
import type { ThreadFold } from "./fold.ts";
import type { ReadLine } from "./read_line.ts";
import type { Message } from "./shapes/message.ts";
import type { SessionMeta } from "./shapes/session_meta.ts";
import { parseTimestamp } from "./time.ts";

/** So soon after its own session_meta that of a thread's parent comes, in milliseconds. */
const BEGIN_PAUSE_MS = 1000;

/**
 * Between two lines of a copy there is less, in milliseconds: writing thousands of them, Codex was seen to pause for six at most.
 * Where turns have ids, there is no need to be so exact.
 */
const LONG_PAUSE_MS = { withTurns: 1000, withoutTurns: 20 } as const;

/** Between a prompt and the line behind it there is more, unless both are of a copy, or the thread paused before it. */
const PROMPT_PAUSE_MS = 10;

/** What is known of a copy. Plain data, as a part of {@linkcode ThreadFold}. */
export interface CopyFold {
  /** When the thread's own session_meta was written, in milliseconds; negative once no copy can begin any more. */
  beganMs: number;
  /** Whether the lines are those of a copy. Every line is needed then, also one that no column needs, to see where it ends. */
  copying: boolean;
  /** Decimal digits: the ordinal from which the lines are the thread's own; empty if nothing tells it. */
  ownFrom: string;
  /** Whether turns have ids in it. */
  copyHasTurns: boolean;
  /** When the last line of the copy was written, in milliseconds. */
  copiedMs: number;
  /** A prompt of which it is not known yet whose it is: its text, or `null`. */
  heldText: string | null;
  /** What stands for it if it has no text. */
  heldPlaceholder: string | null;
  /** Whether no request of the thread's own was recorded yet, in a fork without a copy. */
  awaitsRequest: boolean;
  /** Whether the next total tells what the parent had used. */
  awaitsTotal: boolean;
  /** Decimal digits: the total that the parent had used. */
  givenTokens: string;
  /** The parent's title. */
  givenTitle: string;
  /** The parent's first message. */
  givenMessage: string;
  /** The parent's preview. */
  givenPreview: string;
}

/** What is known before the first line. */
export function newCopyFold(): CopyFold {
  return {
    beganMs: -1,
    copying: false,
    ownFrom: "",
    copyHasTurns: false,
    copiedMs: 0,
    heldText: null,
    heldPlaceholder: null,
    awaitsRequest: false,
    awaitsTotal: false,
    givenTokens: "0",
    givenTitle: "",
    givenMessage: "",
    givenPreview: "",
  };
}

/** Whether a copy may still begin. */
export function expectsCopy({ beganMs, firstUserMessage }: ThreadFold): boolean {
  return beganMs >= 0 && firstUserMessage === "";
}

/** Takes from the thread's own session_meta what it says of a copy. */
export function expectCopy(fold: ThreadFold, line: ReadLine, meta: SessionMeta): void {
  fold.beganMs = parseTimestamp(line.timestamp)?.ms ?? -1;
  fold.ownFrom = meta.subagent_history_start_ordinal === null ? "" : String(meta.subagent_history_start_ordinal);
  fold.awaitsRequest = fold.awaitsTotal = goesOnFromAnother(meta);
}

/** Whether a thread goes on from the history of another, which stays in that one's file. */
export function goesOnFromAnother({ id, history_base }: SessionMeta): boolean {
  return history_base !== null && history_base !== id;
}

/** Takes from a line of a fork without a copy what its parent had used. */
export function takeGiven(fold: ThreadFold, { item, thread }: ReadLine): void {
  if (item.kind === "request" && fold.awaitsRequest && thread === fold.identity?.id) {
    fold.awaitsRequest = false;
    fold.awaitsTotal = true;
  } else if (item.kind === "tokens" && fold.awaitsTotal && item.total !== null) {
    fold.awaitsTotal = false;
    const before = item.total - (item.last ?? 0n);
    // Before a request of its own a total is the parent's, repeated; but in older versions forks count anew.
    const given = fold.awaitsRequest && (goesOn(fold.cliVersion) ?? before > 0n) ? item.total : before;
    fold.givenTokens = String(given > 0n ? given : 0n);
  }
}

/** Whether totals of a fork without a copy go on from its parent's, as from 0.154 on; `undefined` if the version does not tell. */
function goesOn(version: string): boolean | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  return major === undefined ? undefined : Number(major) > 0 || Number(minor) >= 154;
}

/**
 * Sees a line before it is applied.
 *
 * @param fold What is known; changed in place.
 * @param line The line.
 * @returns A prompt that came before and has turned out to be the thread's own.
 */
export function watchCopy(fold: ThreadFold, line: ReadLine): Message | undefined {
  const { item } = line;
  const ms = parseTimestamp(line.timestamp)?.ms ?? fold.copiedMs;
  // Nothing is asked of the lines between the two, as most are not even read, but that none is a prompt.
  if (expectsCopy(fold) && item.kind === "meta" && item.meta.id !== null && item.meta.id !== fold.identity?.id) {
    const begins = ms - fold.beganMs <= BEGIN_PAUSE_MS;
    Object.assign(fold, { beganMs: -1, copying: begins, copiedMs: ms });
    if (begins) return undefined;
  }
  if (!fold.copying) return undefined;
  const held = fold.heldText;
  const begins = beginOfOwn(fold, line, ms);
  if (begins === undefined) {
    fold.copiedMs = ms;
    fold.heldText = item.kind === "message" ? item.message.text : null;
    fold.heldPlaceholder = item.kind === "message" ? item.message.placeholder : null;
    return undefined;
  }
  const placeholder = fold.heldPlaceholder === "[Image]" || fold.heldPlaceholder === "[Audio]"
    ? fold.heldPlaceholder
    : null;
  endCopy(fold);
  return begins === "held" && held !== null ? { text: held, placeholder } : undefined;
}

/** Whether the thread's own lines begin here, or with the prompt that is held; `undefined` if the copy goes on. */
function beginOfOwn(fold: ThreadFold, line: ReadLine, ms: number): "here" | "held" | undefined {
  if (fold.ownFrom !== "" && line.ordinal !== null) return line.ordinal >= BigInt(fold.ownFrom) ? "here" : undefined;
  if (line.thread !== null && line.thread === fold.identity?.id) return "here";
  const turnMs = line.turn === null ? undefined : timeOfId(line.turn);
  const startedMs = fold.identity?.createdMs ?? null;
  if (turnMs !== undefined && startedMs !== null) {
    fold.copyHasTurns = true;
    return turnMs >= startedMs ? "here" : undefined;
  }
  const pause = ms - fold.copiedMs;
  if (fold.copyHasTurns) return pause > LONG_PAUSE_MS.withTurns ? "here" : undefined;
  if (fold.heldText !== null && pause > PROMPT_PAUSE_MS) return "held";
  return pause > LONG_PAUSE_MS.withoutTurns ? "here" : undefined;
}

/** What was known so far is the parent's. */
function endCopy(fold: ThreadFold): void {
  Object.assign(fold, {
    copying: false,
    heldText: null,
    heldPlaceholder: null,
    givenTokens: fold.tokens,
    givenTitle: fold.title,
    givenMessage: fold.firstUserMessage,
    givenPreview: fold.preview,
    title: "",
    firstUserMessage: "",
    preview: "",
  });
}

/** The time in the id of a turn or of a thread, in milliseconds; `undefined` if there is none in it. */
function timeOfId(id: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id) ?? [];
  return high && low ? Number.parseInt(high + low, 16) : undefined;
}

/** What a thread has said and used itself. One that has no prompt of its own is known by its parent's. */
export function ownPart(
  fold: ThreadFold,
): { readonly title: string; readonly firstUserMessage: string; readonly preview: string; readonly tokens: bigint } {
  const total = BigInt(fold.tokens), given = fold.copying ? total : BigInt(fold.givenTokens);
  const tokens = total >= given ? total - given : total;
  const { title, firstUserMessage, preview } = fold;
  if (title !== "" || firstUserMessage !== "") return { title, firstUserMessage, preview, tokens };
  return {
    title: fold.givenTitle,
    firstUserMessage: fold.givenMessage,
    preview: preview || fold.givenPreview,
    tokens,
  };
}
