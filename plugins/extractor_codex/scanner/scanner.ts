/**
 * What finds the lines of a rollout, and tells from a line's first and last bytes whether a column may need it.
 *
 * @module
 */
/** How {@linkcode LineScanner.scan} scans. */
export interface ScanOptions {
  /** The address of the first line. */
  readonly start: number;
  /** Before this address there is no line break. */
  readonly search: number;
  /** The address behind the last byte. */
  readonly end: number;
  /** How many lines may be found before it returns; at most {@linkcode ENTRY_LIMIT}. */
  readonly limit: number;
  /** Longer lines are too long, in bytes. */
  readonly longest: number;
  /** Whether every line is to be parsed. */
  readonly all: boolean;
}

/** What {@linkcode LineScanner.shorten} may leave out: texts that no column needs. */
export const CUT = {
  /** Nothing. */
  nothing: 0,
  /** The base instructions, which are most of a session_meta. */
  instructions: 1,
  /** Whatever stands under one of {@linkcode CUT_KEYS}. */
  texts: 2,
} as const;

/** The keys of texts in lines that are no message of the user. All that is asked of such a text is that it is one. */
export const CUT_KEYS: readonly string[] = [
  ...["aggregated_output", "arguments", "content", "data", "developer_instructions", "encrypted_content"],
  ...["formatted_output", "image_url", "input", "last_agent_message", "message", "output", "stderr", "stdout"],
  ...["text", "unified_diff", "user_instructions"],
];

/** The most lines that one scan finds. */
export const ENTRY_LIMIT = 1024;

/** Numbers in {@linkcode LineScanner.entries} that a line takes. */
export const ENTRY = 4;

/** A stretch of memory and what can be found in it. A place in it is called an address. */
export interface LineScanner {
  /** The memory. Another one after {@linkcode LineScanner.reserve}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The address of the first byte that may be written. */
  readonly base: number;
  /** The address behind the last byte that may be written. */
  readonly limit: number;
  /** The lines that the last scan found, each as its kind, its start, its end, and the start of {@linkcode LineScanner.lastPassed} before it. */
  readonly entries: Int32Array<ArrayBuffer>;
  /** The address behind the last line break that the last scan came to. */
  readonly next: number;
  /** How many lines the last scan passed over, since no column needs them. */
  readonly passed: number;
  /** Where the last of them starts, if no other line came after it; else 0. */
  readonly lastPassed: number;
  /** Makes room for so many bytes; what is there stays. */
  reserve(bytes: number): void;
  /** Gives up what was reserved beyond so many bytes. Says whether it did, or there was no more. */
  shrink(bytes: number): boolean;
  /** Finds the lines that matter and returns how many. An empty line is none. */
  scan(options: ScanOptions): number;
  /** The address of the first line break, or `end`. */
  find(from: number, end: number): number;
  /** The kind of a line by its first bytes. */
  kindOfHead(start: number, end: number): number;
  /** Whether a line ends like one that was written whole. */
  endsWell(start: number, end: number): boolean;
  /**
   * Makes a line shorter that is about to be parsed, and looks whether a careless parser is enough for it. A scanner need not do so.
   *
   * @param start Where the line starts.
   * @param end Where it ends.
   * @param cuts One of {@linkcode CUT}.
   * @returns The bytes to parse instead, which last until the next call; `undefined` if the line has to be parsed as it is, and
   * with care.
   */
  shorten(start: number, end: number, cuts: number): Uint8Array<ArrayBuffer> | undefined;
  /** The hash of some bytes, of four at a time, in 16 hexadecimal digits. No chance, but an adversary, can meet it. */
  hash(bytes: Uint8Array<ArrayBuffer>): string;
  /** Begins to check that bytes are UTF-8. */
  beginUtf8(): void;
  /** Goes on checking. Says whether the bytes are UTF-8 so far. */
  checkUtf8(start: number, end: number): boolean;
  /** Whether the bytes that were checked end where a character ends. */
  endUtf8(): boolean;
}
