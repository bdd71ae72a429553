/**
 * Snapshots: what is known of a rollout, as text that the ledger keeps, so that one that grew costs only what it grew by.
 *
 * A snapshot is of complete lines only. It holds hashes of the first bytes and of the last ones before its offset: where they
 * are not found again, the file was rewritten, replaced or cut, and is read from its beginning; so is one that was touched and did
 * not grow. A rewriting that leaves both as they were, and lets the file grow, is not seen.
 *
 * @module
 */
import type { ItemReader } from "../../src/source.ts";
import { newFold, type ThreadFold } from "./fold.ts";
import { HISTORY_BYTES } from "./lines/item_window.ts";
import { readFully } from "./lines/read_fully.ts";
import type { RolloutItem } from "../rollout_item.ts";
import type { LineScanner } from "./scanner/scanner.ts";
import type { RolloutState } from "./state.ts";

/** The version of the format. Another one is not read. */
const VERSION = 4;

/** How much of the beginning is guarded. */
export const HEAD_BYTES = 4096;

/** Below this, one read is enough for everything. */
const LEAST_BYTES = 256 << 10;

/** Longer ones are not kept: the ledger is read by people, too. */
const MOST_TEXT = 64 << 10;

/** Texts that are mostly the same, and are written once. */
const SAME: readonly (readonly [key: keyof ThreadFold, same: keyof ThreadFold])[] = [
  ["title", "firstUserMessage"],
  ["preview", "firstUserMessage"],
  ["givenMessage", "firstUserMessage"],
  ["givenTitle", "givenMessage"],
  ["givenPreview", "givenMessage"],
];

/** What need not be written, since a snapshot without it means the same. */
const AT_FIRST: readonly (readonly [string, unknown])[] = Object.entries(newFold());

/** A rollout to go on with. */
export interface Snapshot {
  /** What is known. */
  readonly state: RolloutState;
  /** Whether every line was parsed. */
  readonly everyLine: boolean;
  /** The hash of the first bytes. */
  readonly head: string;
  /** The hash of the last bytes. */
  readonly tail: string;
  /** How much there was to read, in bytes, decompressed. */
  readonly length: number;
  /** How large the archive was that it was read from, in bytes; `null` if it was none. */
  readonly packed: number | null;
  /** When it was changed, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Whether a snapshot of so many bytes is worth it. */
export function isWorthSnapshot(bytes: number): boolean {
  return bytes >= LEAST_BYTES;
}

/** Writes a snapshot, unless it would be too long. */
export function writeSnapshot(
  { state, everyLine, head, tail, length, packed, modifiedMs }: Snapshot,
): string | undefined {
  const { offset, fold, records, malformed, unknown, lastTimestamp } = state;
  const all: Record<string, unknown> = { ...fold }, known: Record<string, unknown> = {};
  for (const [key, value] of AT_FIRST) if (all[key] !== value) known[key] = all[key];
  // JSON is no shorter than a text in it, and making it of megabytes for nothing takes long.
  if (Object.values(known).some((value) => typeof value === "string" && value.length > MOST_TEXT)) return undefined;
  for (const [key, same] of SAME) if (key in known && fold[key] === fold[same]) known[key] = null;
  const text = JSON.stringify({
    version: VERSION,
    length,
    packed,
    modifiedMs,
    offset,
    head,
    tail,
    everyLine,
    records,
    malformed,
    unknown: Object.fromEntries(unknown),
    lastTimestamp,
    fold: known,
  });
  return text.length > MOST_TEXT ? undefined : text;
}

/** Whether a rollout may have grown since and nothing else: one that is no larger was edited, unless it was not touched at all. */
export function mayContinue(
  { length, packed, modifiedMs }: Pick<Snapshot, "length" | "packed" | "modifiedMs">,
  item: Pick<RolloutItem, "size" | "modifiedMs" | "contentSize">,
): boolean {
  // Of an archive only its own size shows, and that only beside its own.
  const before = item.contentSize === undefined ? length : packed;
  return before !== null && (item.size > before || item.size === before && item.modifiedMs === modifiedMs);
}

/** Reads a snapshot; `undefined` if it is none. */
export function readSnapshot(text: string): Snapshot | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== VERSION) return undefined;
  const { offset, head, tail, everyLine, records, malformed, unknown, lastTimestamp, length, packed, modifiedMs } =
    value;
  const fold = foldOf(value.fold);
  if (!fold || !isCount(offset) || !isCount(records) || !isCount(malformed) || !isRecord(unknown)) return undefined;
  if (typeof head !== "string" || typeof tail !== "string" || typeof everyLine !== "boolean") return undefined;
  if (typeof lastTimestamp !== "string" || !isCount(length) || typeof modifiedMs !== "number") return undefined;
  if (packed !== null && !isCount(packed)) return undefined;
  const counts = new Map<string, number>();
  for (const [kind, count] of Object.entries(unknown)) if (isCount(count)) counts.set(kind, count);
  return {
    state: { offset, fold, records, malformed, unknown: counts, lastTimestamp },
    everyLine,
    head,
    tail,
    length,
    packed,
    modifiedMs,
  };
}

