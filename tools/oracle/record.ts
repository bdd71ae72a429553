/**
 * Asks the real Codex the questions that are kept in files again, and writes down the answers.
 *
 *     deno run -A tools/with_deps.ts run -A tools/oracle/record.ts FILE…
 *
 * @module
 */
import { guardChildren } from "./children.ts";
import { installCodex } from "./install.ts";
import { answer, type Question } from "./questions.ts";

if (import.meta.main) {
  guardChildren();
  const versions = [await installCodex("0.99.0"), await installCodex("0.169.0")];
  for (const path of Deno.args) {
    const questions: Question[] = JSON.parse(Deno.readTextFileSync(path));
    const answered = await answer(versions, questions);
    Deno.writeTextFileSync(path, `${spell(answered)}\n`);
    console.log(`${path}: ${answered.reduce((count, { values }) => count + values.length, 0)} values`);
  }
}

/** One line for each member, so that a change can be read. */
function spell(questions: readonly Question[]): string {
  const objects = questions.map((question) => {
    const members = Object.entries(question).map(([name, value]) =>
      `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`
    );
    return `  {\n${members.join(",\n")}\n  }`;
  });
  return `[\n${objects.join(",\n")}\n]`;
}
