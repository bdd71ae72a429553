/**
 * A Codex home that a seed decides: rollouts of log-normal sizes, half of them in each dialect.
 *
 * @module
 */
import { join } from "@std/path";
import { Random } from "../oracle/random.ts";
import { normal, Prose } from "./prose.ts";
import { rolloutLines } from "./rollout_lines.ts";

/** What a corpus is like. */
export interface CorpusShape {
  /** How the table names it. */
  readonly name: string;
  /** How many rollouts. */
  readonly files: number;
  /** How large all of them are together, roughly, in bytes. */
  readonly bytes: number;
  /** Whether the rollouts hold next to nothing. */
  readonly tiny?: boolean;
}

/** A corpus on the disk. */
export interface Corpus extends CorpusShape {
  /** The Codex home. */
  readonly home: string;
  /** The path of one rollout, of middling size. */
  readonly one: string;
}

/** How far the sizes spread: at 1.2 one rollout in forty is ten times the median. */
const SIGMA = 1.2;

/** How much is written at a time, in UTF-16 units. */
const PIECE = 1 << 20;

/** How a rollout begins, and how much of it there is at least: the head, and the first call of a tool with its tokens. */
const USUAL = { instructions: 9_000, leastLines: 12 } as const;

/** A session that hardly began. */
const TINY = { instructions: 40, leastLines: 2 } as const;

/** When the first thread began. */
const EPOCH = Date.UTC(2026, 8, 1, 8);

/** Rollouts that one day has. */
const A_DAY = 40;

/**
 * Writes a corpus.
 *
 * @param home Where; the folder must not exist.
 * @param shape What it is like.
 * @param seed Decides on every byte.
 */
export function writeCorpus(home: string, shape: CorpusShape, seed: number): Corpus {
  const random = new Random(seed), prose = new Prose(random);
  const { instructions, leastLines } = shape.tiny ? TINY : USUAL;
  const weights = Array.from({ length: shape.files }, () => Math.exp(SIGMA * normal(random)));
  const unit = shape.bytes / weights.reduce((sum, weight) => sum + weight, 0);
  let bytes = 0, folder = "", one = "";
  weights.forEach((weight, at) => {
    const startedAt = EPOCH + Math.floor(at / A_DAY) * 86_400_000 + (at % A_DAY) * 60_000;
    const [day = "", time = ""] = new Date(startedAt).toISOString().split("T");
    const id = `019c0000-${String(at % 10_000).padStart(4, "0")}-7000-8000-${String(at).padStart(12, "0")}`;
    const into = join(home, "sessions", ...day.split("-"));
    if (folder !== into) Deno.mkdirSync(folder = into, { recursive: true });
    const path = join(folder, `rollout-${day}T${time.slice(0, 8).replaceAll(":", "-")}-${id}.jsonl`);
    const dialect = at % 2 === 0 ? "legacy" : "paginated";
    const lines = rolloutLines({ id, startedAt, random, prose, instructions }, dialect);
    bytes += writeRollout(path, weight * unit, leastLines, lines);
    if (at === shape.files >> 1) one = path;
  });
  return { ...shape, bytes, home, one };
}

/** Writes lines until a file has its size, and at least so many that every kind of line is there. */
function writeRollout(path: string, size: number, leastLines: number, lines: Iterable<string>): number {
  using file = Deno.openSync(path, { createNew: true, write: true });
  const encoder = new TextEncoder();
  let written = 0, piece = "", count = 0;
  const flush = (): void => {
    const bytes = encoder.encode(piece);
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
    written += bytes.length;
    piece = "";
  };
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length > PIECE) flush();
    if (++count >= leastLines && written + piece.length >= size) break;
  }
  flush();
  return written;
}

/** Writes one more line to a rollout. Returns what takes it back, so that the next one to be measured finds the same bytes. */
export function appendLine(path: string): Disposable {
  const { size, mtime } = Deno.statSync(path);
  Deno.writeTextFileSync(path, `${LATER}\n`, { append: true });
  return {
    [Symbol.dispose]: () => {
      Deno.truncateSync(path, size);
      if (mtime) Deno.utimeSync(path, mtime, mtime);
    },
  };
}

const LATER = JSON.stringify({
  timestamp: "2026-11-20T09:00:00.000Z",
  type: "event_msg",
  payload: { type: "agent_message", message: "one more" },
});
