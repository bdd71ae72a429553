/**
 * Thousands of lines, each with one value in one place, are read as the real Codex reads them. The answers were recorded from its
 * binaries by `tools/oracle/record.ts`.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Answer, askingThread, lineWith, type Question } from "../../../tools/oracle/questions.ts";
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import type { ProfileName } from "../../../plugins/extractor_codex/mod.ts";
import { extractText } from "./extract_text.ts";

const FOLDER = fromFileUrl(new URL("./answers", import.meta.url));

for (const file of [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort()) {
  const questions: Question[] = JSON.parse(Deno.readTextFileSync(join(FOLDER, file)));
  for (const question of questions) {
    Deno.test(`as Codex answers, ${file.replace(/\.json$/, "")}: ${question.about}`, async () => {
      for (const version of ["0.99.0", "0.169.0"] as const) {
        const answers = question.answers[version] ?? [];
        assertEquals(answers.length, question.values.length);
        for (const [index, value] of question.values.entries()) {
          assertEquals(
            [version, value, await ourAnswer(question, value, version)],
            [version, value, inColumnsOf(version, question, answers[index] ?? null)],
          );
        }
      }
    });
  }
}

async function ourAnswer(question: Question, value: string, profile: ProfileName): Promise<Answer | null> {
  const id = askingThread(0);
  const row = await extractText(codexExtractor({ profile }), lineWith(question, value, id), id);
  if (row === null) return null;
  const columns: Record<string, unknown> = { ...row };
  return question.columns.map((column) => spell(columns[column])).filter((_, at) => kept(profile, question, at));
}

/** An older Codex has fewer columns. */
function inColumnsOf(version: string, question: Question, answer: Answer | null): Answer | null {
  return answer && answer.filter((_, at) => kept(version, question, at));
}

function kept(version: string, question: Question, at: number): boolean {
  return version !== "0.99.0" || !NEW_COLUMNS.has(question.columns[at] ?? "");
}

const NEW_COLUMNS: ReadonlySet<string> = new Set([
  ...[
    "created_at_ms",
    "preview",
    "model",
    "reasoning_effort",
    "agent_nickname",
    "agent_role",
    "agent_path",
    "memory_mode",
  ],
  ...[
    "history_mode",
    "originator",
    "thread_source",
    "creator_user_id",
    "creator_account_id",
    "attached_thread_parent_id",
  ],
]);

function spell(value: unknown): string | number | null {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : `int:${value}`;
  throw new TypeError(`a column is a ${typeof value}`);
}
