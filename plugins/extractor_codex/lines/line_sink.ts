/**
 * What takes the lines of one item.
 *
 * @module
 */
import type { LineScanner } from "../scanner/scanner.ts";

/** What is known of a line that streamed through. */
export interface StreamedLine {
  /** Its first bytes. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Whether it is of a type that is not known. */
  readonly isUnknown: boolean;
}

/** Takes the lines of one item. */
export interface LineSink {
  /** Whether every line is to be parsed. */
  readonly all: boolean;
  /** Whether images may be cut out of messages, and of what looks as if no column needed it. */
  readonly cutsImages: boolean;
  /** How many lines it takes at once. */
  readonly limit: number;
  /** Sees every byte once, before the lines in it. */
  see(scanner: LineScanner, start: number, end: number, offset: number): void;
  /** Takes the lines that a scan found. An address plus the origin is an offset in the item. */
  take(scanner: LineScanner, found: number, origin: number): void;
  /** Whether no column needs a line of a kind. */
  passesOver(kind: number): boolean;
  /** Is told of a line that streamed through: where it starts, and its length. */
  passStreamed(offset: number, bytes: number, line: StreamedLine): void;
  /** Is told of a line that was too long. */
  tooLong(): void;
  /** Is told that the lines so far are about to be overwritten. */
  release(scanner: LineScanner): void;
}
