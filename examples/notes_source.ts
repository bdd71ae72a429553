/**
 * A source of one's own: the Markdown files of a folder, and an extractor that takes the heading of each.
 *
 *     deno run --allow-read examples/notes_source.ts FOLDER
 */
import { backfill, ExtractionError, type Extractor, type Item, memoryStore, type Source } from "@rollout/backfill";
import { walk } from "@std/fs";
import { relative, resolve, SEPARATOR } from "@std/path";

/** Lists the notes below a folder. Nothing is opened for that: size and time tell whether one changed. */
export function notesSource(folder: string): Source {
  const root = resolve(folder);
  return {
    id: root,
    async *items() {
      for await (const { path } of walk(root, { exts: [".md"], includeDirs: false })) {
        const { size, mtime } = await Deno.stat(path);
        const watermark = relative(root, path).replaceAll(SEPARATOR, "/");
        yield { watermark, fingerprint: `${size} ${mtime?.getTime()}`, location: path, size };
      }
    },
    open({ location }) {
      const file = Deno.openSync(location);
      return {
        read(into, offset) {
          file.seekSync(offset, Deno.SeekMode.Start);
          return file.readSync(into);
        },
        close: () => file.close(),
      };
    },
  };
}

/** The first heading of a note. One that has none is a failure, recorded with its reason. */
export const headingExtractor: Extractor<Item, string> = {
  version: "heading/1",
  async extract({ watermark }, { open }) {
    const bytes = new Uint8Array(4096);
    const size = await (await open()).read(bytes, 0) ?? 0;
    const heading = new TextDecoder().decode(bytes.subarray(0, size)).match(/^# (.+)$/m)?.[1];
    if (heading === undefined) throw new ExtractionError("no-heading", "there is no heading in its first 4 kB");
    return { key: watermark, row: heading, rank: "", records: 1, malformed: 0, unknown: {}, bytesRead: size };
  },
};

if (import.meta.main) {
  const store = memoryStore<string>();
  const report = await backfill({ source: notesSource(Deno.args[0] ?? "."), extractor: headingExtractor, store });
  console.log(`notes: ${report.upserted}, without a heading: ${report.failed}`);
  for (const [path, heading] of store.rows()) console.log(`${path}: ${heading}`);
}
