/**
 * An extractor of one's own: every prompt of a session instead of a row of metadata, kept in memory.
 *
 *     deno run --allow-read examples/prompts_extractor.ts examples/codex_home
 *
 * In a checkout without JSR: `deno run -A tools/with_deps.ts run --allow-read examples/prompts_extractor.ts`.
 */
import {
  backfill,
  type Extractor,
  type ItemReader,
  memoryStore,
  type RolloutItem,
  rolloutSource,
  SourceError,
} from "@rollout/backfill";
import { TextLineStream } from "@std/streams";

/** What each session was asked, in order. */
export const promptsExtractor: Extractor<RolloutItem, string[]> = {
  version: "prompts/1",
  async extract(item, { open }) {
    const prompts: string[] = [];
    let records = 0, malformed = 0, bytesRead = 0;
    const chunks = ReadableStream.from(chunksOf(await open(), (size) => bytesRead += size));
    const lines = chunks.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      if (line.trim() === "") continue;
      try {
        prompts.push(...promptsOf(JSON.parse(line)));
        records++;
      } catch {
        malformed++;
      }
    }
    return { key: item.watermark, row: prompts, rank: "", records, malformed, unknown: {}, bytesRead };
  },
};

/** A line, as far as it matters here. One that is otherwise throws, or has no prompt. */
interface Line {
  readonly type: string;
  readonly payload: { readonly type: string; readonly message: string; readonly item: Message };
}

/** A message in parts, of which some may be images. */
interface Message {
  readonly type: string;
  readonly content: readonly { readonly type: string; readonly text: string }[];
}

/** Codex 0.99 has a prompt in one piece; later versions have it in parts. */
function promptsOf({ type, payload }: Line): string[] {
  if (type !== "event_msg") return [];
  if (payload.type === "user_message") return [String(payload.message)];
  if (payload.type !== "item_completed" || payload.item.type !== "UserMessage") return [];
  return [payload.item.content.flatMap((part) => part.type === "text" ? [String(part.text)] : []).join("\n")];
}

async function* chunksOf(reader: ItemReader, onRead: (size: number) => void): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0;;) {
    const chunk = new Uint8Array(64 * 1024);
    const size = await reader.read(chunk, offset);
    if (!size) return;
    onRead(size);
    offset += size;
    yield chunk.subarray(0, size);
  }
}

if (import.meta.main) {
  const store = memoryStore<string[]>();
  try {
    const source = rolloutSource({ codexHome: Deno.args[0] ?? "examples/codex_home" });
    const report = await backfill({ source, extractor: promptsExtractor, store });
    console.log(`${report.upserted} sessions`);
    for (const [key, prompts] of store.rows()) console.log(key, prompts);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}
