/**
 * A source of one's own: the Markdown files of a folder, and an extractor that takes the heading of each.
 *
 *     deno run --allow-read examples/notes_source.ts FOLDER
 *
 * In a checkout without JSR: `deno run -A tools/with_deps.ts run --allow-read examples/notes_source.ts FOLDER`.
 */
import {
  backfill,
  ExtractionError,
  type Extractor,
  type Item,
  memoryStore,
  type Source,
  SourceError,
} from "@rollout/backfill";
import { walk } from "@std/fs";
import { relative, resolve, SEPARATOR } from "@std/path";

/** Lists the notes below a folder. Nothing is opened for that: size and time tell whether one changed. */
export function notesSource(folder: string): Source {
  const root = resolve(folder);
  return {
    id: root,
    async *items({ onProblem }) {
      if (!await isFolder(root)) throw new SourceError(`There is no folder "${root}"`);
      for await (const { path } of walk(root, { exts: [".md"], includeDirs: false })) {
        const watermark = relative(root, path).replaceAll(SEPARATOR, "/");
        try {
          const { size, mtime } = await Deno.stat(path);
          yield { watermark, fingerprint: `${size} ${mtime?.getTime()}`, location: path, size };
        } catch (error) {
          // A link that leads nowhere, or a note that was deleted just now: the run goes on and tells of it.
          onProblem({ location: path, reason: String(error), hides: watermark });
        }
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

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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
  try {
    const report = await backfill({
      source: notesSource(Deno.args[0] ?? "."),
      extractor: headingExtractor,
      store,
      onEvent: (event) =>
        event.type === "problem" && console.error(`${event.problem.location}: ${event.problem.reason}`),
    });
    console.log(`notes: ${report.upserted}, without a heading: ${report.failed}`);
    for (const [path, heading] of store.rows()) console.log(`${path}: ${heading}`);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}
