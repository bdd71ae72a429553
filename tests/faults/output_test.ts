/**
 * Standard output and standard error that are closed, full, or read by nobody.
 */
import { assertEquals } from "@std/assert";
import { standardOutput } from "../../src/cli/output.ts";
import { denoRun, MOD } from "../child.ts";
import { TemporaryHome } from "../home.ts";
import { assertLine, reported, run } from "./harm.ts";
import { faultTest, without } from "./machine.ts";

const noShell = Deno.build.os === "windows" ? "it needs a Unix shell" : without("bash");
const noFull = noShell ?? (exists("/dev/full") ? undefined : "there is no /dev/full here");

/** A home that there is more to say of than fits into a pipe. */
function wordyHome(): TemporaryHome {
  const home = new TemporaryHome();
  home.rollout(0);
  for (let number = 0; number < 1000; number++) {
    home.write(`sessions/rollout-${"wordy-".repeat(20)}${number}.jsonl`, "");
  }
  return home;
}

/** Runs the command in a shell that does something with what it prints, and answers its exit code and what was left over. */
async function inShell(shell: string, args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const through = ["bash", "-c", `"$@" ${shell}; exit \${PIPESTATUS[0]}`, "shell"];
  const { code, stderr } = await denoRun(MOD, args, { through }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

faultTest("nobody reads what is printed: the work is done and the exit code is the usual one", noShell, async () => {
  using home = wordyHome();
  const args = ["run", "--codex-home", home.path, "--json", "--db"];
  for (const [at, shell] of ["| head -c 0", "2>&1 | head -c 0", ">&-", "2>&-", ">&- 2>&-"].entries()) {
    const db = `${home.db}-${at}`;
    assertEquals((await inShell(shell, [...args, db])).code, 3, shell);
    for (const command of [["failures", "--json"], ["failures"], ["status"]]) {
      assertEquals(await inShell(shell, [...command, "--db", db]), { code: 0, stderr: "" }, `${command} ${shell}`);
    }
    assertEquals(reported(await run(home, ["--db", db]), 0).scanned, 0);
  }
});

faultTest("a result that cannot be written is an error that says so; what was done is done", noFull, async () => {
  using home = wordyHome();
  const { code, stderr } = await inShell("> /dev/full", [
    "--codex-home",
    home.path,
    "--db",
    home.db,
    "--quiet",
    "--json",
  ]);
  assertEquals(code, 1);
  assertLine(stderr, "backfill: cannot write to standard output", "No space left");
  assertEquals(reported(await run(home), 0).scanned, 0);
});

faultTest("notes that cannot be written cost nothing", noFull, async () => {
  using home = wordyHome();
  assertEquals((await inShell("2> /dev/full", ["--codex-home", home.path, "--db", home.db])).code, 3);
  assertEquals((await inShell("2> /dev/full", ["--codex-home", `${home.path}/nowhere`, "--db", home.db])).code, 1);
  assertEquals(reported(await run(home), 0).scanned, 0);
});

Deno.test("output that does not wait for its reader is written whole all the same", () => {
  const { writeSync } = Deno.stdout, text = "é".repeat(1000);
  const written: number[] = [];
  let turn = 0;
  Deno.stdout.writeSync = (bytes) => {
    if (turn++ % 2 === 0) throw new Deno.errors.WouldBlock("no room");
    written.push(...bytes.subarray(0, 301));
    return Math.min(bytes.length, 301);
  };
  try {
    standardOutput.result(text);
  } finally {
    Deno.stdout.writeSync = writeSync;
  }
  assertEquals(new TextDecoder().decode(new Uint8Array(written)), `${text}\n`);
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isCharDevice === true;
  } catch {
    return false;
  }
}
