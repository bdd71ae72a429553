/**
 * The first contract: what exists, and how to read it.
 *
 * @module
 */

/** A value, or a promise of one: a plugin may answer at once where it can. */
export type MaybePromise<T> = T | Promise<T>;

/** An `AsyncIterable` whose `next()` may also answer without a promise. Every `AsyncIterable` is one. */
export interface PromptIterable<T> {
  /** Begins to list. */
  [Symbol.asyncIterator](): PromptIterator<T>;
}

/** What a {@linkcode PromptIterable} lists by. */
export interface PromptIterator<T> {
  /** Gives the next value. */
  next(): MaybePromise<IteratorResult<T, unknown>>;
  /** Ends the listing early. */
  return?(value?: undefined): MaybePromise<IteratorResult<T, unknown>>;
}

/**
 * One thing that a source lists: a log file, an object in a bucket, a row somewhere.
 *
 * An item is cheap: listing it must not read its bytes.
 */
export interface Item {
  /**
   * The stable, unique, ordered key of the item inside its source: for files the path relative to
   * the root, with `/` between the parts and without a compression suffix.
   */
  readonly watermark: string;
  /** Changes when the item's bytes do. Compared for equality only. */
  readonly fingerprint: string;
  /** Where a person finds the item: an absolute path or a URL. */
  readonly location: string;
  /** The size in bytes as stored, used to share work evenly. */
  readonly size: number;
  /** About how many bytes there are to read, where they are stored compressed. Default: `size`. */
  readonly contentSize?: number;
}

/** Pulls an item's bytes into a buffer of the caller's. */
export interface ItemReader {
  /**
   * Fills `into` from byte `offset` of the item, like `pread`.
   *
   * A reader may return fewer bytes than fit. It may answer synchronously; callers on a hot path
   * await only what is a promise.
   *
   * @param into Where the bytes go.
   * @param offset The first byte wanted, counted from the start of the (decompressed) item.
   * @returns The number of bytes written, at least one; at the end `null`, for which 0 is taken too.
   */
  read(into: Uint8Array, offset: number): MaybePromise<number | null>;
  /** Whether a read from before the last byte read begins at the first one again, as in an archive. Default: false. */
  readonly isSequential?: boolean;
  /** Gives the underlying handle back. Called once, also after a failed read. */
  close(): MaybePromise<void>;
}

/**
 * How a worker thread gets a plugin of its own: a module whose default export, called with the options, makes the plugin
 * again.
 */
export interface WorkerModule {
  /**
   * The absolute URL of the module, as from `new URL("./worker.ts", import.meta.url).href`. It has to be a file or on JSR: where
   * this package is imported from there, Deno lets it import no other address, and the run goes on without threads.
   */
  readonly url: string;
  /** What its default export is called with: plain data. */
  readonly options?: unknown;
}

/** Something a source could not list, told to whoever drives it. */
export interface SourceProblem {
  /** Where it happened: an absolute path or a URL. */
  readonly location: string;
  /** What happened, for a person to read. */
  readonly reason: string;
  /**
   * The prefix of the watermarks that may be missing because of it. The engine does not take an item
   * under it for gone. Left out where nothing can be missing.
   */
  readonly hides?: string;
}

/** Something that a source leaves out by its own rules, told so that nobody has to wonder. */
export interface PassedOver {
  /** Where it is: an absolute path or a URL. */
  readonly location: string;
  /** By which rule, for a person to read. */
  readonly reason: string;
}

/** What {@linkcode Source.items} is given. */
export interface ListOptions {
  /** Aborted when the run is cancelled; a source then stops listing. */
  readonly signal: AbortSignal;
  /** Takes what could not be listed. Listing goes on. */
  readonly onProblem: (problem: SourceProblem) => void;
  /** Takes what was left out though it looks like an item, or like a place where items are. Default: it is told nobody. */
  readonly onPassedOver?: (passedOver: PassedOver) => void;
}

/**
 * Lists what exists now and opens it for reading.
 *
 * The engine calls {@linkcode Source.items} once a run, to its end, before it opens anything. It opens only the
 * items that need work, each at most once at a time, and closes every reader that it opened. The order
 * in which items are listed is free: the engine sorts them by Unicode code point. In ascending order of watermark it has to keep
 * nothing of those that are unchanged. Half of a surrogate pair in a watermark or a fingerprint becomes U+FFFD, which stores can
 * keep; where items are objects of a class, the source has to see to that.
 *
 * A source never writes to what it lists.
 *
 * @typeParam I The items it lists.
 */
export interface Source<I extends Item = Item> {
  /** The key of this source's state and ledger in a store. Two sources in one store have different ids. */
  readonly id: string;
  /**
   * Yields every item that exists now.
   *
   * @param options The cancellation signal, and where to report what cannot be listed.
   * @throws {SourceError} If nothing can be listed at all, e.g. because the root does not exist.
   */
  items(options: ListOptions): Iterable<I> | PromptIterable<I>;
  /**
   * Opens an item's bytes.
   *
   * @param item An item that this source listed.
   * @throws Any error; the item is then recorded as unreadable, to be tried again by the next run. An `ExtractionError` keeps its
   * kind, and is tried again when the item changes. The run goes on either way.
   */
  open(item: I): MaybePromise<ItemReader>;
  /**
   * Says whether an item whose fingerprint differs still stands for the same bytes, as when a file was
   * compressed in place. Without it a different fingerprint always means different bytes.
   *
   * @param before The fingerprint that the ledger has.
   * @param item The item as it is now.
   */
  sameBytes?(before: string, item: I): boolean;
  /**
   * Where a worker thread finds this source, to open items there: what its default export makes needs `open` only. Items are
   * then plain data. Without it items are read on the main thread.
   */
  readonly worker?: WorkerModule;
}