function foldOf(value: unknown): ThreadFold | undefined {
  if (!isRecord(value)) return undefined;
  const fold = newFold();
  const known = { ...value };
  for (const [key, same] of SAME) if (known[key] === null) known[key] = known[same] ?? "";
  return fits(known, fold) ? { ...fold, ...known } : undefined;
}

/** Whether every field that is there is of the type that it has in a fold. */
function fits(
  known: Record<string, unknown>,
  fold: ThreadFold,
): known is Partial<ThreadFold> & Record<string, unknown> {
  return Object.entries(fold).every(([key, sample]) => {
    const value = known[key];
    if (value === undefined) return true;
    if (key === "identity") return value === null || (isRecord(value) && typeof value.id === "string");
    if (key === "tools") return value === null || (isRecord(value) && Array.isArray(value.tools));
    return sample === null ? value === null || typeof value === "string" : typeof value === typeof sample;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Looks whether a rollout still begins with what a snapshot is of, and leaves the last bytes of that in the scanner.
 *
 * @param reader The rollout.
 * @param scanner Where the bytes are left, from its base on.
 * @param snapshot The snapshot.
 * @returns Bytes read, and how many were left; `undefined` if the rollout is another one.
 */
export async function matchSnapshot(
  reader: ItemReader,
  scanner: LineScanner,
  { state: { offset }, head, tail }: Snapshot,
): Promise<{ readonly bytesRead: number; readonly history: number | undefined }> {
  const { bytes, base } = scanner;
  const room = bytes.subarray(base, base + HEAD_BYTES);
  let bytesRead = await readFully(reader, room, 0);
  if (bytesRead < HEAD_BYTES || scanner.hash(room) !== head) return { bytesRead, history: undefined };
  const last = bytes.subarray(base, base + HISTORY_BYTES);
  const size = await readFully(reader, last, offset - HISTORY_BYTES);
  bytesRead += size;
  return { bytesRead, history: size === HISTORY_BYTES && scanner.hash(last) === tail ? size : undefined };
}

/** The hash of the first bytes of a rollout, from the pieces in which they come. */
export class HeadHash {
  /** The hash, once there were so many bytes. */
  value: string | undefined;
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  /** @param known The hash, if the bytes were seen before. */
  constructor(known: string | undefined) {
    this.value = known;
  }

  /** Sees bytes, in order, with a scanner that knows their hash; those behind the first ones are passed over. */
  see(bytes: Uint8Array<ArrayBuffer>, offset: number, scanner: LineScanner): void {
    if (offset === 0 && bytes.length >= HEAD_BYTES) {
      this.value = scanner.hash(bytes.subarray(0, HEAD_BYTES));
      return;
    }
    this.#bytes ??= new Uint8Array(HEAD_BYTES);
    this.#bytes.set(bytes.subarray(0, HEAD_BYTES - offset), offset);
    if (offset + bytes.length >= HEAD_BYTES) this.value = scanner.hash(this.#bytes);
  }
}
