/**
 * An extractor of one's own: every prompt of a session instead of a row of metadata, kept in memory.
 *
 *     deno run --allow-read --import-map=compat/import_map.json examples/prompts_extractor.ts examples/codex_home
 */
import { backfill, type Extractor, memoryStore, type RolloutItem, rolloutSource } from "@rollout/backfill";

/** What each session was asked, in order. */
export const promptsExtractor: Extractor<RolloutItem, string[]> = {
  version: "prompts/1",
  async extract(item, { open }) {
    const bytes = new Uint8Array(item.size);
    const reader = await open();
    let size = 0;
    for (let got = await reader.read(bytes, 0); got; got = await reader.read(bytes.subarray(size), size)) size += got;
    const prompts: string[] = [];
    let records = 0, malformed = 0;
    for (const line of new TextDecoder().decode(bytes.subarray(0, size)).split("\n").filter((line) => line.trim())) {
      try {
        const { type, payload } = JSON.parse(line);
        if (type === "event_msg" && payload.type === "user_message") prompts.push(payload.message);
        records++;
      } catch {
        malformed++;
      }
    }
    return { key: item.watermark, row: prompts, rank: "", records, malformed, unknown: {}, bytesRead: size };
  },
};

if (import.meta.main) {
  const store = memoryStore<string[]>();
  const source = rolloutSource({ codexHome: Deno.args[0] ?? "examples/codex_home" });
  const report = await backfill({ source, extractor: promptsExtractor, store });
  console.log(`${report.upserted} sessions`);
  for (const [key, prompts] of store.rows()) console.log(key, prompts);
}
