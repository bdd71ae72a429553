/**
 * Looking at the files that a walk listed. Where there are very many, a second thread looks ahead: nothing else takes as long when
 * a home is listed.
 *
 * @module
 */
import { SEPARATOR } from "@std/path";
import type { ListOptions } from "../../src/source.ts";
import { type Look, look } from "./look.ts";
import { claim, lookOf, type LookTask, waitFor } from "./look_task.ts";
import { LookThread } from "./look_thread.ts";
import { withoutCompression } from "../compression.ts";
import type { Wait } from "./waits.ts";
import { type ListedFolder, reasonFor, withSlashes } from "./walk.ts";

/** A file that was looked at. */
export interface FoundFile extends Look {
  /** The base name. */
  readonly name: string;
}

/** A folder whose files were looked at. */
export interface FoundFolder extends ListedFolder {
  /** The files, in the order of their names. */
  readonly files: readonly FoundFile[];
}

/** How {@linkcode lookAhead} looks. */
export interface LookOptions extends Pick<ListOptions, "onProblem"> {
  /** How many threads may look; with 1 only the one that asks. Default: one a core. */
  readonly workers?: number | undefined;
  /** How many files have to be listed before another thread is started. Default: 20,000. */
  readonly worthFiles?: number;
}

/** So many files take some 50 milliseconds, and as many more may come; to start a thread takes a third of that. */
const WORTH_FILES = 20_000;

/** Files that are listed before they are needed, for the other thread. */
const AHEAD_FILES = 2_000;

/**
 * Looks at the files of folders.
 *
 * @param folders The folders, and what has to be waited for between them.
 * @param options How, and where to report files that cannot be looked at.
 * @returns The same, in the same order, with the files that could be looked at; a large folder in parts, each with both forms of a
 * rollout.
 */
export function* lookAhead<F extends ListedFolder>(
  folders: Iterable<F | Wait>,
  { onProblem, workers = navigator.hardwareConcurrency, worthFiles = WORTH_FILES }: LookOptions,
): Generator<(F & FoundFolder) | Wait> {
  using thread = new LookThread();
  const waiting: Asked<F>[] = [];
  let listed = 0, ahead = 0;
  for (const folder of inParts(folders)) {
    if (folder instanceof Promise) {
      yield folder;
      continue;
    }
    const before = listed, { location, names } = folder;
    listed += names.length;
    if (workers > 1 && before < worthFiles && listed >= worthFiles) thread.start();
    waiting.push({ folder, tasks: thread.ask(location, names) });
    ahead += names.length;
    const limit = thread.isRunning ? AHEAD_FILES : 0;
    for (let next; ahead > limit && (next = waiting.shift());) {
      ahead -= next.folder.names.length;
      yield { ...next.folder, files: filesOf(next, onProblem) };
    }
  }
  for (const next of waiting) yield { ...next.folder, files: filesOf(next, onProblem) };
}

/** A folder is given in parts of about so many files: hundreds of thousands may lie in one, as Codex archives them. */
const PART_FILES = 2_000;

function* inParts<F extends ListedFolder>(folders: Iterable<F | Wait>): Generator<F | Wait> {
  for (const folder of folders) {
    if (folder instanceof Promise || folder.names.length <= PART_FILES) {
      yield folder;
      continue;
    }
    const { names } = folder;
    let from = 0, stem = "";
    for (const [at, name] of names.entries()) {
      // Both forms of a rollout stay together: whatever lies between them begins like the first.
      if (at > 0 && name.startsWith(stem)) continue;
      stem = name;
      if (at - from < PART_FILES) continue;
      yield { ...folder, names: names.slice(from, at) };
      from = at;
    }
    yield from === 0 ? folder : { ...folder, names: names.slice(from) };
  }
}

/** A folder, and what another thread was asked to look at; nothing if there is none. */
interface Asked<F extends ListedFolder> {
  readonly folder: F;
  readonly tasks: readonly LookTask[];
}

function filesOf({ folder, tasks }: Asked<ListedFolder>, onProblem: ListOptions["onProblem"]): FoundFile[] {
  if (tasks.length === 0) return lookAt(folder, folder.names, onProblem);
  return tasks.flatMap((task) => {
    if (claim(task) || !waitFor(task)) return lookAt(folder, task.names, onProblem);
    // What the other thread could not look at is looked at again, for the error.
    return task.names.flatMap((name, at) => {
      const seen = lookOf(task, at);
      return seen ? { name, ...seen } : lookAt(folder, [name], onProblem);
    });
  });
}

function lookAt(folder: ListedFolder, names: readonly string[], onProblem: ListOptions["onProblem"]): FoundFile[] {
  const files: FoundFile[] = [];
  for (const name of names) {
    const location = `${folder.location}${SEPARATOR}${name}`;
    try {
      files.push({ name, ...look(location) });
    } catch (error) {
      const path = `${folder.path}/${name}`;
      onProblem({ location, reason: reasonFor(path, error), hides: withSlashes(withoutCompression(path)) });
    }
  }
  return files;
}
