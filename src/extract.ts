/**
 * One item through the extractor: what comes of it, whatever happens.
 *
 * @module
 */
import { GRACE_MS, untilAborted, within } from "./abandon.ts";
import { ExtractionError, reasonOf } from "./errors.ts";
import type { ExtractContext, Extraction, Extractor } from "./extractor.ts";
import { isPromise } from "./promises.ts";
import type { Item, ItemReader, MaybePromise, Source } from "./source.ts";
import type { Failure, Outcome } from "./store.ts";

/** An item to extract, and where its extraction may go on from. */
export interface ExtractTask<I extends Item> {
  /** The item. */
  readonly item: I;
  /** The snapshot that the ledger has of it. */
  readonly snapshot?: string;
}

/**
 * Extracts one item. An error becomes a recorded failure; only cancellation throws.
 *
 * @param source Opens the item.
 * @param extractor Reads it.
 * @param task The item.
 * @param signal Cancels the extraction.
 * @returns The outcome to commit.
 * @throws The signal's reason, if the extraction was cancelled.
 */
export async function extractItem<I extends Item, R>(
  source: Pick<Source<I>, "open">,
  extractor: Extractor<I, R>,
  { item, snapshot }: ExtractTask<I>,
  signal: AbortSignal,
): Promise<Outcome<R>> {
  const { watermark, fingerprint, location } = item;
  const base = { watermark, fingerprint, location, version: extractor.version };
  const bytes = new GuardedBytes(source, item, signal);
  try {
    const context: ExtractContext<I> = {
      open: (instead) => bytes.open(instead),
      signal,
      ...(snapshot === undefined ? {} : { snapshot }),
    };
    const answer = extractor.extract(item, context);
    const extraction: Extraction<R> = isPromise(answer) ? await answer : answer;
    // It may have answered by what it had until then.
    if (bytes.wereCancelled) throw signal.reason;
    const wrong = whatIsWrong(extraction);
    if (wrong !== undefined) throw new TypeError(`the extractor answered no extraction: ${wrong}`);
    return { ...base, extraction };
  } catch (error) {
    // Whatever an extractor made of the cancellation.
    if (signal.aborted) throw signal.reason;
    return { ...base, failure: bytes.failure ?? failureOf(error) };
  } finally {
    await bytes.close();
  }
}

/** What is wrong with an answer; not every author has a compiler to tell them. */
function whatIsWrong(
  answer: Partial<Record<keyof Extraction<unknown>, unknown>> | null | undefined,
): string | undefined {
  if (typeof answer !== "object" || answer === null) return "it is none";
  const { key, rank, row, records, malformed, bytesRead, unknown, snapshot } = answer;
  if (typeof key !== "string" || typeof rank !== "string") return "its key and its rank have to be text";
  if (row === undefined) return "it has no row";
  if (![records, malformed, bytesRead].every(isCount)) {
    return "its records, malformed and bytesRead have to be numbers of something";
  }
  if (snapshot !== undefined && typeof snapshot !== "string") return "its snapshot has to be text";
  if (typeof unknown !== "object" || unknown === null) return "its unknown has to be an object";
  return Object.values(unknown).every(isCount) ? undefined : "its unknown has to hold numbers of lines";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function failureOf(error: unknown): Failure {
  const kind = error instanceof ExtractionError && typeof error.kind === "string" ? error.kind : "unexpected";
  return { kind, reason: reasonOf(error), transient: false };
}

/**
 * Opens an item on demand, remembers what went wrong while reading, and closes what it opened. Cancellation ends a read that is
 * waited for.
 */
class GuardedBytes<I extends Item> {
  failure?: Failure;
  /** Whether a read that was waited for was ended by cancellation. */
  wereCancelled = false;
  readonly #source: Pick<Source<I>, "open">;
  readonly #item: I;
  readonly #signal: AbortSignal;
  readonly #open: ItemReader[] = [];
  #isOver = false;

  constructor(source: Pick<Source<I>, "open">, item: I, signal: AbortSignal) {
    this.#source = source;
    this.#item = item;
    this.#signal = signal;
  }

  open(item: I = this.#item): MaybePromise<ItemReader> {
    try {
      const reader = this.#source.open(item);
      if (!isPromise(reader)) return this.#guard(reader);
      return this.#unlessCancelled(Promise.resolve(reader).then((opened) => this.#guard(opened)));
    } catch (error) {
      throw this.#note(error);
    }
  }

  #guard(reader: ItemReader): ItemReader {
    this.#open.push(reader);
    // Nobody waits for it any more.
    if (this.#isOver) void this.close();
    const { isSequential = false } = reader;
    return { read: (into, offset) => this.#read(reader, into, offset), isSequential, close: () => {} };
  }

  #read(reader: ItemReader, into: Uint8Array, offset: number): ReturnType<ItemReader["read"]> {
    try {
      const got = reader.read(into, offset);
      return isPromise(got)
        ? this.#unlessCancelled(Promise.resolve(got).then((bytes) => checkedRead(bytes, into)))
        : checkedRead(got, into);
    } catch (error) {
      throw this.#note(error);
    }
  }

  #unlessCancelled<T>(promise: Promise<T>): Promise<T> {
    const answer = untilAborted(promise, this.#signal).catch((error): never => {
      if (this.#signal.aborted) this.wereCancelled = true;
      throw this.#signal.aborted ? this.#signal.reason : this.#note(error);
    });
    // An extractor that reads ahead waits for it only later.
    answer.catch(() => {});
    return answer;
  }

  /** What the source itself has to say of the bytes (a corrupt archive) stays; all else may pass. */
  #note(error: unknown): unknown {
    if (!(error instanceof ExtractionError)) {
      const kind = error instanceof Error && error.name === "NotFound" ? "vanished" : "unreadable";
      this.failure = { kind, reason: reasonOf(error), transient: true };
    }
    return error;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    for (const reader of this.#open.splice(0)) {
      try {
        const closed = reader.close();
        if (isPromise(closed)) await within(closed, GRACE_MS, "closing took too long");
      } catch {
        // The bytes were read; a handle that cannot be given back costs nothing but itself.
      }
    }
  }
}

/** What a read answered: a wrong number would be taken for bytes that are not there. */
function checkedRead(got: number | null, into: Uint8Array): number | null {
  if (got === null || Number.isInteger(got) && got >= 0 && got <= into.length) return got;
  throw new TypeError(`the source answered a read of ${into.length} bytes with ${got}`);
}
