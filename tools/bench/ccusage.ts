/**
 * ccusage as a contestant: it adds up the tokens of every session, and stores nothing.
 *
 * @module
 */
import { installProgram } from "../oracle/install.ts";
import type { Contestant } from "./contestants.ts";
import { runProgram } from "./sample.ts";

/** The newest version whose programs npm has. */
export const CCUSAGE = "20.0.24";

/** Its program is smaller than that of Codex, and larger than any script. */
const SMALLEST_PROGRAM = 1_000_000;

/**
 * Installs ccusage from npm.
 *
 * @throws {InstallError} If npm cannot.
 */
export async function ccusageContestant(): Promise<Contestant> {
  const binary = await installProgram({
    label: `ccusage ${CCUSAGE}`,
    spec: `ccusage@${CCUSAGE}`,
    folder: `ccusage-${CCUSAGE}`,
    scope: "@ccusage",
    program: /^ccusage(\.exe)?$/,
    smallest: SMALLEST_PROGRAM,
  });
  return {
    measures: [`ccusage ${CCUSAGE}`],
    async run({ home }, watched) {
      const args = ["codex", "session", "--json", "--offline"];
      const { stdout, ...cost } = await runProgram(binary, args, watched, { CODEX_HOME: home, HOME: home });
      const { sessions }: { sessions: readonly unknown[] } = JSON.parse(stdout);
      return [{ ...cost, rows: sessions.length }];
    },
  };
}
