/**
 * What every fault has in common: one clear line, the documented exit code, and a next run that makes up for it.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { differences, readContents } from "../../tools/crash/contents.ts";
import { type ChildOptions, type ChildResult, runCli } from "../child.ts";
import { TemporaryHome } from "../home.ts";

/** What a run reports, as far as these tests look at it. */
export interface Reported {
  readonly status: string;
  readonly listed: number;
  readonly scanned: number;
  readonly upserted: number;
  readonly failed: number;
  readonly skipped: number;
  readonly gone: number;
  readonly refreshed: number;
  readonly copies: number;
  readonly problems: number;
}

/** A home of some rollouts. */
export function homeOf(count: number): TemporaryHome {
  const home = new TemporaryHome();
  for (let number = 0; number < count; number++) home.rollout(number);
  return home;
}

/** Runs the command on a home. */
export function run(
  home: TemporaryHome,
  flags: readonly string[] = [],
  options: ChildOptions = {},
): Promise<ChildResult> {
  return runCli(["run", "--codex-home", home.path, "--db", home.db, "--json", ...flags], options);
}

/** Checks that a run could not be done: exit code 1, one line that says why, nothing on standard output. */
export function assertRefused({ code, stdout, stderr }: ChildResult, ...parts: readonly string[]): void {
  assertEquals([code, stdout], [1, ""], stderr);
  assertLine(stderr, ...parts);
}

/** Checks that a text is one line for a person, without a stack trace. */
export function assertLine(stderr: string, ...parts: readonly string[]): void {
  for (const part of parts) assertStringIncludes(stderr, part);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  assert(!stderr.includes("unexpected:"), stderr);
}

/** Checks what a run did. */
export function reported(result: ChildResult, code: number): Reported {
  assertEquals(result.code, code, result.stderr);
  return JSON.parse(result.stdout);
}

/** Checks that one more run makes the database what a run into a new one makes, and that another finds nothing to do. */
export async function assertRecovers(home: TemporaryHome, how: { db?: string; changed?: boolean } = {}): Promise<void> {
  const { db = home.db, changed = false } = how;
  const fresh = join(home.top, "fresh.sqlite");
  const runInto = (path: string) => runCli(["run", "--codex-home", home.path, "--db", path, "--json"]);
  const { status } = reported(await runInto(db), 0);
  assertEquals(status, "complete");
  reported(await runInto(fresh), 0);
  assertEquals(differences(readContents(db, changed), readContents(fresh, changed)), []);
  const again = reported(await runInto(db), 0);
  assertEquals([again.scanned, again.gone, again.refreshed], [0, 0, 0]);
}

/** Writes a metrics module that does something when it is clear what there is to do, before any rollout is opened. */
export function hook(home: TemporaryHome, code: string): string[] {
  const path = join(home.top, "hook.ts");
  Deno.writeTextFileSync(
    path,
    `export default { counter() {}, timer() {}, gauge(_name, _value, { kind }) { if (kind !== "due") return; ${code} } };`,
  );
  return ["--metrics", path];
}
