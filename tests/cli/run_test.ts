import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sqliteStore } from "../../mod.ts";
import { denoRun, MOD, runCli } from "../child.ts";
import { faultTest, without } from "../faults/machine.ts";
import { SAMPLE_HOME, TemporaryHome } from "../home.ts";

Deno.test("status says that a process is gone which holds a lease, and the next run takes it over", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  {
    // Who is killed lets go of its lock and gives no lease back.
    await using store = await sqliteStore({ path: home.db });
    const owner = { host: "", pid: 4_194_305, startedAt: 0, token: crypto.randomUUID() };
    await store.claim({ source: home.path, owner, leaseMs: 60_000, at: Date.now() });
    const held = await runCli(["status", "--db", home.db]);
    assertStringIncludes(held.stdout, "running, held by process 4194305");
  }
  const { stdout } = await runCli(["status", "--db", home.db]);
  assertStringIncludes(stdout, "running, but process 4194305 is gone: the next run takes over and goes on");
  const [source] = JSON.parse((await runCli(["status", "--db", home.db, "--json"])).stdout).sources;
  assertEquals(source.holder.is_gone, true);
  const { code, stderr } = await runCli(["run", "--codex-home", home.path, "--db", home.db]);
  assertEquals(code, 0);
  assertStringIncludes(stderr, "taking over from process 4194305: it is gone");
});

Deno.test("backfill indexes the sample home, and nothing at the second run", async () => {
  using home = new TemporaryHome();
  const args = ["run", "--codex-home", SAMPLE_HOME, "--db", home.db, "--json"];
  const first = await runCli(args);
  assertEquals([first.code, first.stderr], [0, ""]);
  const report = JSON.parse(first.stdout);
  assertEquals(
    [report.status, report.scanned, report.skipped, report.upserted, report.failed, report.parse_errors],
    ["complete", 3, 0, 3, 0, 0],
  );
  const watermark = "sessions/2026/11/20/rollout-2026-11-20T09-00-00-019c0000-0002-7000-8000-000000000002.jsonl";
  assertEquals(report.last_watermark, watermark);
  const second = JSON.parse((await runCli(args)).stdout);
  assertEquals(
    [second.status, second.upserted, second.skipped, second.bytes_read, second.last_watermark],
    ["complete", 0, 3, 0, watermark],
  );
});

Deno.test("backfill without a command is run, and says what it did", async () => {
  using home = new TemporaryHome();
  const { code, stdout } = await runCli(["--codex-home", SAMPLE_HOME, "--db", home.db]);
  assertEquals(code, 0);
  assertMatch(stdout, /^3 rollouts indexed, 0 unchanged or done before, 0 failed; /);
  assertStringIncludes(stdout, `database: ${home.db}`);
});

Deno.test("backfill --quiet prints nothing", async () => {
  using home = new TemporaryHome();
  home.write("sessions/rollout-empty.jsonl", "");
  const { code, stdout, stderr } = await runCli(["--codex-home", home.path, "--db", home.db, "--quiet"]);
  assertEquals([code, stdout, stderr], [3, "", ""]);
});

Deno.test("backfill exits with 3 when it recorded failures, and lists them", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  home.write("sessions/rollout-empty.jsonl", "");
  const run = await runCli(["--codex-home", home.path, "--db", home.db, "--json"]);
  assertEquals(run.code, 3);
  assertEquals([JSON.parse(run.stdout).upserted, JSON.parse(run.stdout).failed], [1, 1]);
  assertStringIncludes(run.stderr, join(home.path, "sessions/rollout-empty.jsonl"));
  const listed = await runCli(["failures", "--db", home.db, "--json"]);
  const { failures } = JSON.parse(listed.stdout);
  assertEquals(
    failures.map((failure: Record<string, unknown>) => [failure.watermark, failure.kind, failure.attempts]),
    [["sessions/rollout-empty.jsonl", "empty", 1]],
  );
  const again = await runCli(["--codex-home", home.path, "--db", home.db, "--json"]);
  assertEquals([again.code, JSON.parse(again.stdout).failed], [0, 0]);
  const retried = await runCli(["--codex-home", home.path, "--db", home.db, "--json", "--retry-failed"]);
  assertEquals([retried.code, JSON.parse(retried.stdout).failed], [3, 1]);
});

Deno.test("backfill finds a rollout that was restored far below the watermark", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  await runCli(["--codex-home", home.path, "--db", home.db]);
  home.rollout(2, "restored", "archived_sessions");
  const { stdout } = await runCli(["--codex-home", home.path, "--db", home.db, "--json"]);
  assertEquals([JSON.parse(stdout).upserted, JSON.parse(stdout).skipped], [1, 1]);
});

faultTest(
  "backfill --durable waits for the disk at every commit, and otherwise at none",
  without("strace"),
  async () => {
    const waits = async (...flags: string[]): Promise<number> => {
      using home = new TemporaryHome();
      const args = ["--codex-home", SAMPLE_HOME, "--db", home.db, "--batch-size", "1", "--quiet", ...flags];
      const log = join(home.path, "strace.log");
      const { code } = await runCli(args, {
        through: ["strace", "-f", "-o", log, "-y", "-e", "trace=fsync,fdatasync"],
      });
      assertEquals(code, 0);
      return Deno.readTextFileSync(log).split("\n").filter((line) => line.includes("-wal>")).length;
    };
    const [usual, durable] = [await waits(), await waits("--durable")];
    // Three rollouts are three batches.
    assert(durable >= usual + 3, `${durable} waits with --durable, ${usual} without`);
  },
);

