/**
 * SIGINT and SIGTERM: the batch at hand is finished, the exit code says which signal it was, and the next run goes on.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { backfillCodex, sqliteStore } from "../../mod.ts";
import { type ChildResult, denoRun, MOD } from "../child.ts";
import type { TemporaryHome } from "../home.ts";
import { assertRecovers, homeOf, reported, run } from "./harm.ts";
import { faultTest, withoutSignals } from "./machine.ts";

const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143]] as const;
const noSignals = withoutSignals();

/** Sends a signal, and gives whoever gets it the time to take it in. */
function send(signal: string, to = "Deno.pid"): string {
  return `Deno.kill(${to}, "${signal}"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);`;
}

/** A sink that does something when a number of batches are committed, and when the run is over. */
function sink(home: TemporaryHome, batches: number, onBatch: string, onFlush = ""): string[] {
  const path = join(home.top, "sink.ts");
  Deno.writeTextFileSync(
    path,
    `let batches = 0;
     export default {
       timer() {},
       counter(name) { if (name === "rollout.backfill.bytes_read" && ++batches === ${batches}) { ${onBatch} } },
       flush() { ${onFlush} },
     };`,
  );
  return ["--metrics", path];
}

/** What the ledger holds, in order. */
async function ledger(home: TemporaryHome): Promise<string[]> {
  await using store = await sqliteStore({ path: home.db, readonly: true });
  const entries = await Array.fromAsync(store.ledger(home.path));
  return entries.map(({ watermark }) => watermark).sort();
}

for (const [signal, code] of SIGNALS) {
  faultTest(`${signal} ends a run after whole batches, in order, with exit code ${code}`, noSignals, async () => {
    using home = homeOf(24);
    const result = await run(home, ["--batch-size", "4", ...sink(home, 2, send(signal))]);
    const { status, upserted, scanned } = reported(result, code);
    assertEquals([status, scanned, result.stderr], ["interrupted", upserted, ""]);
    assert(upserted >= 8 && upserted < 24 && upserted % 4 === 0, `${upserted} of 24`);
    const done = await ledger(home);
    assertEquals(done.length, upserted);
    {
      await using store = await sqliteStore({ path: home.db, readonly: true });
      const [state] = await store.states();
      assertEquals([state?.status, state?.holder, state?.lastWatermark], ["running", null, done.at(-1)]);
    }
    assertEquals(reported(await run(home), 0).upserted, 24 - upserted);
    await assertRecovers(home);
  });

  faultTest(`a second ${signal} ends a run at once that cannot end by itself`, noSignals, async () => {
    using home = homeOf(8);
    const again = `setTimeout(() => Deno.kill(Deno.pid, "${signal}"), 700); return new Promise(() => {});`;
    const flags = sink(home, 1, send(signal), again);
    // A sink gets a few seconds in the end; whoever asks twice does not wait for it, nor for the report after it.
    const { code: found, stdout } = await run(home, ["--batch-size", "4", ...flags]);
    assertEquals([found, stdout], [code, ""]);
    await assertRecovers(home);
  });

  faultTest(`${signal} at any moment costs nothing`, noSignals, async () => {
    using home = homeOf(100);
    for (let turn = 0; turn < 8; turn++) {
      const args = ["run", "--codex-home", home.path, "--db", home.db, "--json", "--batch-size", "2"];
      const child = denoRun(MOD, args).spawn();
      setTimeout(() => {
        try {
          child.kill(signal);
        } catch { /* it has ended already */ }
      }, 20 + turn * 15);
      const output = await child.output();
      // Before it listens, and after it ended, a signal does what it does to any process.
      assert([0, code].includes(output.code), new TextDecoder().decode(output.stderr));
    }
    await assertRecovers(home);
  });

  faultTest(`${signal} to the task that runs the command reaches it`, noSignals, async () => {
    using home = homeOf(24);
    const wrapper = fromFileUrl(new URL("../../tools/with_deps.ts", import.meta.url));
    const flags = sink(home, 2, send(signal, "Deno.ppid"));
    const { code: found, stdout } = await output(
      denoRun(wrapper, [
        ...["run", "-q", "-A", MOD, "--codex-home", home.path, "--db", home.db, "--json"],
        ...["--batch-size", "1", ...flags],
      ]),
    );
    assertEquals([found, JSON.parse(stdout).status], [code, "interrupted"]);
    await assertRecovers(home);
  });
}

faultTest("a run whose task is killed outright ends as by SIGTERM", noSignals, async () => {
  using home = homeOf(24);
  const begun = join(home.top, "begun"), over = join(home.top, "over");
  const write = (path: string) => `Deno.writeTextFileSync(${JSON.stringify(path)}, "");`;
  const slow = `batches--; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);`;
  const flags = sink(home, 2, `${write(begun)} ${slow}`, write(over));
  const task = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "backfill", "--codex-home", home.path, "--db", home.db, "--batch-size", "1", ...flags],
    cwd: fromFileUrl(new URL("../..", import.meta.url)),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await appears(begun);
  task.kill("SIGKILL");
  await task.status;
  await appears(over);
  assert((await ledger(home)).length < 24);
  await assertRecovers(home);
});

Deno.test("a run that is cancelled before it begins changes nothing but the state", async () => {
  using home = homeOf(3);
  const report = await backfillCodex({ codexHome: home.path, db: home.db, signal: AbortSignal.abort() });
  assertEquals([report.status, report.scanned], ["interrupted", 0]);
  assertEquals(await ledger(home), []);
  await assertRecovers(home);
});

/** Waits until a file is there. */
async function appears(path: string): Promise<void> {
  while (!await Deno.stat(path).catch(() => undefined)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function output(command: Deno.Command): Promise<ChildResult> {
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
