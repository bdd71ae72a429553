/**
 * How work is cut: into shares that are worth a message to a worker thread, in the order of the items.
 *
 * @module
 */
import type { ExtractTask } from "../extract.ts";
import type { Item } from "../source.ts";
import type { Density } from "./density.ts";

/** Items that one worker extracts, one after the other. */
export interface Share<T extends ExtractTask<Item>> {
  /** The items, in ascending order of watermark. */
  readonly tasks: readonly T[];
  /** About how many bytes there are to read. */
  readonly bytes: number;
}

/** The most bytes in one share of several items, if all of them come of it: it is not cut any more. */
const SHARE_BYTES = 1 << 20;

/** Bytes that are worth a message of their own, where little comes of them. */
const MESSAGE_BYTES = 8 << 20;

/** The most items in one share or one message, so that small ones are spread evenly too. */
const SHARE_ITEMS = 50;

/**
 * How much waits at a worker behind the share at hand: enough for it to go on while the main thread commits a batch and then reads
 * a share.
 */
const WAITING_ITEMS = 150, WAITING_BYTES = MESSAGE_BYTES;

/** From so many bytes on, reading takes so long that other threads would wait for the main thread meanwhile. */
const HUGE_BYTES = 64 << 20;

/** About how many bytes of an item there are to read. */
export function bytesToRead({ size, contentSize = size }: Item): number {
  return contentSize;
}

/** Whether a share is so large that the main thread leaves it to others as long as there is something else. */
export function isHuge({ bytes }: Share<ExtractTask<Item>>): boolean {
  return bytes >= HUGE_BYTES;
}

/** Whether a share is so large that it is begun before its turn. */
export function isLarge({ bytes }: Share<ExtractTask<Item>>): boolean {
  return bytes >= MESSAGE_BYTES;
}

/**
 * Whether shares are enough for one worker to be asked for at a time: the one at hand, and what waits behind it. Behind a huge one
 * nothing does, as the next commit might have to wait for it.
 *
 * @param shares The shares.
 * @param density What to expect of them.
 */
export function isFull([atHand, ...waiting]: readonly Share<ExtractTask<Item>>[], density: Density): boolean {
  if (atHand && isHuge(atHand)) return true;
  let items = 0, bytes = 0;
  for (const share of waiting) {
    items += share.tasks.length;
    bytes += share.bytes;
  }
  return density.weigh(bytes) >= WAITING_BYTES || items >= WAITING_ITEMS;
}

/**
 * How many shares go in one message, which costs as much as a small share does.
 *
 * @param shares Shares that follow each other.
 * @param density What to expect of them.
 * @returns How many of the first ones; at least one.
 */
export function countTogether(shares: Iterable<Share<ExtractTask<Item>>>, density: Density): number {
  let count = 0, items = 0, bytes = 0;
  for (const share of shares) {
    items += share.tasks.length;
    bytes += share.bytes;
    if (items > SHARE_ITEMS || density.weigh(bytes) > MESSAGE_BYTES) break;
    count++;
  }
  return Math.max(1, count);
}

/**
 * Cuts tasks into shares. A large item is a share of its own.
 *
 * @param tasks The tasks.
 */
export function shares<T extends ExtractTask<Item>>(tasks: readonly T[]): Share<T>[] {
  const all: Share<T>[] = [];
  let share: T[] = [], bytes = 0;
  const close = (): void => {
    if (share.length > 0) all.push({ tasks: share, bytes });
    share = [];
    bytes = 0;
  };
  for (const task of tasks) {
    const size = bytesToRead(task.item);
    if (bytes + size > SHARE_BYTES || share.length >= SHARE_ITEMS) close();
    share.push(task);
    bytes += size;
  }
  close();
  return all;
}
