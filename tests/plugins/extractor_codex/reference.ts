/**
 * The plain extractor that the real one is held against: it reads a rollout whole, splits it at line breaks, and parses every
 * line.
 */
import type { CodexThread, RolloutItem } from "../../../plugins/extractor_codex/mod.ts";
import { applyLine, newFold } from "../../../plugins/extractor_codex/fold.ts";
import { finishThread } from "../../../plugins/extractor_codex/row.ts";
import { type ProfileName, PROFILES } from "../../../plugins/extractor_codex/profiles.ts";
import { readLine } from "../../../plugins/extractor_codex/read_line.ts";
import { parseTimestamp } from "../../../plugins/extractor_codex/time.ts";
import { isBlank } from "../../../plugins/whitespace.ts";

/** What the reference says of a rollout. */
export type Expected =
  | {
    readonly row: CodexThread;
    readonly records: number;
    readonly malformed: number;
    readonly unknown: Readonly<Record<string, number>>;
  }
  | { readonly failure: string };

/** Extracts a rollout from all of its bytes. */
export function reference(
  item: RolloutItem,
  bytes: Uint8Array<ArrayBuffer>,
  name: ProfileName,
  maxLineBytes = Infinity,
): Expected {
  const profile = PROFILES[name];
  if (profile.wholeFileUtf8 && !isUtf8(bytes)) return { failure: "invalid-utf8" };
  const fold = newFold();
  const unknown: Record<string, number> = {};
  let records = 0, malformed = 0, last = "";
  for (const line of splitLines(bytes)) {
    const text = new TextDecoder("utf-8", { ignoreBOM: !profile.toleratesByteOrderMark }).decode(line);
    const read = line.length > maxLineBytes ? undefined : readLine(text, profile);
    if (!read) {
      if (line.length > maxLineBytes || !isBlank(text)) malformed++;
      continue;
    }
    records++;
    last = read.timestamp || last;
    if (read.item.kind === "unknown") {
      const kind = `${read.item.type}${fold.cliVersion && `@${fold.cliVersion}`}`.slice(0, 80);
      unknown[kind] = (unknown[kind] ?? 0) + 1;
    }
    applyLine(fold, read, profile, item.name);
  }
  if (records === 0) return { failure: "empty" };
  const lastRecordMs = parseTimestamp(last)?.ms ?? null;
  try {
    const row = finishThread(fold, item, { profile, defaultProvider: "openai", lastRecordMs });
    return { row, records, malformed, unknown };
  } catch (error) {
    return { failure: error instanceof Error && "kind" in error ? String(error.kind) : String(error) };
  }
}

function isUtf8(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function* splitLines(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length;) {
    const at = bytes.indexOf(10, start);
    const end = at < 0 ? bytes.length : at;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}
