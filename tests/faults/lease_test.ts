/**
 * A worker that loses its lease, because it slept for longer than the lease lasts.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { backfillCodex, LeaseHeldError, LeaseLostError, sqliteStore } from "../../mod.ts";
import { denoRun } from "../child.ts";
import { assertLine, assertRecovers, homeOf, reported } from "./harm.ts";
import { faultTest, withoutSignals } from "./machine.ts";

const SHORT_LEASE = fromFileUrl(new URL("./short_lease.ts", import.meta.url));

faultTest("a worker that slept through the end of its lease commits nothing more", withoutSignals(), async () => {
  using home = homeOf(12);
  const asleep = join(home.top, "asleep"), sink = join(home.top, "sleepy.ts");
  Deno.writeTextFileSync(
    sink,
    `let batches = 0;
     export default { timer() {}, counter(name) {
       if (name !== "rollout.backfill.bytes_read" || ++batches !== 3) return;
       Deno.writeTextFileSync(${JSON.stringify(asleep)}, "");
       Deno.kill(Deno.pid, "SIGSTOP");
     } };`,
  );
  const command = (...flags: string[]) =>
    denoRun(SHORT_LEASE, ["--codex-home", home.path, "--db", home.db, "--json", "--batch-size", "2", ...flags]);
  const first = command("--metrics", sink).spawn();
  const output = first.output();
  while (!exists(asleep)) await new Promise((resolve) => setTimeout(resolve, 10));

  const text = new TextDecoder();
  for (;;) {
    const { code, stdout, stderr } = await command().output();
    const second = { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
    if (code === 1) {
      assertLine(second.stderr, "another worker is backfilling", `process ${first.pid}`);
      continue;
    }
    assertEquals([reported(second, 0).skipped, reported(second, 0).upserted], [6, 6]);
    assertLine(second.stderr, `taking over from process ${first.pid}`);
    break;
  }
  first.kill("SIGCONT");
  const { code, stdout, stderr } = await output;
  assertEquals([code, text.decode(stdout)], [1, ""]);
  assertLine(text.decode(stderr), "the lease of", "was lost", "nothing was committed");
  await assertRecovers(home);
});

for (const losesAt of [1, 2, 3, 4]) {
  Deno.test(`a run that loses its lease after batch ${losesAt} of 4 leaves the rest to the one that took it`, async () => {
    using home = homeOf(8);
    await using other = await sqliteStore({ path: home.db });
    let batches = 0, at = 1_000_000;
    const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
    const error = await backfillCodex({
      codexHome: home.path,
      db: home.db,
      batchSize: 2,
      leaseMs: 1000,
      now: () => at,
      onEvent(event) {
        if (event.type !== "committed" || ++batches !== losesAt) return;
        at += 1000;
        other.claim({ source: home.path, owner, leaseMs: 1000, at });
      },
    }).then(() => undefined, (error: unknown) => error);
    assert(error instanceof LeaseLostError, String(error));
    const [state] = await other.states();
    assertEquals([state?.done, state?.status, state?.holder?.token], [losesAt * 2, "running", owner.token]);
    const held = await backfillCodex({ codexHome: home.path, db: home.db, now: () => at })
      .then(() => undefined, (error: unknown) => error);
    assert(held instanceof LeaseHeldError, String(held));
    await other[Symbol.asyncDispose]();
    await assertRecovers(home);
  });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
