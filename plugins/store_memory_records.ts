/**
 * What the store in memory keeps of sources and items.
 *
 * @module
 */
import { reasonOf } from "../src/errors.ts";
import type { Extraction } from "../src/extractor.ts";
import type { BackfillStatus, Failure, LeaseHolder, Outcome, SourceState } from "../src/store.ts";
import type { Claimant } from "./store_choice.ts";

/** What the ledger has of one item. `extraction` is the last good one: an item that fails later keeps its claim to a row. */
export interface Entry<R> extends Claimant {
  fingerprint: string;
  location: string;
  version: string;
  rank: string;
  gone: boolean;
  failed: boolean;
  extraction?: Extraction<R>;
  snapshot?: string;
  failure?: Failure;
  attempts: number;
  at: number;
}

/** A source: its state, its lease and its ledger. */
export interface SourceRecord<R> {
  readonly source: string;
  status: BackfillStatus;
  lastWatermark: string | null;
  lastSuccessAt: number | null;
  holder: LeaseHolder | null;
  fence: number;
  readonly ledger: Map<string, Entry<R>>;
}

/** A source that was never claimed. */
export function newSource<R>(source: string): SourceRecord<R> {
  const nothing = { lastWatermark: null, lastSuccessAt: null, holder: null, fence: 0 };
  return { source, status: "pending", ...nothing, ledger: new Map() };
}

/** An item that was never seen. */
export function newEntry<R>(source: string, watermark: string): Entry<R> {
  const nothing = { fingerprint: "", location: "", version: "", rank: "", gone: false, failed: false };
  return { source, watermark, ...nothing, attempts: 0, at: 0 };
}

/** What the store tells of a source. */
export function stateOf<R>({ source, status, lastWatermark, lastSuccessAt, holder }: SourceRecord<R>): SourceState {
  return { source, status, lastWatermark, lastSuccessAt, holder };
}

/** Takes a copy of what an outcome holds, its text well formed. A row that cannot be copied is a failure. */
export function readOutcome<R>({ extraction, failure }: Outcome<R>): { extraction?: Extraction<R>; failure?: Failure } {
  if (failure) return { failure: { ...failure, reason: failure.reason.toWellFormed() } };
  try {
    const copy = structuredClone(extraction);
    const snapshot = copy.snapshot === undefined ? {} : { snapshot: copy.snapshot.toWellFormed() };
    return { extraction: { ...copy, key: copy.key.toWellFormed(), rank: copy.rank.toWellFormed(), ...snapshot } };
  } catch (error) {
    return {
      failure: { kind: "refused", reason: `the store cannot keep the row: ${reasonOf(error)}`, transient: false },
    };
  }
}
