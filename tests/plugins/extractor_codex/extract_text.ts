/**
 * The row that a text gives, without a file.
 */
import type { CodexThread, RolloutItem } from "../../../mod.ts";
import type { Extraction, Extractor } from "../../../src/extractor.ts";

/** What an extractor makes of a text as the rollout of a thread. */
export async function extraction(
  extractor: Extractor<RolloutItem, CodexThread>,
  text: string | Uint8Array<ArrayBuffer>,
  id: string,
  more: Partial<RolloutItem> = {},
  context: { readonly snapshot?: string } = {},
): Promise<Extraction<CodexThread>> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const name = `rollout-2026-05-06T01-02-03-${id}.jsonl`;
  const item: RolloutItem = {
    name,
    watermark: `sessions/${name}`,
    location: `/home/sessions/${name}`,
    fingerprint: "1",
    size: bytes.length,
    modifiedMs: 1_800_000_000_000,
    archived: false,
    ...more,
  };
  return await extractor.extract(item, {
    open: () => ({
      read(into, from) {
        const part = bytes.subarray(from, from + into.length);
        into.set(part);
        return part.length === 0 ? null : part.length;
      },
      close() {},
    }),
    signal: new AbortController().signal,
    ...context,
  });
}

/** The row that an extractor makes of a text, or `null` if it gives none. */
export async function extractText(
  extractor: Extractor<RolloutItem, CodexThread>,
  text: string,
  id: string,
): Promise<CodexThread | null> {
  try {
    return (await extraction(extractor, text, id)).row;
  } catch (error) {
    if (error instanceof Error && error.name === "ExtractionError") return null;
    throw error;
  }
}
