/**
 * Questions to the real Codex that are kept with its answers: what does it make of a line with this value in this place?
 *
 * @module
 */
import { join } from "@std/path";
import { codexBackfill } from "./codex_backfill.ts";
import type { Codex } from "./install.ts";
import type { Row } from "./tables.ts";

/** One question for several values. */
export interface Question {
  /** What it is about. */
  readonly about: string;
  /** The line, with `@VALUE@` where a value goes and `@ID@` where the id of the thread goes. */
  readonly line: string;
  /** The values, as JSON text, since some do not survive parsing. */
  readonly values: readonly string[];
  /** The columns that the answers tell. */
  readonly columns: readonly string[];
  /** By version of Codex, for each value: the columns, or `null` if the line gave no row. */
  readonly answers: Readonly<Record<string, readonly (Answer | null)[]>>;
}

/** The columns of a row, in the order of {@linkcode Question.columns}. */
export type Answer = readonly (string | number | null)[];

/** Columns that tell where and when a question was asked rather than what the answer is. */
const CIRCUMSTANCES: ReadonlySet<string> = new Set([
  "id",
  "rollout_path",
  "updated_at",
  "updated_at_ms",
  "recency_at",
  "recency_at_ms",
]);

/** When the first rollout was modified, in seconds, and how far the next are from it, so that no time is moved. */
const MODIFIED_AT = 1_800_000_000, APART = 2;

/** The id of the thread that asks a question. */
export function askingThread(index: number): string {
  return `0190aaaa-bbbb-7ccc-8ddd-${index.toString(16).padStart(12, "0")}`;
}

/** The line of a question with a value in it. */
export function lineWith({ line }: Pick<Question, "line">, value: string, id: string): string {
  return line.replaceAll("@VALUE@", () => value).replaceAll("@ID@", id);
}

/**
 * Asks a Codex: every value is a rollout of one line.
 *
 * @param codex The Codex.
 * @param questions The questions.
 * @returns For each question and value, the row, if there is one.
 */
export async function ask(codex: Codex, questions: readonly Question[]): Promise<(Row | null)[][]> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "oracle-ask-" }));
  try {
    let index = 0;
    const asked = questions.map((question) =>
      question.values.map((value) => {
        const id = askingThread(index), folder = `sessions/${String(index).padStart(6, "0")}`;
        const path = `${folder}/rollout-2026-05-06T01-02-03-${id}.jsonl`;
        Deno.mkdirSync(join(home, folder), { recursive: true });
        Deno.writeTextFileSync(join(home, path), `${lineWith(question, value, id)}\n`);
        Deno.utimeSync(join(home, path), MODIFIED_AT + APART * index, MODIFIED_AT + APART * index);
        index++;
        return `$HOME_DIR/${path}`;
      })
    );
    const { threads } = await codexBackfill(codex, home, "openai");
    const rows = new Map((threads ?? []).map((row) => [row.rollout_path, row]));
    return asked.map((paths) => paths.map((path) => rows.get(path) ?? null));
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/**
 * Asks some versions of Codex and puts their answers into the questions.
 *
 * @param versions The versions.
 * @param questions The questions.
 * @returns The questions with the columns in which the answers of some version differ from each other, and the answers.
 */
export async function answer(versions: readonly Codex[], questions: readonly Question[]): Promise<Question[]> {
  const told = new Map<string, (Row | null)[][]>();
  for (const codex of versions) told.set(codex.version, await ask(codex, questions));
  return questions.map((question, index) => {
    const byVersion = [...told].map(([version, rows]) => [version, rows[index] ?? []] as const);
    const columns = [...new Set(byVersion.flatMap(([, rows]) => telling(rows)))].sort();
    const answers = byVersion.map(([version, rows]) =>
      [version, rows.map((row) => row && columns.map((column) => row[column] ?? null))] as const
    );
    return { ...question, columns, answers: Object.fromEntries(answers) };
  });
}

function telling(rows: readonly (Row | null)[]): string[] {
  const some = rows.filter((row) => row !== null);
  return Object.keys(some[0] ?? {}).filter((column) =>
    !CIRCUMSTANCES.has(column) && new Set(some.map((row) => row[column])).size > 1
  );
}