Deno.test("backfill takes the home from CODEX_HOME and puts the database into the data directory", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const data = join(home.top, "data");
  const { code, stdout } = await runCli(["--json"], {
    env: { CODEX_HOME: home.path, XDG_DATA_HOME: data, LOCALAPPDATA: data },
  });
  assertEquals(code, 0);
  if (Deno.build.os === "darwin") return;
  assertEquals(JSON.parse(stdout).db, join(data, "rollout-backfill", "backfill.sqlite"));
  assertEquals(Deno.statSync(join(data, "rollout-backfill", "backfill.sqlite")).isFile, true);
});

Deno.test("backfill keeps two homes apart in one database", async () => {
  using one = new TemporaryHome();
  using two = new TemporaryHome();
  one.rollout(1);
  two.rollout(2);
  await runCli(["--codex-home", one.path, "--db", one.db]);
  await runCli(["--codex-home", two.path, "--db", one.db, "--source", "laptop"]);
  const { sources } = JSON.parse((await runCli(["status", "--db", one.db, "--json"])).stdout);
  assertEquals(
    sources.map((source: Record<string, unknown>) => [source.source, source.status, source.done]),
    [[one.path, "complete", 1], ["laptop", "complete", 1]],
  );
});

Deno.test("backfill runs with no more than reading the home and the database, and writing the database", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  Deno.writeTextFileSync(home.db, "");
  const permissions = [`--allow-read=${home.path},${home.db}`, `--allow-write=${home.db}`];
  const run = await runCli(["--codex-home", home.path, "--db", home.db, "--json"], { permissions });
  assertEquals([run.code, run.stderr, JSON.parse(run.stdout).upserted], [0, "", 1]);
  const status = await runCli(["status", "--db", home.db, "--json"], { permissions });
  assertEquals([status.code, JSON.parse(status.stdout).sources[0].status], [0, "complete"]);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `backfill stopped by ${signal} exits with ${code}, and the next run goes on`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using home = new TemporaryHome();
      for (let number = 0; number < 30; number++) home.rollout(number);
      const sink = join(home.top, "sink.ts");
      Deno.writeTextFileSync(
        sink,
        `export default { counter() {}, timer() {}, gauge(_name, _value, { kind }) {
           if (kind === "due") Deno.kill(Deno.pid, "${signal}");
         } };`,
      );
      const args = ["--codex-home", home.path, "--db", home.db, "--batch-size", "1", "--json"];
      const stopped = await runCli([...args, "--metrics", sink]);
      assertEquals(stopped.code, code, stopped.stderr);
      const { status, upserted } = JSON.parse(stopped.stdout);
      assertEquals(status, "interrupted");
      const next = JSON.parse((await runCli(args)).stdout);
      assertEquals([next.status, next.upserted], ["complete", 30 - upserted]);
    },
  });
}

Deno.test({
  name: "backfill does its work although nobody reads what it prints",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    home.rollout(1);
    const child = denoRun(MOD, ["--codex-home", home.path, "--db", home.db, "--json"]).spawn();
    await child.stdout.cancel();
    const stderr = await new Response(child.stderr).text();
    assertEquals([(await child.status).code, stderr], [0, ""]);
  },
});

Deno.test("backfill shows hostile names and reasons as plain text", async () => {
  using home = new TemporaryHome();
  home.write("sessions/rollout-\u001b[31m\u202ered\u009b.jsonl", "");
  const run = await runCli(["--codex-home", home.path, "--db", home.db]);
  const text = await runCli(["failures", "--db", home.db]);
  const json = await runCli(["failures", "--db", home.db, "--json"]);
  for (const printed of [run.stderr, text.stdout, json.stdout]) {
    // deno-lint-ignore no-control-regex -- control characters are what it is about
    assert(!/[\u001b\u009b\u202e]/.test(printed), printed);
    assertStringIncludes(printed, "\\u001b[31m\\u202ered\\u009b");
  }
  assertEquals(JSON.parse(json.stdout).failures[0].watermark, "sessions/rollout-\u001b[31m\u202ered\u009b.jsonl");
});

Deno.test("backfill says that a rollout failed before, and of a folder that it may be no home", async () => {
  using home = new TemporaryHome();
  const args = ["--codex-home", home.path, "--db", home.db];
  const empty = await runCli(args);
  assertEquals(empty.code, 0);
  assertStringIncludes(empty.stderr, `${home.path}: there is neither "sessions" nor "archived_sessions" in it`);
  home.write("sessions/rollout-1.jsonl", "");
  const first = await runCli(args);
  assertEquals(first.code, 3);
  assert(!first.stdout.includes("failed before"), first.stdout);
  const second = await runCli(args);
  assertEquals([second.code, second.stderr], [0, ""]);
  assertStringIncludes(second.stdout, "1 rollout failed before and did not change; see backfill failures\n");
  assertEquals(JSON.parse((await runCli([...args, "--json"])).stdout).failed_before, 1);
});
