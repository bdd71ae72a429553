/**
 * The names that users gave their threads, as the home's `session_index.jsonl` has them.
 *
 * Codex appends a line for every renaming, e.g.
 * `{"id":"01990011-0b23-7abc-9def-5eed0004d04f","thread_name":"Fix the parser","updated_at":"2026-01-27T12:34:56Z"}`.
 * The last line of a thread counts.
 *
 * @module
 */
import { reasonOf } from "../../src/errors.ts";
import type { ListOptions } from "../../src/source.ts";
import type { Wait } from "./waits.ts";

/** The name of the file. */
const INDEX = "session_index.jsonl";

/** An index of so many bytes, some fifty thousand names, is kept whole: to learn which threads there are takes a listing. */
const SMALL_BYTES = 8 << 20;

/** After so many lines, some 50 milliseconds, others have their turn. */
const LINES_AT_ONCE = 20_000;

/** The size of a read, and the longest line that is read, in bytes. */
const CHUNK_BYTES = 64 << 10;

/**
 * Reads the names of threads.
 *
 * @param home The absolute path of the home.
 * @param wanted Gives the threads whose names are kept, so that no index can take more memory than they need; called only if
 * there is a large one.
 * @param options Where to report what cannot be read, and how many bytes an index may have to be kept whole. Default: 8 MiB. Where
 * there is no index there is nothing to report.
 * @returns The names by thread.
 */
export function* readThreadNames(
  home: string,
  wanted: () => Generator<Wait, ReadonlySet<string>>,
  { onProblem, smallBytes = SMALL_BYTES }: Pick<ListOptions, "onProblem"> & { readonly smallBytes?: number },
): Generator<Wait, Map<string, string>> {
  const location = `${home}/${INDEX}`;
  const names = new Map<string, string>();
  let lines = 0, unreadable = 0;
  try {
    const { isFile, size } = Deno.lstatSync(location);
    if (!isFile) throw new TypeError("it is not a regular file");
    const ids = size > smallBytes ? yield* wanted() : undefined;
    for (const line of linesOf(location)) {
      if (++lines % LINES_AT_ONCE === 0) yield new Promise((resolve) => setTimeout(resolve));
      const entry = line === undefined ? undefined : readEntry(line);
      if (!entry) unreadable++;
      else if (!ids || ids.has(entry.id)) {
        if (entry.name) names.set(entry.id, entry.name);
        else names.delete(entry.id);
      }
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return names;
    onProblem({ location, reason: `names of threads may be missing: ${reasonOf(error)}` });
  }
  if (unreadable > 0) {
    const reason = `${unreadable} of its lines ${unreadable === 1 ? "is" : "are"} not the name of a thread`;
    onProblem({ location, reason });
  }
  return names;
}

function readEntry(line: string): { id: string; name: string } | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== "object" || entry === null || !("id" in entry && "thread_name" in entry)) return undefined;
  const { id, thread_name: name } = entry;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  return { id: id.toLowerCase(), name: name.trim().toWellFormed() };
}

/** The lines of a file that are not blank; `undefined` for one that is too long. */
function* linesOf(path: string): Generator<string | undefined> {
  using file = Deno.openSync(path, { read: true });
  const decoder = new TextDecoder(), buffer = new Uint8Array(CHUNK_BYTES);
  let held = 0, skipping = false;
  for (let size = file.readSync(buffer); size !== null; size = file.readSync(buffer.subarray(held))) {
    const filled = held + size;
    let start = 0;
    for (let end = buffer.indexOf(10, held); end >= 0 && end < filled; end = buffer.indexOf(10, start)) {
      if (!skipping) yield* text(buffer.subarray(start, end));
      skipping = false;
      start = end + 1;
    }
    buffer.copyWithin(0, start, filled);
    held = filled - start;
    if (held === buffer.length) {
      if (!skipping) yield undefined;
      skipping = true;
      held = 0;
    }
  }
  if (!skipping) yield* text(buffer.subarray(0, held));

  function* text(bytes: Uint8Array): Generator<string> {
    // Without a byte-order mark: the decoder drops it.
    const line = decoder.decode(bytes).trim();
    if (line !== "") yield line;
  }
}
