/**
 * What a run did.
 *
 * @module
 */
import { compareCodePoints } from "./order.ts";
import type { Batch, Outcome } from "./store.ts";

/** What a run did, as {@linkcode backfill} returns it. */
export interface BackfillReport {
  /** The source's id. */
  readonly source: string;
  /** `complete` if the run came to its end, `interrupted` if it was cancelled; everything reported is committed either way. */
  readonly status: "complete" | "interrupted";
  /** Items that the source listed. */
  readonly listed: number;
  /** Items whose extraction was tried. */
  readonly scanned: number;
  /** Items that were listed and not due: unchanged, or below the watermark that a first pass resumed from. */
  readonly skipped: number;
  /** Items that were stored. */
  readonly upserted: number;
  /** Items that failed and are recorded as failures. */
  readonly failed: number;
  /** Items that failed in an earlier run and were skipped, since nothing changed. */
  readonly failedBefore: number;
  /** Items that the source no longer lists, newly marked as gone. */
  readonly gone: number;
  /** Items that looked different but hold the same bytes, or came back unchanged. */
  readonly refreshed: number;
  /** Items of the source that are not gone and whose row another item gives, after the run. */
  readonly copies: number;
  /** What the source found wrong: places that could not be listed, and the like. */
  readonly problems: number;
  /** Malformed lines that were passed over. */
  readonly malformed: number;
  /** Well-formed lines of kinds that the extractor does not know, by kind. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Bytes read from items that gave a row, after decompression. What was read twice counts twice. */
  readonly bytesRead: number;
  /** How long the run took, in milliseconds. */
  readonly durationMs: number;
  /** The highest watermark committed so far, by this run or an earlier one. */
  readonly lastWatermark: string | null;
}

/** What one batch did. */
export interface BatchSummary {
  /** Items whose extraction was tried. */
  readonly scanned: number;
  /** Items that were stored. */
  readonly upserted: number;
  /** Items that failed. */
  readonly failed: number;
  /** Malformed lines that were passed over. */
  readonly malformed: number;
  /** Well-formed lines of unknown kinds, by kind. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Bytes read from items that gave a row. */
  readonly bytesRead: number;
  /** The batch's highest watermark, or `null` if it had no outcomes. */
  readonly watermark: string | null;
}

/**
 * Adds up a batch.
 *
 * @param outcomes Its outcomes, in ascending order of watermark.
 * @param refused How many of the extracted ones the store could not take.
 */
export function summarize(outcomes: readonly Outcome<unknown>[], refused: number): BatchSummary {
  const extracted = outcomes.flatMap(({ extraction }) => extraction ? [extraction] : []);
  const unknown = new Map<string, number>();
  for (const extraction of extracted) addAll(unknown, Object.entries(extraction.unknown));
  const sum = (of: "malformed" | "bytesRead") => extracted.reduce((total, extraction) => total + extraction[of], 0);
  return {
    scanned: outcomes.length,
    upserted: extracted.length - refused,
    failed: outcomes.length - extracted.length + refused,
    malformed: sum("malformed"),
    unknown,
    bytesRead: sum("bytesRead"),
    watermark: outcomes.at(-1)?.watermark ?? null,
  };
}

/** Adds up a run while it goes. */
export class Tally {
  /** Items that the source listed. */
  listed = 0;
  /** Items not due. */
  skipped = 0;
  /** Items not due that failed before. */
  failedBefore = 0;
  /** Items whose row another gives. */
  copies = 0;
  /** Places not listed. */
  problems = 0;
  /** The state's watermark. */
  lastWatermark: string | null = null;
  #scanned = 0;
  #upserted = 0;
  #failed = 0;
  #malformed = 0;
  #bytesRead = 0;
  #gone = 0;
  #refreshed = 0;
  readonly #unknown = new Map<string, number>();

  /** Adds a batch. */
  add(batch: BatchSummary): void {
    this.#scanned += batch.scanned;
    this.#upserted += batch.upserted;
    this.#failed += batch.failed;
    this.#malformed += batch.malformed;
    this.#bytesRead += batch.bytesRead;
    addAll(this.#unknown, batch.unknown);
    const { watermark } = batch;
    if (watermark === null) return;
    if (this.lastWatermark === null || compareCodePoints(watermark, this.lastWatermark) > 0) {
      this.lastWatermark = watermark;
    }
  }

  /** Adds what changed without a byte being read. */
  changed({ gone, refreshed }: Pick<Batch<unknown>, "gone" | "refreshed">): void {
    this.#gone += gone.length;
    this.#refreshed += refreshed.length;
  }

  /** The report of the run as it stands. */
  report(source: string, status: BackfillReport["status"], durationMs: number): BackfillReport {
    return {
      source,
      status,
      listed: this.listed,
      scanned: this.#scanned,
      skipped: this.skipped,
      upserted: this.#upserted,
      failed: this.#failed,
      failedBefore: this.failedBefore,
      gone: this.#gone,
      refreshed: this.#refreshed,
      copies: this.copies,
      problems: this.problems,
      malformed: this.#malformed,
      unknown: Object.fromEntries(this.#unknown),
      bytesRead: this.#bytesRead,
      durationMs,
      lastWatermark: this.lastWatermark,
    };
  }
}

/** Kinds of unknown lines that a run tells apart; the rest is counted together. They come from items, which may name any. */
const UNKNOWN_KINDS = 200;

function addAll(to: Map<string, number>, counts: Iterable<[string, number]>): void {
  for (const [kind, count] of counts) {
    const counted = to.has(kind) || to.size < UNKNOWN_KINDS ? kind : "other";
    to.set(counted, (to.get(counted) ?? 0) + count);
  }
}
